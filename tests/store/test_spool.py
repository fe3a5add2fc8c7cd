from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, RawIOBase
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from porion.services.errors import SourceFailed, StorageFailed
from porion.services.ports import Spooled
from porion.services.records import Origin
from porion.store.spool import DirectorySpool
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = Origin("test", ae_title="NEWTOM", actor="anna")

# Fills a batch in a process of its own: first argument the spool, second how far it comes.
HOLDER = """
import sys
from io import BytesIO
from pathlib import Path
from porion.services.records import Origin
from porion.store.spool import DirectorySpool
spool = DirectorySpool(Path(sys.argv[1]), iter(["other"]).__next__)
with spool.batch("clinic", Origin("test")) as batch:
    flushed, unfinished = [batch.put(BytesIO(b"x" * 9), name) for name in ("a.dcm", "b.dcm")]
    batch.flush([flushed])
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def spool(tmp_path: Path) -> DirectorySpool:
    names = count(1)
    spool = DirectorySpool(tmp_path / "spool", lambda: f"batch-{next(names)}")
    spool.root.mkdir()
    return spool


@contextmanager
def another_process(spool: DirectorySpool) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a batch with one flushed and one unfinished file."""
    command = [sys.executable, "-c", HOLDER, str(spool.root)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def stored(spool: DirectorySpool, entry: Spooled) -> bytes:
    return spool.path(entry).read_bytes()


def put(spool: DirectorySpool, stream: BinaryIO) -> bytes:
    """What the spool keeps of a stream."""
    with spool.batch("clinic", ORIGIN) as batch:
        entry = batch.put(stream, "a.dcm")
        batch.flush([entry])
        kept = stored(spool, entry)
        batch.release([entry])
    return kept


def all_leftovers(spool: DirectorySpool) -> list[list[Spooled]]:
    return [list(entries) for entries in spool.leftovers()]


def test_flushed_files_are_found_by_the_next_process_under_their_labels(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        first = [batch.put(BytesIO(b"1"), "disc.zip!é/1.dcm"), batch.put(BytesIO(b"2"), "2.dcm")]
        batch.flush(first)
        batch.flush([batch.put(BytesIO(b""), "line\nbreak")])
        spool.release(first[:1])
    (entries,) = all_leftovers(spool)
    assert [entry.origin.label for entry in entries] == ["2.dcm", "line\nbreak"]
    assert all((entry.clinic_id, entry.origin.ae_title) == ("clinic", "NEWTOM") for entry in entries)
    assert [stored(spool, entry) for entry in entries] == [b"2", b""]


def test_what_was_never_flushed_vanishes(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        batch.put(BytesIO(b"unfinished"), "a.dcm")
        batch.settle()
        assert len(list(spool.root.glob("*/*.part"))) == 1
    assert list(spool.root.iterdir()) == []
    assert all_leftovers(spool) == []


def test_what_is_released_leaves_nothing_behind(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        batch.flush([batch.put(BytesIO(b"1"), "1.dcm")])
    for entries in spool.leftovers():
        spool.release(entries)
    assert list(spool.root.iterdir()) == []


def test_a_batch_of_a_living_process_is_left_alone_and_of_a_dead_one_found(spool: DirectorySpool) -> None:
    with another_process(spool) as holder:
        assert all_leftovers(spool) == []
        holder.kill()
        holder.wait()
        assert [[entry.origin.label for entry in entries] for entries in spool.leftovers()] == [["a.dcm"]]


def test_a_leftover_is_looked_at_by_one_at_a_time(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        batch.flush([batch.put(BytesIO(b"1"), "1.dcm")])
    looking = spool.leftovers()
    assert len(next(iter(looking))) == 1
    assert all_leftovers(spool) == []


def test_a_torn_list_of_names_costs_names_only(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        batch.flush([batch.put(BytesIO(b"%d" % n), f"{n}.dcm") for n in (1, 2)])
    (names,) = spool.root.glob("*/names.jsonl")
    names.write_text(names.read_text()[:-5])
    (entries,) = all_leftovers(spool)
    assert [entry.origin.label for entry in entries] == ["1.dcm", ""]
    assert [stored(spool, entry) for entry in entries] == [b"1", b"2"]


def test_a_directory_without_a_description_is_no_batch(spool: DirectorySpool) -> None:
    (spool.root / "lost+found").mkdir()
    (spool.root / "note.txt").write_text("")
    assert [entries for entries in all_leftovers(spool) if entries] == []


class Drip(RawIOBase):
    """A stream that gives a few bytes at a time, as sockets do."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(min(size, 50))


class Broken(Drip):
    """A stream whose medium fails in the end."""

    def read(self, size: int = -1) -> bytes:
        given = super().read(size)
        if not given:
            raise OSError(5, "Input/output error")
        return given


@pytest.mark.parametrize("kind", [BytesIO, Drip])
def test_an_executable_preamble_is_zeroed_however_the_bytes_come(
    spool: DirectorySpool, kind: type[BytesIO]
) -> None:
    assert put(spool, kind(b"MZ" * 64 + b"DICM" + b"rest" * 99)) == bytes(128) + b"DICM" + b"rest" * 99


@pytest.mark.parametrize(
    "content", [b"", b"MZ", b"MZ" * 64, b"MZ" * 64 + b"DIC", b"MZ" * 64 + b"DICOM" * 400_000]
)
def test_what_has_no_preamble_is_kept_as_it_is(spool: DirectorySpool, content: bytes) -> None:
    assert put(spool, BytesIO(content)) == content
    assert put(spool, cast(BinaryIO, Drip(content[:5000]))) == content[:5000]


def test_a_source_that_fails_is_the_sources_fault_and_the_batch_goes_on(spool: DirectorySpool) -> None:
    with spool.batch("clinic", ORIGIN) as batch:
        with pytest.raises(SourceFailed, match=r"a\.dcm cannot be read where it lies: Input/output error"):
            batch.put(cast(BinaryIO, Broken(b"x" * 300)), "a.dcm")
        entry = batch.put(BytesIO(b"good"), "b.dcm")
        batch.flush([entry])
        assert [path.name for path in spool.root.glob("*/0*")] == ["00000002.dcm"]
        batch.release([entry])


def test_a_spool_that_cannot_be_written_to_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file in its place")
    spool = DirectorySpool(tmp_path / "spool", lambda: "1")
    with pytest.raises(StorageFailed, match="cannot open a batch"), spool.batch("clinic", ORIGIN):
        pass


# A process that may write no file longer than a megabyte takes that for a full disk.
FULL = """
import json, resource, sys
from pathlib import Path
from porion.services.errors import OutOfSpace
from porion.services.import_files import import_found
from tests.builders import a_panoramic, file_bytes
from tests.world import a_porion, incoming
world = a_porion(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
big = file_bytes(a_panoramic(2, Rows=1000, Columns=1000))
found = [incoming(file_bytes(a_panoramic(1)), "small.dcm"), incoming(big, "big.dcm")]
told = []
for files in (found[:1], found):
    try:
        for outcome in import_found(world.porion, world.actor, "test", files):
            told.append([outcome.path, outcome.outcome])
    except OutOfSpace as error:
        told.append(["full", str(error)])
print(json.dumps(told))
"""


def test_on_a_full_disk_nothing_is_acknowledged_and_nothing_left_behind(world: World) -> None:
    command = [sys.executable, "-c", FULL, str(world.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    first, full = json.loads(done.stdout)
    assert first == ["small.dcm", "pending"]
    assert full[0] == "full"
    assert "big.dcm" in full[1]
    assert "nothing was acknowledged" in full[1]
    assert list(world.spool.root.iterdir()) == []
    with world.porion.store.read(world.clinic_id) as tx:
        assert sum(tx.imaging.state_counts().values()) == 1


def test_a_batch_that_cannot_begin_leaves_nothing_behind(tmp_path: Path) -> None:
    names = iter(["1", "1"])
    spool = DirectorySpool(tmp_path, names.__next__)
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "in the way").write_text("")
    with pytest.raises(StorageFailed), spool.batch("clinic", ORIGIN):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["1"]
