"""The conformance statement's table of query keys, written from what the code compares and answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.problems import tag_text
from porion.services.find_answers import told_at
from porion.services.find_keys import LEVELS, UNIQUE
from porion.services.search_keys import KEYS
from porion.services.search_rows import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dicom.elements import Element

_MATCHED = {key.keyword for key in KEYS}
_CODES = frozenset(("Modality", "ModalitiesInStudy"))
_KINDS = {
    "DA": "single value, range",
    "TM": "single value, range",
    "UI": "list of UIDs",
    "IS": "single value",
}


def query_keys() -> str:
    """Every attribute that is compared or answered from the database (PS3.4 section C.6.1.1), by level."""
    lines = ["| level | attribute | tag | matching |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *_rows()])


def _rows() -> Iterator[str]:
    words = {level: word for word, level in LEVELS.items()}
    listed: set[int] = set()
    for level in Level:
        for one in told_at(level):
            if one.tag not in listed:
                listed.add(one.tag)
                yield f"| {words[level]} | {one.keyword} | {tag_text(one.tag)} | {_matching(one, level)} |"


def _matching(one: Element, level: Level) -> str:
    if one.vr == "SQ":
        return "sequence: " + ", ".join(sorted(item.keyword for item in one.items[0].values()))
    if one.keyword not in _MATCHED:
        return "none"
    if one.keyword in _CODES:
        return "any of a list, wildcard"
    unique = ", unique" if one.keyword == UNIQUE[level] else ""
    return _KINDS.get(one.vr, "single value, wildcard") + unique
