"""The clinic's modality codes and DICOM's, both ways (PS3.3 section C.7.3.1.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ModalityRow:
    """A code of the clinic's, the DICOM codes that its images come under (the right one first), and why."""

    code: str
    dicom: tuple[str, ...]
    source: str


TABLE = (
    ModalityRow("OPG", ("PX", "DX", "CR", "IO", "RG", "OT"), "NewTom GO (DX class), Fuji CR, OpenREM 678"),
    ModalityRow("CEPH", ("DX", "CR", "PX", "RG", "OT"), "OpenREM 678: cephs as DX; CR from cassettes"),
    ModalityRow("PA", ("IO", "DX", "CR", "PX", "OT"), "IO of PS3.3; sensors that send DX"),
    ModalityRow("BW", ("IO", "DX", "CR", "PX", "OT"), "as periapicals"),
    ModalityRow("OCC", ("IO", "DX", "CR", "PX", "OT"), "as periapicals"),
    ModalityRow("CBCT", ("CT", "OT", "PX"), "DENT-OIP: CBCT is CT; exports as secondary capture"),
    ModalityRow("HW", ("DX", "CR", "RG"), "a radiograph of the hand"),
    ModalityRow("TMJ", ("PX", "DX", "CR", "CT"), "programs of panoramic units"),
)
_BY_CODE = {row.code: row for row in TABLE}


def dicom_codes(code: str) -> Sequence[str]:
    """Under which DICOM codes images of a modality may lie; a code that is DICOM's own stands for itself."""
    row = _BY_CODE.get(code.strip().upper())
    return row.dicom if row else (code.strip().upper(),)


def clinic_codes(dicom: Sequence[str]) -> Sequence[str]:
    """Which of the clinic's modalities images with these DICOM codes most likely are; none if unsure."""
    wanted = {code.strip().upper() for code in dicom}
    return [row.code for row in TABLE if row.dicom[0] in wanted and row.code in ("OPG", "CEPH", "PA", "CBCT")]
