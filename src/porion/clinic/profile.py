"""A person as the matcher sees one, claimed or registered: readings, IDs and birth date, folded once."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.patient_ids import FoldedId, fold_id, usable_ids
from porion.clinic.placeholders import is_placeholder_date, is_placeholder_name
from porion.clinic.readings import Reading, claimed_readings, readings

if TYPE_CHECKING:
    from datetime import date

    from porion.clinic.folding import Script
    from porion.clinic.patient import Patient
    from porion.dicom.person import ClaimedIdentity, Identifier


class Profile(NamedTuple):
    """What may be compared; ``placeholders`` are the values left out, as written.

    ``birth_date`` is None when missing or a placeholder, its term ``birthDate:2012-04-03`` then empty;
    ``ids`` hold no placeholders.
    """

    readings: tuple[Reading, ...]
    scripts: frozenset[Script]
    ids: tuple[FoldedId, ...]
    birth_date: date | None
    birth_date_term: str
    sex: str
    placeholders: tuple[str, ...]


@lru_cache(maxsize=131_072)
def patient_profile(patient: Patient) -> Profile:
    """The profile of a patient, previous and other names included."""
    found = readings(patient.name)
    if patient.aliases:
        found = tuple(dict.fromkeys(chain(found, *map(readings, patient.aliases))))
    return _profile(found, patient.identifiers, patient.birth_date, patient.sex)


@lru_cache(maxsize=1_024)
def claim_profile(claim: ClaimedIdentity) -> Profile:
    """The profile of a claimed identity: all three groups of the name, swaps among their readings."""
    names = dict.fromkeys((claim.name, claim.ideographic, claim.phonetic))
    found = tuple(dict.fromkeys(chain.from_iterable(map(claimed_readings, names))))
    return _profile(found, claim.identifiers, claim.birth_date, claim.sex)


def says_who(claim: ClaimedIdentity) -> bool:
    """Whether a claim names anybody: two that say nothing, or only "unknown", are not the same person."""
    profile = claim_profile(claim)
    named = (each for each in profile.readings if each.family.plain or each.given.plain)
    return bool(profile.ids) or any(not _is_nobody(each) for each in named)


def _profile(
    found: tuple[Reading, ...], identifiers: tuple[Identifier, ...], birth_date: date | None, sex: str
) -> Profile:
    placeholder, ids = is_placeholder_date(birth_date), [fold_id(each) for each in identifiers]
    return Profile(
        readings=found,
        scripts=frozenset([each.script for each in found]),
        ids=usable_ids(ids),
        birth_date=None if placeholder else birth_date,
        birth_date_term=f"birthDate:{birth_date}" if birth_date and not placeholder else "",
        sex=sex.strip().upper(),
        placeholders=(
            *[_written(each) for each in found[:1] if _is_nobody(each)],
            *[each.raw for each in ids if each.raw and each.placeholder],
            *([str(birth_date)] if placeholder else []),
        ),
    )


def _is_nobody(reading: Reading) -> bool:
    return is_placeholder_name(reading.family.plain + reading.given.plain)


def _written(reading: Reading) -> str:
    return " ".join(filter(None, (reading.given.raw, reading.family.raw)))
