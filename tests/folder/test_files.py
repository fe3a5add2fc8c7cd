"""Only a regular file is ever opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from porion.folder.files import NotRegularFile, open_regular


def test_a_regular_file_is_a_seekable_stream(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    with open_regular(tmp_path / "x") as stream:
        stream.seek(2)
        assert stream.read() == b"345"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    with pytest.raises(OSError, match="symbolic"):
        open_regular(tmp_path / "link")


def test_a_pipe_without_a_writer_neither_blocks_nor_opens(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotRegularFile, match="a pipe"):
        open_regular(tmp_path / "pipe")


@pytest.mark.parametrize(("path", "words"), [("/dev/null", "a device"), ("/", "a folder")])
def test_devices_and_folders_are_no_files(path: str, words: str) -> None:
    with pytest.raises(NotRegularFile, match=words):
        open_regular(Path(path))


def test_nothing_stays_open_after_a_refusal(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with pytest.raises(OSError):
            open_regular(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_socket_is_not_opened(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "door"))
        with pytest.raises(OSError):
            open_regular(tmp_path / "door")
