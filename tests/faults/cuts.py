"""Cutting the power within a recording: at which moments, and what the judge says of the disks left."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.judge import judge
from tests.faults.power_cut import (
    CHOICES,
    Choice,
    Disk,
    Snapshot,
    by_chance,
    nothing,
    only_names,
    only_removals,
)
from tests.faults.recorder import Kind, Record

# How many moments of a recording are tried; nightly runs set more, 0 tries every one.
MOMENTS = int(os.environ.get("PORION_POWER_CUTS", "12"))
# Where there is no disk, a start costs no flush.
_MEMORY = Path("/dev/shm")
# What catches a missing flush soonest: all gone, then names without bytes, then removals without names.
_HARSHEST: tuple[Choice, ...] = (only_removals, nothing, only_names)

Promises = Callable[[bytes], Sequence[str]]
"""The digests that an acknowledgement's bytes promise."""


@dataclass(frozen=True)
class Recording:
    """What happened after ``begin``; ``data`` is the data directory's name below the recorded root.

    ``known`` are the digests of all that was sent.
    """

    begin: Snapshot
    data: str
    records: Sequence[Record]
    promises: Promises
    known: frozenset[str]

    def moments(self) -> list[int]:
        """When something was acknowledged or made safe; before, between and after lie all the others."""
        telling = (Kind.SYNC_END, Kind.ACKNOWLEDGE, Kind.REMOVE)
        return [number for number, one in enumerate(self.records) if one.kind in telling]

    def acknowledgements(self, most: int = 5) -> list[int]:
        """When something was acknowledged, at most so often, and the end."""
        told = [number for number, one in enumerate(self.records) if one.kind is Kind.ACKNOWLEDGE]
        return [*spread(told, most), len(self.records) - 1]

    def commits(self) -> list[int]:
        """When a transaction became safe."""
        return [
            number
            for number, one in enumerate(self.records)
            if one.kind is Kind.SYNC_END and one.name.endswith("-wal")
        ]

    def releases(self) -> list[int]:
        """When the spool forgot a file."""
        return [
            number
            for number, one in enumerate(self.records)
            if one.kind is Kind.REMOVE and one.name.endswith(".dcm")
        ]


@dataclass
class Outcome:
    """What came of cutting: how many disks were judged, and the breaches of each bad one."""

    disks: int = 0
    breaches: list[str] = field(default_factory=list)


def cut(recording: Recording, folder: Path, moments: Sequence[int], chances: int) -> Outcome:
    """Cut at each of the moments, in every way, and ``chances`` times by chance."""
    outcome = Outcome()
    for number, disk, promised in _at(recording, moments, ()):
        choices = [*CHOICES, *(by_chance((number, chance)) for chance in range(chances))]
        for index, choice in enumerate(choices):
            outcome.disks += 1
            for breach in _judged(recording, disk, choice, folder, promised):
                outcome.breaches.append(f"cut after record {number}, choice {index}: {breach}")
    return outcome


def first_breach(
    recording: Recording, folder: Path, ignored: str = "", moments: Sequence[int] = ()
) -> tuple[int, list[str]]:
    """How many flushes a mutant leaves out, and the breaches of the first bad disk that shows it."""
    left_out = 0
    for _, disk, promised in _at(recording, moments or recording.acknowledgements(), (ignored,)):
        left_out = disk.left_out
        for choice in (*_HARSHEST, by_chance(left_out)):
            breaches = _judged(recording, disk, choice, folder, promised)
            if breaches:
                return left_out, breaches
    return left_out, []


def spread(moments: Sequence[int], most: int) -> list[int]:
    """At most so many of the moments, evenly spread, the last one among them; 0 takes all."""
    if not most or len(moments) <= most:
        return list(moments)
    return [moments[(index + 1) * len(moments) // most - 1] for index in range(most)]


def _at(
    recording: Recording, moments: Sequence[int], ignored: tuple[str, ...]
) -> Iterator[tuple[int, Disk, set[str]]]:
    """The disk and what is promised at each moment."""
    disk, promised, wanted = Disk(recording.begin, ignored), set[str](), set(moments)
    for number, record in enumerate(recording.records):
        disk.follow(record)
        if record.kind is Kind.ACKNOWLEDGE:
            promised.update(recording.promises(record.data))
        if number in wanted:
            yield number, disk, promised


def _judged(recording: Recording, disk: Disk, choice: Choice, folder: Path, promised: set[str]) -> list[str]:
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else folder) as place:
        disk.write(choice, Path(place) / "disk")
        return judge(Path(place) / "disk" / recording.data, promised, known=recording.known)
