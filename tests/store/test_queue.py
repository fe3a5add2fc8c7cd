"""The worker's end of the spool."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from porion.services.errors import StorageFailed
from porion.services.records import Origin
from porion.store.inlet import DirectoryInlet
from porion.store.queue import DirectoryQueue
from porion.store.spool import DirectorySpool
from tests.store.test_inlet import PREFIX, failing, put


@pytest.fixture
def spool(tmp_path: Path) -> DirectorySpool:
    numbers = iter(range(1000))
    return DirectorySpool(tmp_path, lambda: f"batch-{next(numbers)}")


@pytest.fixture
def queue(spool: DirectorySpool) -> Iterator[DirectoryQueue]:
    queue = spool.queue()
    queue.await_turn()
    yield queue
    queue.close()


def an_inlet(spool: DirectorySpool, clinic: str = "clinic") -> DirectoryInlet:
    return spool.inlet(clinic, Origin(door="dicom", label="PAN1", ae_title="PAN1"))


def test_an_instance_is_ready_while_its_association_goes_on(
    spool: DirectorySpool, queue: DirectoryQueue
) -> None:
    inlet = an_inlet(spool)
    assert queue.take(10, 1 << 30) == []
    path = put(inlet, b"first")
    (entry,) = queue.take(10, 1 << 30)
    assert spool.path(entry) == path
    assert entry.digest is not None
    assert entry.sealed is None
    assert entry.origin.ae_title == "PAN1"
    assert queue.take(10, 1 << 30) == []


def test_what_could_not_be_indexed_comes_again(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    put(an_inlet(spool), b"first")
    taken = queue.take(10, 1 << 30)
    queue.give_back(taken)
    assert queue.take(10, 1 << 30) == taken
    queue.release(taken)
    assert queue.take(10, 1 << 30) == []


def test_batches_are_bounded_and_of_one_clinic(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    ours, theirs = an_inlet(spool), an_inlet(spool, "another")
    for n in range(5):
        put(ours, bytes([n]))
        put(theirs, bytes([n]))
    sizes = []
    while taken := queue.take(3, 1 << 30):
        assert len({entry.clinic_id for entry in taken}) == 1
        sizes.append(len(taken))
    assert sizes == [3, 2, 3, 2]


def test_a_batch_ends_when_it_has_enough_bytes(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    inlet = an_inlet(spool)
    for _ in range(3):
        put(inlet, bytes(100))
    assert len(queue.take(10, 150)) == 2


def test_what_is_begun_is_not_ready(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    intake = an_inlet(spool).open(PREFIX)
    intake.write(memoryview(b"half"))
    assert queue.take(10, 1 << 30) == []
    queue.tidy()
    intake.write(memoryview(b" and the other"))
    intake.seal()
    assert len(queue.take(10, 1 << 30)) == 1


def test_what_an_earlier_life_left_is_checked(spool: DirectorySpool) -> None:
    put(an_inlet(spool), b"before")
    queue = spool.queue()
    queue.await_turn()
    (entry,) = queue.take(10, 1 << 30)
    assert entry.digest is None
    assert entry.sealed is not None
    queue.close()


def test_aborted_transfers_vanish_when_their_process_has_gone(
    spool: DirectorySpool, queue: DirectoryQueue
) -> None:
    inlet = an_inlet(spool)
    whole = put(inlet, b"whole")
    inlet.open(PREFIX).write(memoryview(b"cut off"))
    # As a process that dies leaves it: the lock has fallen, nothing is cleared away.
    assert inlet._room is not None
    assert inlet._room._hold is not None
    os.close(inlet._room._hold)
    queue.tidy()
    assert [path.name for path in whole.parent.glob("*.dcm")] == [whole.name]
    queue.release(queue.take(10, 1 << 30))
    queue.tidy()
    assert [path.name for path in spool.root.iterdir() if path.is_dir()] == []


def test_a_room_that_was_never_finished_vanishes(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    (spool.root / ".half-made").mkdir()
    queue.tidy()
    assert not (spool.root / ".half-made").exists()


def test_imports_are_none_of_its_business(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    with spool.batch("clinic", Origin(door="file")) as batch:
        batch.flush([batch.put(BytesIO(b"file"), "a.dcm")])
        assert queue.take(10, 1 << 30) == []
        queue.tidy()
    assert [len(entries) for entries in spool.leftovers()] == [1]
    an = an_inlet(spool)
    put(an, b"instance")
    an.close()
    spool.close()
    assert [len(entries) for entries in spool.leftovers()] == [1, 0]


def test_a_ring_wakes(spool: DirectorySpool, queue: DirectoryQueue) -> None:
    put(an_inlet(spool), b"first")
    assert queue.wait(600)
    assert not queue.wait(0)


def test_what_its_receiver_takes_back_is_passed_over(
    spool: DirectorySpool, queue: DirectoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    inlet = an_inlet(spool)
    gone, kept = put(inlet, b"gone"), put(inlet, b"kept")
    sealed = list(queue._sealed())
    gone.unlink()
    monkeypatch.setattr(queue, "_sealed", lambda: iter(sealed))
    (entry,) = queue.take(10, 1 << 30)
    assert spool.path(entry) == kept


def test_a_flush_that_fails_ends_trust_in_the_disk(
    spool: DirectorySpool, queue: DirectoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(an_inlet(spool), b"first")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing(5, 1))
        with pytest.raises(StorageFailed, match="cannot be read"):
            queue.take(10, 1 << 30)
    with pytest.raises(StorageFailed, match="not trusted"):
        spool.must_be_trusted()
    spool.trust_again()
    assert len(queue.take(10, 1 << 30)) == 1
