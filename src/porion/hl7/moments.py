"""Moments as HL7 v2 writes them (DTM, TS: HL7 v2.5.1 section 2.A.22)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:\.\d+)?([+-]\d{4})?")


def moment_of(text: str) -> datetime | None:
    """A moment, at least a day; without a zone where none is written. None for what is no moment."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    numbers = [int(one) for one in found.groups()[:6] if one]
    with suppress(ValueError):
        moment = datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
        return moment.replace(tzinfo=_zone(found.group(7)))
    return None


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    return timezone(timedelta(minutes=-minutes if offset.startswith("-") else minutes))
