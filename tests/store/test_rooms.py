"""A directory belongs to a process while it lives; what a dead one left is swept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from porion.store.rooms import held, make_room, scratch_room

HOLD = """
import sys
from pathlib import Path
from porion.store.rooms import make_room
make_room(Path(sys.argv[1]), {"about": b"x"})
print("held", flush=True)
sys.stdin.read()
"""


def test_a_room_is_there_while_it_is_used_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_room(tmp_path, "room") as room:
        (room / "under-way").write_bytes(b"1")
    assert list(tmp_path.iterdir()) == []


def test_a_room_is_gone_after_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_room(tmp_path, "room"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_living_process_keeps_its_room_and_a_dead_one_loses_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "theirs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(BlockingIOError), held(tmp_path / "theirs"):
            pass
        with scratch_room(tmp_path, "ours"):
            assert (tmp_path / "theirs" / "about").read_bytes() == b"x"
        process.kill()
        process.wait()
        with scratch_room(tmp_path, "ours"):
            assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_a_room_that_cannot_be_filled_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        make_room(tmp_path / "room", {"no/such/place": b"x"})
    assert list(tmp_path.iterdir()) == []
