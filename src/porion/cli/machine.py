"""How this machine stands: room on the disk, the queue, certificates, and a knock at our own DICOM doors."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from porion.cli.addresses import DEFAULT_DICOM, read_address
from porion.cli.identities import certificates_of
from porion.cli.settings import Settings
from porion.dimse.probe import probe, turned_away_by_porion
from porion.services.devices import DOCTOR
from porion.services.system_facts import SystemFacts
from porion.store.space import why_distrusted

_HOLDS = 30.0
"""Seconds for which the facts that a page is shown may be old."""


def facts_of(settings: Settings, doors: Sequence[str], title: str) -> SystemFacts:
    """The facts; ``doors`` are the addresses at which somebody ought to take DICOM under that AE title."""
    usage = shutil.disk_usage(settings.data)
    return SystemFacts(
        free=usage.free,
        total=usage.total,
        oldest_in_spool=_oldest(settings),
        certificates=[(one.name, one.expires) for one in certificates_of(settings).all()],
        listening=[(door, _knock(door, title)) for door in doors],
        distrusted=why_distrusted(settings.data / "spool"),
    )


def _knock(door: str, title: str) -> str | None:
    told = probe(*read_address(door, DEFAULT_DICOM), calling=DOCTOR, called=title)
    return None if turned_away_by_porion(told) else told


def _oldest(settings: Settings) -> datetime | None:
    """Since when the longest waiting instance lies in the spool; an empty slot is none."""
    moments: list[float] = []
    for path in (settings.data / "spool").glob("*/*.dcm"):
        # The worker may take it away at any moment.
        with suppress(FileNotFoundError):
            told = path.stat()
            moments += [told.st_mtime] if told.st_size else []
    return datetime.fromtimestamp(min(moments), UTC) if moments else None


class Lookout:
    """The facts as they were a moment ago: many pages ask, and one look serves them all."""

    def __init__(self, look: Callable[[], SystemFacts], clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._lock = threading.Lock()
        self._held: tuple[float, SystemFacts] | None = None

    def __call__(self) -> SystemFacts:
        """The facts, at most half a minute old."""
        with self._lock:
            if self._held is None or self._clock() - self._held[0] > _HOLDS:
                self._held = (self._clock(), self._look())
            return self._held[1]
