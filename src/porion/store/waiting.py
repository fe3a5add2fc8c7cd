"""Which instances wait in the spool, by what was written in front of them when they came."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.elements import UnreadableDicom
from porion.dicom.file_meta import LONGEST_PREFIX, read_seal
from porion.dicom.header import read_file_meta
from porion.store.about import read_about

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def waiting_uids(root: Path, clinic_id: str) -> Iterator[str]:
    """The SOP Instance UIDs of a clinic's sealed files in queues; whatever goes meanwhile is passed over."""
    for directory in root.glob("[!.]*"):
        about = read_about(directory) if directory.is_dir() else None
        if about is None or not about.queue or about.clinic_id != clinic_id:
            continue
        for path in directory.glob("*.dcm"):
            with suppress(FileNotFoundError, UnreadableDicom), path.open("rb", buffering=0) as file:
                head = file.read(LONGEST_PREFIX)
                if read_seal(head)[1] is not None:
                    yield read_file_meta(head)[0].text("MediaStorageSOPInstanceUID") or ""
