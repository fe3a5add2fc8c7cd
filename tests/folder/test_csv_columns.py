"""A column is known by what a practice program calls it."""

from __future__ import annotations

import pytest

from porion.folder.csv_columns import OPTIONAL, REQUIRED, column_of, columns_of, repeated


@pytest.mark.parametrize("column", [*REQUIRED, *OPTIONAL])
def test_every_column_is_known_by_its_own_name_in_any_case(column: str) -> None:
    assert column_of(column) == column
    assert column_of(column.upper().replace("_", " ")) == column


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Last Name", "family_name"),
        ("Prénom", "given_name"),
        ("D.O.B.", "birth_date"),
        ("Geburts-Datum", "birth_date"),
        ("Pat.-Nr.", "patient_id"),
        ("PatientID", "patient_id"),
        ("IssuerOfPatientID", "issuer"),
        ("ID", "id"),
        ("name", None),
        ("", None),
        ("telephone", None),
    ],
)
def test_other_names_are_understood_or_left_alone(name: str, column: str | None) -> None:
    assert column_of(name) == column


def test_two_columns_with_one_meaning_are_told() -> None:
    names = ["DOB", "Surname", "x", "Geburtsdatum"]
    assert columns_of(names) == {"birth_date": 0, "family_name": 1}
    assert repeated(names) == ("Geburtsdatum",)
