"""How the machine stands, as whoever looked at it hands it to the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """What the machine says: bytes, moments, and what a knock at our own door came to (None: it answered)."""

    free: int
    total: int
    oldest_in_spool: datetime | None
    certificates: Sequence[tuple[str, datetime]]
    listening: Sequence[tuple[str, str | None]]
    distrusted: str = ""
