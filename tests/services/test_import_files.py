from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from pydicom.dataset import Dataset

from porion.services.errors import OutOfSpace
from porion.services.import_files import BATCH_FILES, import_found
from porion.services.incoming import Found, Incoming, Refused, Skipped
from porion.services.receive import Outcome
from tests.builders import a_panoramic, an_intra_oral, file_bytes
from tests.services.scenes import counts, dump
from tests.world import World, a_porion, bring, incoming


class Failing(RawIOBase):
    """A medium that gives some bytes and then no more."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        given = self._content.read(min(size, 500))
        if not given:
            raise OSError(errno.EIO, "Input/output error")
        return given


def unreadable(content: bytes, path: str) -> Incoming:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield cast(BinaryIO, Failing(content))

    return Incoming(path, len(content), opened)


def gone(path: str) -> Incoming:
    return Incoming(path, None, lambda: Path(path).open("rb"))


def test_every_file_found_has_one_outcome(each_world: World) -> None:
    outcomes = bring(
        each_world,
        Skipped("notes.txt", "not DICOM"),
        a_panoramic(),
        Refused("bomb.zip", "far too large"),
        b"garbage",
        a_panoramic(),
        a_panoramic(Rows=5),
    )
    told = {one.path: (one.outcome.value, one.reason) for one in outcomes}
    assert [told[f"{number}.dcm"][0] for number in (2, 4, 5, 6)] == [
        "pending",
        "quarantined",
        "duplicate",
        "conflict",
    ]
    assert told["notes.txt"] == ("skipped", "not DICOM")
    assert told["bomb.zip"] == ("skipped", "far too large")
    assert len(outcomes) == 6


def test_a_file_that_cannot_be_read_is_skipped_and_stops_nothing(world: World) -> None:
    content = file_bytes(a_panoramic())
    found = (gone("a/missing.dcm"), unreadable(content, "b.dcm"), unreadable(b"", "c.dcm"), a_panoramic())
    skipped = [one for one in bring(world, *found) if one.outcome == "skipped"]
    assert [one.path for one in skipped] == ["a/missing.dcm", "b.dcm", "c.dcm"]
    assert "No such file" in (skipped[0].reason or "")
    assert "b.dcm cannot be read where it lies: Input/output error" in (skipped[1].reason or "")
    assert counts(world) == {"pending": 1}
    assert list(world.spool.root.iterdir()) == []


def test_more_files_than_a_batch_holds_all_arrive(world: World) -> None:
    number = BATCH_FILES + 3
    outcomes = bring(world, *[an_intra_oral(n) for n in range(number)])
    assert len({one.image_id for one in outcomes}) == number
    assert counts(world) == {"pending": number}
    assert list(world.spool.root.iterdir()) == []


def test_a_second_run_changes_nothing(each_world: World) -> None:
    files: list[Dataset | bytes] = [a_panoramic(), an_intra_oral(), b"garbage"]
    bring(each_world, *files)
    before = dump(each_world)
    bring(each_world, *files)
    assert dump(each_world) == before


@pytest.mark.parametrize(
    ("full_at", "acknowledged"), [("spool.opened", BATCH_FILES), ("spool.ready", 0), ("receive.examined", 5)]
)
def test_when_the_disk_is_full_what_was_safe_is_told_and_nothing_else(
    tmp_path: Path, full_at: str, acknowledged: int
) -> None:
    steps: Counter[str] = Counter()

    def full(step: str) -> None:
        steps[step] += 1
        if step == full_at and steps[step] == {"spool.opened": BATCH_FILES + 2}.get(step, 1):
            raise OutOfSpace("The disk is full.")

    world = a_porion(tmp_path, checkpoint=full)
    found = [incoming(file_bytes(an_intra_oral(n))) for n in range(BATCH_FILES + 5)]
    told: list[Outcome] = []
    outcomes = map(told.append, import_found(world.porion, world.actor, "test", found))
    with pytest.raises(OutOfSpace):
        list(outcomes)
    assert len(told) == acknowledged
    assert counts(world) == ({"pending": acknowledged} if acknowledged else {})
    world.engine.dispose()


def test_whoever_stops_listening_leaves_nothing_behind_that_was_not_flushed(world: World) -> None:
    found: list[Found] = [Skipped("a", "no"), incoming(file_bytes(a_panoramic()))]
    outcomes = import_found(world.porion, world.actor, "test", found)
    next(outcomes)
    cast(Any, outcomes).close()
    assert list(world.spool.root.iterdir()) == []
    assert counts(world) == {}
