"""A copy of frames, from which each is read by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from porion.pixels.copies import BrokenCopy, CopyHead, read_frame, read_head, write_copy

FRAMES = [(b"first", -5, 7), (b"", 0, 0), (b"the third one", 1, 4095)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    write_copy(path, 3, FRAMES)
    return path


def test_each_frame_comes_back(copy: Path) -> None:
    assert read_head(copy) == CopyHead(3, -5, 4095)
    assert [read_frame(copy, n, 3) for n in (3, 1, 2)] == [b"the third one", b"first", b""]


def test_a_copy_of_other_frames_is_none(copy: Path) -> None:
    with pytest.raises(BrokenCopy):
        read_frame(copy, 1, 4)


@pytest.mark.parametrize("length", [0, 8, 31, 40, 70])
def test_a_copy_that_is_cut_off_is_none(copy: Path, length: int) -> None:
    copy.write_bytes(copy.read_bytes()[:length])
    with pytest.raises(BrokenCopy):
        read_frame(copy, 3, 3)


def test_anything_else_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"something else entirely" * 9)
    with pytest.raises(BrokenCopy):
        read_head(tmp_path / "x")
