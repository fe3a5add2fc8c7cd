"""What each device writes otherwise than the standard says, counted as its instances come in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from porion.services.arrival import Arrival, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Spooled, Transaction

# Kinds of problems by device: what is rarer than that is found at its images.
_MOST = 40
_LONGEST = 160
# What a problem quotes or counts belongs to one file, and may be somebody's name.
_OF_ONE_FILE = re.compile(r"'[^']*'|\"[^\"]*\"|<[^>]*>|\d[\d.]*")


def count_quirks(tx: Transaction, entries: Sequence[Spooled], found: Sequence[Arrival | Unreadable]) -> None:
    """Add what was repaired in the entries of known devices to their rows."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, arrival in zip(entries, found, strict=True):
        device = entry.origin.device
        if device and isinstance(arrival, Arrival):
            seen[device].update({_kind(problem.tag, problem.reason) for problem in arrival.problems})
    for device, counts in seen.items():
        row = tx.devices.get(device) if counts else None
        if row is not None:
            total = Counter(row.quirks) + counts
            tx.devices.update(device, {"quirks": dict(total.most_common(_MOST))})


def _kind(tag: str | None, reason: str) -> str:
    told = _OF_ONE_FILE.sub("…", reason)
    return f"{tag} {told}"[:_LONGEST] if tag and "[" not in tag else told[:_LONGEST]
