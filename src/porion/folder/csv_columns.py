"""The columns of a patients' table, by the names that practice programs give them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIRED = ("family_name", "given_name", "birth_date")
OPTIONAL = ("middle_name", "suffix", "sex", "patient_id", "issuer", "id")

# Beside the column's own name: English, German, French and Spanish exports, and the DICOM keywords.
_ALIASES = {
    "family_name": "last name, surname, family, nachname, familienname, nom, nom de famille, "
    "apellido, apellidos",
    "given_name": "first name, forename, given, given names, vorname, rufname, prénom, prenom, nombre",
    "middle_name": "middle, middle names, second name, zweiter vorname, weitere vornamen",
    "suffix": "name suffix, namenszusatz",
    "birth_date": "date of birth, dob, birthday, patient birth date, geburtsdatum, geb, geb datum, "
    "date de naissance, fecha de nacimiento",
    "sex": "gender, patient sex, geschlecht, sexe, sexo",
    "patient_id": "patient number, patient no, pat id, pat nr, pat no, pid, mrn, chart number, "
    "chart no, patientennummer, patienten nr, patienten id, numéro patient",
    "issuer": "issuer of patient id, assigning authority",
    "id": "record id, porion id",
}


def _folded(name: str) -> str:
    """The name as it is compared: no case, no spaces and no punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


_BY_NAME = {
    _folded(name): column for column, aliases in _ALIASES.items() for name in (column, *aliases.split(","))
}


def column_of(name: str) -> str | None:
    """Our name for a column, or None for one that has nothing to do with a patient's identity."""
    return _BY_NAME.get(_folded(name))


def columns_of(names: Sequence[str]) -> dict[str, int]:
    """Our names for the columns of a table, and where they stand; of two with one meaning the first."""
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        column = column_of(name)
        if column:
            found.setdefault(column, index)
    return found


def repeated(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that mean the same as an earlier one, as they are written."""
    first = columns_of(names)
    return tuple(name for index, name in enumerate(names) if (c := column_of(name)) and first[c] != index)
