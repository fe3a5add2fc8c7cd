"""What the archive holds, read back and held against the files that it came from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from porion.dicom.header import read_header


def data_set_digest(content: bytes) -> str:
    """The digest of a file's data set: what stands after preamble and file meta information."""
    data = memoryview(content)
    return hashlib.sha256(data[read_header(data).data_set_offset :]).hexdigest()


def archived_files(data: Path) -> list[Path]:
    """Every file of a data directory's archive but those in quarantine."""
    return sorted((data / "archive").glob("*/images/*/*.dcm"))


def quarantined_files(data: Path) -> list[Path]:
    """Every file that was put into quarantine."""
    return sorted((data / "archive").glob("*/quarantine/*/*.dcm"))
