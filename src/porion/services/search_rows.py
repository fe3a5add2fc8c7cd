"""What a search through studies, series and instances needs of the database, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from porion.dicom.query import name_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.clinic.patient import Patient
    from porion.dicom.habits import Habits
    from porion.dicom.person import ClaimedIdentity
    from porion.dicom.query import Match
    from porion.services.arrival import SearchedFacts
    from porion.services.records import InstanceRow, SeriesRow, StudyRow


class Level(IntEnum):
    """What is looked for (PS3.18 section 10.6, PS3.4 section C.3): a level knows what those above it know."""

    PATIENT = 0
    STUDY = 1
    SERIES = 2
    INSTANCE = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Whose images they are, as a search tells it: of the register where linked, else as claimed.

    ``groups`` are the alphabetic, ideographic and phonetic group of the name. ``verified`` says that it is
    somebody of the register.
    """

    groups: tuple[str, ...] = ()
    patient_id: str = ""
    issuer: str = ""
    birth_date: str = ""
    sex: str = ""
    verified: bool = False


def person_of(who: Patient | ClaimedIdentity) -> Person:
    """Somebody of the register, or whoever a header claims."""
    others = (getattr(who, "ideographic", None), getattr(who, "phonetic", None))
    first = who.identifiers[0] if who.identifiers else None
    return Person(
        groups=(name_text(who.name), *(name_text(group) if group else "" for group in others)),
        patient_id=first.value if first else "",
        issuer=first.issuer if first else "",
        birth_date=who.birth_date.strftime("%Y%m%d") if who.birth_date else "",
        sex=who.sex,
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """What an attribute must be; of several matches any may hold."""

    keyword: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: all conditions must hold; ``skip`` and ``most`` cut the answers, newest first.

    ``verified`` looks at nothing but what is linked to somebody of the register.
    """

    level: Level
    conditions: tuple[Condition, ...]
    skip: int
    most: int
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: the rows down to its level, whose it is, and what a study or series holds."""

    study: StudyRow
    person: Person
    series: SeriesRow | None = None
    instance: InstanceRow | None = None
    modalities: tuple[str, ...] = ()
    series_count: int = 0
    instance_count: int = 0


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """An answer at the level of patients, and how much is shown of them."""

    person: Person
    study_count: int = 0
    series_count: int = 0
    instance_count: int = 0


@dataclass(frozen=True, slots=True)
class HeldInstance:
    """An instance that may be shown, where it belongs, and how the device that sent it writes."""

    instance: InstanceRow
    study_uid: str
    series_uid: str
    habits: Habits


class SearchRows(Protocol):
    """Studies, series and instances of one clinic that are linked or pending.

    What was rejected, and what came second under a UID, is not among them.
    """

    def find(self, wanted: Wanted) -> Sequence[Found]:
        """What meets all conditions: studies and series newest first, instances as they came."""

    def matching(self, wanted: Wanted) -> Sequence[tuple[str, str]]:
        """The identifiers of what :meth:`find` would find, each with an item through which it is."""

    def told(self, wanted: Wanted, matching: Sequence[tuple[str, str]]) -> Sequence[Found]:
        """Some of what :meth:`matching` answered; what has gone in the meantime is left out."""

    def people(self, wanted: Wanted, matching: Sequence[tuple[str, str]]) -> Sequence[FoundPerson]:
        """The same at the level of patients."""

    def held(
        self,
        study_uid: str,
        series_uid: str | None = None,
        sop_uid: str | None = None,
        most: int | None = None,
    ) -> Sequence[HeldInstance]:
        """A study's instances, or one series', or one of them: by series, Instance Number and arrival."""

    def unread(self, most: int) -> Mapping[str, HeldInstance | None]:
        """Series from before all keys were kept, each with an instance to read where there is one."""

    def save_searched(self, series_id: str, facts: SearchedFacts) -> None:
        """Write what a header says into the rows of its series and study."""

    def has_unnamed(self) -> bool:
        """Whether there are people whose rows are from before their keys were kept."""

    def name_people(self, most: int) -> int:
        """Make the keys of so many people whose rows are from before they were kept; how many had none."""
