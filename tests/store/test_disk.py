from __future__ import annotations

import errno
from pathlib import Path

import pytest

from porion.services.errors import OutOfSpace, PorionError, StorageFailed
from porion.store.disk import flush_directories, mapped, told_in_words, write_durably


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (errno.ENOSPC, OutOfSpace, "the disk is full"),
        (errno.EDQUOT, OutOfSpace, "the disk is full"),
        (errno.EFBIG, OutOfSpace, "the disk is full"),
        (errno.EIO, StorageFailed, "broken"),
        (errno.EROFS, StorageFailed, "broken"),
    ],
)
def test_the_systems_refusals_are_told_in_words(code: int, kind: type[PorionError], words: str) -> None:
    with pytest.raises(kind, match=f"The spool: {words}"), told_in_words("The spool"):
        raise OSError(code, "broken")


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ValueError, match="other"), told_in_words("The spool"):
        raise ValueError("other")


@pytest.mark.parametrize("content", [b"", b"abc", b"x" * 100_000])
def test_a_mapped_file_is_its_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with mapped(path) as view:
        assert bytes(view) == content
        assert view.readonly


def test_a_small_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "about.json"
    for content in (b"first", b"second"):
        write_durably(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["about.json"]


def test_directories_can_be_flushed_and_missing_ones_cannot(tmp_path: Path) -> None:
    flush_directories([tmp_path, tmp_path])
    with pytest.raises(FileNotFoundError):
        flush_directories([tmp_path / "missing"])
