"""A running Porion with its DICOM door, and what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import read_header
from tests.cli.desk import Desk
from tests.cli.server import Server, serving

_FOLDERS = (files("pydicom") / "data" / "test_files", files("data_store") / "data")
_SOURCES = [path for folder in _FOLDERS for path in Path(str(folder)).rglob("*.dcm")]
SENDERS = ("STORESCU", "DCMSEND", "ECHOSCU", "ORTHANC", "PYNETDICOM", "DCMJS")


@dataclass(frozen=True)
class Receiving:
    """A Porion that receives: everything that it acknowledged is found in the archive or the quarantine."""

    desk: Desk
    server: Server

    @property
    def port(self) -> int:
        """Where it takes DICOM."""
        return self.port_of("dicom")

    def port_of(self, door: str) -> int:
        """The port of one of its doors."""
        return int(str((self.server.told("ready") or {})[door]).rpartition(":")[2])

    def archived(self) -> dict[str, Path]:
        """What the archive holds, by the digest of the data set, once the spool is empty."""
        while any(map(_waits, (self.desk.data / "spool").glob("*/*.dcm"))):
            self.server.process.poll()
        found = (self.desk.data / "archive").rglob("*.dcm")
        return {digest_of(path): path for path in found}


@contextmanager
def receiving(data: Path, *words: str) -> Iterator[Receiving]:
    """A Porion that knows every sender of these tests."""
    desk = Desk(data)
    for title in SENDERS:
        desk.do("device", "add", title, "--address", "127.0.0.1")
    with serving(data, *words) as server:
        yield Receiving(desk, server)


def _waits(path: Path) -> bool:
    """Whether an instance lies there; the worker may take it away at any moment."""
    with suppress(FileNotFoundError):
        return path.stat().st_size > 0
    return False


def digest_of(path: Path) -> str:
    """The digest of a file's data set."""
    content = path.read_bytes()
    return hashlib.sha256(memoryview(content)[read_header(content).data_set_offset :]).hexdigest()


def one_file_a_transfer_syntax() -> dict[str, Path]:
    """Of pydicom's test files the smallest of each transfer syntax that has the UIDs of an instance."""
    found: dict[str, Path] = {}
    for path in sorted(_SOURCES, key=lambda path: path.stat().st_size):
        try:
            header = read_header(path.read_bytes())
        except UnreadableDicom:
            continue
        stated = header.file_meta.text("TransferSyntaxUID")
        uids = [header.text(word) for word in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID")]
        same = header.text("SOPInstanceUID") == header.file_meta.text("MediaStorageSOPInstanceUID")
        if stated and all(uids) and same and not header.problems:
            found.setdefault(stated, path)
    return found
