"""The identifier of a query (PS3.4 section C.4.1.1.3): its level, and each key as a condition or a wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.problems import tag_text
from porion.dicom.query import Span
from porion.services.errors import Invalid
from porion.services.search_keys import condition, key_at
from porion.services.search_rows import Condition, Level, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.dicom.elements import Element, Elements

LEVELS = {"PATIENT": Level.PATIENT, "STUDY": Level.STUDY, "SERIES": Level.SERIES, "IMAGE": Level.INSTANCE}
# PS3.4 table C.6-1 and the ones below it.
UNIQUE = {
    Level.PATIENT: "PatientID",
    Level.STUDY: "StudyInstanceUID",
    Level.SERIES: "SeriesInstanceUID",
    Level.INSTANCE: "SOPInstanceUID",
}
MOST_UIDS = 2_000
_LONGEST = 200
_MOST_WILDCARDS = 5
# What says how the query is to be read, and asks for nothing.
_ABOUT_THE_QUERY = frozenset((0x00080005, 0x00080052, 0x00080053, 0x00080201))
# More answers than anybody can use; a query with more has to be narrowed.
MOST_ANSWERS = 50_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What was agreed on for the query: its root, and what goes beyond the ordinary (PS3.4 C.5.1.1)."""

    patient_root: bool = False
    relational: bool = False
    combined: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was read: ``unmatched`` are keys with a value that nothing is compared with."""

    identifier: Elements
    wanted: Wanted
    unmatched: tuple[int, ...]

    @property
    def level(self) -> Level:
        """At which level it asks."""
        return self.wanted.level


def read_query(identifier: Elements, rules: Rules, *, verified: bool) -> Asked:
    """What an identifier asks; Invalid when it does not fit what was agreed on, or a value means nothing."""
    level = level_of(identifier, rules)
    if not rules.relational:
        _must_name_what_is_above(identifier, level, rules)
    conditions, unmatched = [], []
    for path, element in _keys(identifier, ""):
        texts = [str(value) for value in element.values if not isinstance(value, bytes)]
        if element.tag in _ABOUT_THE_QUERY or not any(text.strip("* ") for text in texts):
            continue
        found = _condition(path, level, texts)
        if found is None:
            unmatched.append(element.tag)
        else:
            conditions.append(found)
    if rules.combined:
        conditions = _as_one_moment(conditions)
    wanted = Wanted(level, tuple(conditions), 0, MOST_ANSWERS + 1, verified)
    return Asked(identifier, wanted, tuple(unmatched))


def level_of(identifier: Elements, rules: Rules) -> Level:
    """The level of an identifier; Invalid when the information model has no such level."""
    word = identifier.text("QueryRetrieveLevel") or ""
    level = LEVELS.get(word)
    if level is None or (level is Level.PATIENT and not rules.patient_root):
        raise Invalid(f"There is no level {word[:16]!r} in this information model (0008,0052).")
    return level


def _must_name_what_is_above(identifier: Elements, level: Level, rules: Rules) -> None:
    """PS3.4 section C.4.1.2.1: one value of every unique key above, unless relational queries are agreed."""
    top = Level.PATIENT if rules.patient_root else Level.STUDY
    for above in (one for one in Level if top <= one < level):
        texts = identifier.texts(UNIQUE[above])
        if len(texts) != 1 or not texts[0] or set(texts[0]) & set("*?"):
            raise Invalid(f"{UNIQUE[above]} must be one value here, or relational queries be agreed on.")


def _keys(identifier: Elements, above: str) -> Iterator[tuple[str, Element]]:
    for element in identifier.values():
        path = f"{above}{element.tag:08X}"
        if element.vr != "SQ":
            yield path, element
        elif len(element.items) > 1:
            raise Invalid(f"{tag_text(element.tag)} of a query has one item at most (PS3.4 C.2.2.2.6).")
        for item in element.items:
            yield from _keys(item, f"{path}.")


def _condition(path: str, level: Level, texts: Sequence[str]) -> Condition | None:
    # A patient's attributes are in the table with those of the study (PS3.4 section C.6.2.1.2).
    key = key_at(path, max(level, Level.STUDY))
    if key is None or (level is Level.PATIENT and not key.keyword.startswith("Patient")):
        return None
    if len(texts) > MOST_UIDS:
        raise Invalid(f"{key.keyword} lists {len(texts)} values; {MOST_UIDS} are taken at once.")
    if any(len(text) > _LONGEST or text.count("*") > _MOST_WILDCARDS for text in texts):
        raise Invalid(f"{key.keyword} has a value that is too long, or has too many wildcards.")
    matches = [match for text in texts if text for match in condition(key, text, fuzzy=False).matches]
    return Condition(key.keyword, tuple(matches))


def _as_one_moment(conditions: list[Condition]) -> list[Condition]:
    """Date and time as one (PS3.4 section C.2.2.2.5.2); the date stays beside it, for its index."""
    spans = {one.keyword: one.matches[0] for one in conditions if len(one.matches) == 1}
    date, time = spans.get("StudyDate"), spans.get("StudyTime")
    if not isinstance(date, Span) or not isinstance(time, Span):
        return conditions
    low = None if date.low is None else date.low + (time.low or "")
    high = None if date.high is None else date.high + (time.high or "~")
    kept = [one for one in conditions if one.keyword != "StudyTime"]
    return [*kept, Condition("StudyMoment", (Span(low, high),))]
