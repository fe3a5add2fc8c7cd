"""The conformance statement's table of the worklist, written from what the code answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.key_matching import WILDCARD_VRS
from porion.dicom.person import ClaimedIdentity
from porion.dicom.problems import tag_text
from porion.dicom.scheduled import (
    NOT_KEPT,
    REQUIRED,
    REQUIRED_OF_STEP,
    STEP,
    ScheduledItem,
    write_item,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dicom.elements import Element, Elements

_KINDS = {"DA": "single value, range", "TM": "single value, range", "UI": "list of UIDs", "SQ": "sequence"}


def worklist_keys() -> str:
    """Every attribute of an answer (PS3.4 table K.6-1): how it is matched, and whether it is always there."""
    whole = write_item(ScheduledItem(ClaimedIdentity()))
    (step,) = whole.items_of(STEP)
    lines = ["| attribute | tag | matching | returned |", "| --- | --- | --- | --- |"]
    lines += [*_rows(whole, REQUIRED, ""), *_rows(step, REQUIRED_OF_STEP, "step: ")]
    return "\n".join(lines)


def _rows(within: Elements, required: frozenset[str], prefix: str) -> Iterator[str]:
    for one in within.values():
        returned = "always, filled" if one.keyword in required else "when asked for"
        returned = "when asked for, empty" if one.keyword in NOT_KEPT else returned
        yield f"| {prefix}{one.keyword} | {tag_text(one.tag)} | {_matching(one)} | {returned} |"


def _matching(one: Element) -> str:
    if one.keyword in NOT_KEPT:
        return "none"
    return _KINDS.get(one.vr) or ("single value, wildcard" if one.vr in WILDCARD_VRS else "single value")
