"""Which attributes a search may ask for, at which level, and what their values mean: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_dict, keyword_for_tag

from porion.dicom.query import Alike, BadKey, Pattern, codes, date_span, time_span, uid_list
from porion.services.errors import Invalid
from porion.services.search_rows import Condition, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from porion.dicom.query import Match


def _uids(text: str) -> tuple[Match, ...]:
    return (uid_list(text),)


def _dates(text: str) -> tuple[Match, ...]:
    return (date_span(text),)


def _times(text: str) -> tuple[Match, ...]:
    return (time_span(text),)


def _text(text: str) -> tuple[Match, ...]:
    return (Pattern(text.strip()),)


@dataclass(frozen=True, slots=True)
class SearchKey:
    """An attribute that can be asked for; ``path`` is its tag, within sequences with theirs before."""

    keyword: str
    level: Level
    read: Callable[[str], tuple[Match, ...]]
    source: str
    path: str = ""


# PS3.18 tables 10.6.1-5; what is marked "ours" is not required.
KEYS = (
    SearchKey("StudyDate", Level.STUDY, _dates, "PS3.18 table 10.6.1-5"),
    SearchKey("StudyTime", Level.STUDY, _times, "PS3.18 table 10.6.1-5"),
    SearchKey("AccessionNumber", Level.STUDY, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("ModalitiesInStudy", Level.STUDY, codes, "PS3.18 table 10.6.1-5"),
    SearchKey("ReferringPhysicianName", Level.STUDY, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("PatientName", Level.STUDY, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("PatientID", Level.STUDY, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("StudyInstanceUID", Level.STUDY, _uids, "PS3.18 table 10.6.1-5"),
    SearchKey("StudyID", Level.STUDY, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("PatientBirthDate", Level.STUDY, _dates, "ours"),
    SearchKey("PatientSex", Level.STUDY, _text, "ours"),
    SearchKey("StudyDescription", Level.STUDY, _text, "ours"),
    SearchKey("Modality", Level.SERIES, codes, "PS3.18 table 10.6.1-5"),
    SearchKey("SeriesInstanceUID", Level.SERIES, _uids, "PS3.18 table 10.6.1-5"),
    SearchKey("SeriesNumber", Level.SERIES, _text, "PS3.18 table 10.6.1-5"),
    SearchKey("PerformedProcedureStepStartDate", Level.SERIES, _dates, "PS3.18 table 10.6.1-5"),
    SearchKey("PerformedProcedureStepStartTime", Level.SERIES, _times, "PS3.18 table 10.6.1-5"),
    SearchKey("ScheduledProcedureStepID", Level.SERIES, _text, "PS3.18 table 10.6.1-5", "00400275.00400009"),
    SearchKey("RequestedProcedureID", Level.SERIES, _text, "PS3.18 table 10.6.1-5", "00400275.00401001"),
    SearchKey("SeriesDescription", Level.SERIES, _text, "ours"),
    SearchKey("SOPClassUID", Level.INSTANCE, _uids, "PS3.18 table 10.6.1-5"),
    SearchKey("SOPInstanceUID", Level.INSTANCE, _uids, "PS3.18 table 10.6.1-5"),
    SearchKey("InstanceNumber", Level.INSTANCE, _text, "PS3.18 table 10.6.1-5"),
)
_BY_PATH = {key.path or f"{keyword_dict[key.keyword]:08X}": key for key in KEYS}


def tag_path(name: str) -> str | None:
    """An attribute's tag by tag or keyword, in sequences joined by dots (PS3.18 section 8.3.4.1); or None."""
    tags = [_tag(part) for part in name.split(".")]
    return None if None in tags else ".".join(tag for tag in tags if tag)


def _tag(name: str) -> str | None:
    if name and name in keyword_dict:
        return f"{keyword_dict[name]:08X}"
    digits = len(name) == 8 and all(letter in "0123456789abcdefABCDEF" for letter in name)
    return name.upper() if digits else None


def key_at(path: str, level: Level) -> SearchKey | None:
    """The key of that path if it can be asked for at that level."""
    key = _BY_PATH.get(path)
    return key if key is not None and key.level <= level else None


def condition(key: SearchKey, text: str, *, fuzzy: bool) -> Condition:
    """What a key's value asks for; Invalid when it means nothing."""
    if "\0" in text:
        raise Invalid(f"{key.keyword} cannot hold a NUL.")
    if fuzzy and key.keyword == "PatientName":
        words = text.translate(dict.fromkeys(map(ord, "^=*?,"), " ")).split()
        return Condition(key.keyword, (Alike(tuple(words)),))
    try:
        return Condition(key.keyword, key.read(text))
    except BadKey as error:
        raise Invalid(f"{key.keyword} cannot be searched for like that: {error}.") from error


def keyword_of(path: str) -> str:
    """How people name a path: by its last keyword, or by its tag."""
    last = path.rpartition(".")[2]
    return keyword_for_tag(int(last, 16)) or path
