"""A person as DICOM names one: names, identifiers, and the identity that a header claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class PersonName:
    """One component group of a PN value (PS3.5 section 6.2.1), components unpadded."""

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A patient ID within its issuer; an empty issuer means that nobody said who issued it."""

    value: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class ClaimedIdentity:
    """The identity that a header (or a row of an import) claims.

    ``name`` is the alphabetic group, or the first filled one when that is empty; ``ideographic`` and
    ``phonetic`` are the second and third. ``birth_date`` is None when missing, invalid or a
    placeholder such as 18991230. ``sex`` is F, M, O or empty. ``identifiers`` starts with the
    Patient ID.
    """

    name: PersonName = PersonName()
    ideographic: PersonName = PersonName()
    phonetic: PersonName = PersonName()
    identifiers: tuple[Identifier, ...] = ()
    birth_date: date | None = None
    sex: str = ""
