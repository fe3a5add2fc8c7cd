"""Whether the spool may take more."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from porion.services.errors import OutOfSpace, StorageFailed
from porion.store.disk import Unflushed
from porion.store.space import Space, why_distrusted


def test_without_limits_there_is_room(tmp_path: Path) -> None:
    Space(tmp_path).must_have_room()


def test_a_quota_counts_what_waits_and_what_was_just_added(tmp_path: Path) -> None:
    moments = iter([0.0, 0.0, 0.5, 5.0, 5.0])
    space = Space(tmp_path, quota=100, clock=lambda: next(moments))
    space.must_have_room()
    space.taken(101)
    with pytest.raises(OutOfSpace, match="the worker is behind"):
        space.must_have_room()
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "1.dcm").write_bytes(bytes(99))
    space.must_have_room()


def test_what_the_worker_takes_away_meanwhile_counts_as_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "batch").mkdir()
    gone = tmp_path / "batch" / "1.dcm"
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: iter([gone]))
    Space(tmp_path, quota=1).must_have_room()


def test_a_disk_that_lied_is_trusted_by_nobody_until_a_restart(tmp_path: Path) -> None:
    space, another_process = Space(tmp_path), Space(tmp_path)
    assert why_distrusted(tmp_path) == ""
    with pytest.raises(OSError), space.flushing():
        raise Unflushed(errno.EIO, os.strerror(errno.EIO))
    for one in (space, another_process):
        with pytest.raises(StorageFailed, match="a flush failed"):
            one.must_have_room()
    assert "a flush failed" in why_distrusted(tmp_path)
    space.trust_again()
    space.must_have_room()
    another_process.must_have_room()


def test_a_disk_that_takes_no_note_is_not_trusted_either(tmp_path: Path) -> None:
    space = Space(tmp_path / "gone")
    space.break_down("a flush failed")
    with pytest.raises(StorageFailed, match="a flush failed"):
        space.must_be_trusted()
