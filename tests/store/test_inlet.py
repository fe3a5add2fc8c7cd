"""What one association writes into the spool."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from porion.dicom.file_meta import Seal, file_prefix, read_seal
from porion.services.errors import OutOfSpace, StorageFailed
from porion.services.records import Origin
from porion.store.inlet import DirectoryInlet
from porion.store.space import Space
from porion.store.spool import DirectorySpool

PREFIX = file_prefix("1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1.2.840.10008.1.2.1", sealable=True)
ORIGIN = Origin(door="dicom", label="PAN1 at 127.0.0.1", ae_title="PAN1")


@pytest.fixture
def spool(tmp_path: Path) -> DirectorySpool:
    (tmp_path / "spool").mkdir()
    numbers = iter(range(1000))
    return DirectorySpool(tmp_path / "spool", lambda: f"batch-{next(numbers)}")


@pytest.fixture
def inlet(spool: DirectorySpool) -> DirectoryInlet:
    return spool.inlet("clinic", ORIGIN)


def put(inlet: DirectoryInlet, *pieces: bytes) -> Path:
    intake = inlet.open(PREFIX)
    for piece in pieces:
        intake.write(memoryview(piece))
    entry = intake.seal()
    assert entry.digest == hashlib.sha256(b"".join(pieces)).hexdigest()
    return inlet._spool.path(entry)


def test_an_association_that_sends_nothing_leaves_nothing(
    spool: DirectorySpool, inlet: DirectoryInlet
) -> None:
    inlet.close()
    assert list(spool.root.iterdir()) == []


def test_a_sealed_file_is_a_file_of_its_data_set(inlet: DirectoryInlet) -> None:
    content = put(inlet, b"data ", b"set").read_bytes()
    assert content.endswith(b"data set")
    assert read_seal(content) == (len(PREFIX), Seal(8, hashlib.sha256(b"data set").hexdigest()))


def test_slots_are_there_before_they_are_needed_and_grow(
    spool: DirectorySpool, inlet: DirectoryInlet
) -> None:
    paths = [put(inlet, bytes([n])) for n in range(40)]
    assert len({path.parent for path in paths}) == 1
    assert [path.stem for path in paths] == [f"{n:08d}" for n in range(1, 41)]
    inlet.close()
    spool.close()
    assert sorted(paths[0].parent.glob("*.dcm")) == paths


def test_an_abandoned_instance_gives_its_slot_back(spool: DirectorySpool, inlet: DirectoryInlet) -> None:
    intake = inlet.open(PREFIX)
    intake.write(memoryview(b"half of it"))
    intake.abandon()
    intake.abandon()
    path = put(inlet, b"whole")
    assert path.stem == "00000001"
    assert path.read_bytes() == path.read_bytes()[: len(PREFIX)] + b"whole"
    inlet.close()
    spool.close()
    assert [one.name for one in path.parent.glob("*.dcm")] == ["00000001.dcm"]


def test_what_was_only_begun_leaves_no_directory(spool: DirectorySpool, inlet: DirectoryInlet) -> None:
    inlet.open(PREFIX).abandon()
    inlet.close()
    spool.close()
    assert list(spool.root.iterdir()) == []


def failing(error: int, times: int) -> Callable[[int], None]:
    left = [times]

    def sync(handle: int) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(error, os.strerror(error))

    return sync


def test_after_a_failed_flush_nothing_is_taken_any_more(
    spool: DirectorySpool, inlet: DirectoryInlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = put(inlet, b"safe")
    monkeypatch.setattr(os, "fdatasync", failing(5, 1))
    intake = inlet.open(PREFIX)
    intake.write(memoryview(b"lost"))
    with pytest.raises(StorageFailed, match="until Porion is restarted"):
        intake.seal()
    intake.abandon()
    with pytest.raises(StorageFailed, match="not trusted any more"):
        inlet.open(PREFIX)
    inlet.close()
    spool.close()
    assert [path.name for path in before.parent.glob("*.dcm")] == [before.name]


def test_a_seal_that_was_seen_is_never_cut_off(
    inlet: DirectoryInlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = inlet.open(PREFIX)
    intake.write(memoryview(b"whole"))
    second_name = intake._path.with_suffix(".linked")
    monkeypatch.setattr(os, "fdatasync", failing(5, 1))
    os.link(intake._path, second_name)
    with pytest.raises(StorageFailed):
        intake.seal()
    intake.abandon()
    assert second_name.read_bytes().endswith(b"whole")
    assert not intake._path.exists()


def test_a_full_disk_is_told_and_passes(inlet: DirectoryInlet, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = inlet.open(PREFIX)

    def full(_handle: int, _piece: memoryview) -> int:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OutOfSpace):
            intake.write(memoryview(b"too much"))
    intake.abandon()
    put(inlet, b"room again")


@pytest.mark.parametrize("kept", [0, 8, 24, 47])
def test_a_seal_that_was_written_in_part_is_none(
    inlet: DirectoryInlet, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    intake = inlet.open(PREFIX)
    intake.write(memoryview(b"whole"))
    path, really_write = intake._path, os.write

    def short(handle: int, piece: memoryview) -> int:
        if len(piece) < 48 or not kept:
            raise OSError(28, os.strerror(28))
        return really_write(handle, piece[:kept])

    monkeypatch.setattr(os, "write", short)
    with pytest.raises(OutOfSpace):
        intake.seal()
    assert read_seal(path.read_bytes())[1] is None


def test_a_reserve_stays_free(tmp_path: Path) -> None:
    space = Space(tmp_path, reserve=1 << 62)
    with pytest.raises(OutOfSpace, match="make room"):
        DirectorySpool(tmp_path, lambda: "batch", space=space).inlet("clinic", ORIGIN).open(PREFIX)


def test_a_long_object_is_flushed_on_its_way(inlet: DirectoryInlet, monkeypatch: pytest.MonkeyPatch) -> None:
    flushes = []
    monkeypatch.setattr(os, "fdatasync", flushes.append)
    intake = inlet.open(PREFIX)
    piece = memoryview(bytes(16 << 20))
    for _ in range(9):
        intake.write(piece)
    assert len(flushes) == 1
    intake.seal()
    assert len(flushes) == 2
