"""The claimed identity: what a header says about whose image it is. A claim, never a patient."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import astuple
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from porion.dicom.elements import Elements, Header, parse_date
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.dicom.unknown_dates import UNKNOWN_DATES

if TYPE_CHECKING:
    from datetime import date


# PS3.3 section C.7.1.1 has M, F and O; the words are those of FHIR AdministrativeGender, the letters
# W, D and X those of GDT field 3110, which German practice software passes on.
SEXES = {
    "F": "F",
    "FEMALE": "F",
    "W": "F",
    "M": "M",
    "MALE": "M",
    "O": "O",
    "OTHER": "O",
    "D": "O",
    "X": "O",
}


def person_name(group: str) -> PersonName:
    """One component group ``Family^Given^Middle^Prefix^Suffix``; further components are ignored."""
    return PersonName(*(part.strip() for part in group.split("^")[:5]))


def birth_date_of(text: str | None) -> date | None:
    """The birth date, or None when it is missing, invalid or a placeholder."""
    return None if unknown_date_source(text) else parse_date(text)


def unknown_date_source(text: str | None) -> str | None:
    """Where a placeholder date comes from; None for any other text."""
    digits = (text or "").replace(".", "").replace("-", "").strip()
    if digits == "00000000":
        return "zero-filled field"
    found = parse_date(digits)
    return UNKNOWN_DATES.get(found) if found else None


def claimed_identity(header: Header) -> ClaimedIdentity:
    """The claim that a header makes."""
    return claim_of(header.data_set)


def claim_of(data_set: Elements) -> ClaimedIdentity:
    """The claim that a data set makes (PS3.3 sections C.2.2 and C.7.1.1)."""
    groups = [person_name(group) for group in (data_set.text("PatientName") or "").split("=")[:3]]
    alphabetic, ideographic, phonetic = (*groups, *[PersonName()] * 3)[:3]
    filled = [group for group in groups if group != PersonName()]
    return ClaimedIdentity(
        name=filled[0] if filled else alphabetic,
        ideographic=ideographic,
        phonetic=phonetic,
        identifiers=_identifiers(data_set),
        birth_date=birth_date_of(data_set.text("PatientBirthDate")),
        sex=SEXES.get((data_set.text("PatientSex") or "").upper(), ""),
    )


def _identifiers(data_set: Elements) -> tuple[Identifier, ...]:
    """Patient ID, then Other Patient IDs Sequence, then the retired Other Patient IDs; each once."""
    found = [_identifier(item) for item in (data_set, *data_set.items_of("OtherPatientIDsSequence"))]
    found += [Identifier(value) for value in data_set.texts("OtherPatientIDs")]
    return tuple(dict.fromkeys(identifier for identifier in found if identifier.value))


def _identifier(item: Elements) -> Identifier:
    return Identifier(item.text("PatientID") or "", item.text("IssuerOfPatientID") or "")


# A series claims the same in hundreds of slices.
@lru_cache(maxsize=4096)
def claim_key(identity: ClaimedIdentity) -> str:
    """A stable digest (64 hexadecimal digits) of a claim, blind to case, width and white space.

    Images with the same key claim the same; it groups them and remembers decisions about them.
    """
    claim = json.dumps(astuple(identity), default=str, ensure_ascii=False)
    folded = unicodedata.normalize("NFKC", claim).casefold()
    return sha256("".join(folded.split()).encode("utf-8", "backslashreplace")).hexdigest()
