"""What a header says that cannot be so: placeholders in the identity, sizes that the pixels do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.elements import Elements, PixelData, tag_of
from porion.dicom.identity import unknown_date_source
from porion.dicom.problems import Problems, shown

if TYPE_CHECKING:
    from porion.dicom.limits import Limits

# PS3.3 section C.7.6.3.1.2: pixels share their chrominance, so that fewer sixths are stored.
_SUBSAMPLED = {"YBR_FULL_422": 4, "YBR_PARTIAL_422": 4, "YBR_PARTIAL_420": 3}


def check_identity(data_set: Elements, problems: Problems) -> None:
    """Note a birth date that means "unknown" and a name that is not where names are looked for."""
    birth_date = data_set.text("PatientBirthDate")
    source = unknown_date_source(birth_date)
    if source:
        problems.add(f"{shown(birth_date)} means unknown: {source}", tag_of("PatientBirthDate"))
    if (data_set.text("PatientName") or "").startswith("="):
        reason = "the name is only in the ideographic or phonetic component group"
        problems.add(reason, tag_of("PatientName"))


def check_pixels(
    data_set: Elements, pixels: PixelData | None, there: int, limits: Limits, problems: Problems
) -> None:
    """Hold the declared size against the bytes that are ``there``. Only numbers are multiplied.

    PS3.3 section C.7.6.3 and PS3.5 section 8.1.1.
    """
    rows, columns = _count(data_set, "Rows", 0), _count(data_set, "Columns", 0)
    samples = _count(data_set, "SamplesPerPixel", 1)
    a_frame = rows * columns * samples
    if a_frame > limits.frame_samples:
        reason = (
            f"declares {rows} x {columns} x {samples} samples in a frame, more than {limits.frame_samples}"
        )
        problems.add(reason, tag_of("Rows"))
    if pixels is None:
        return
    if pixels.encapsulated:
        if pixels.length is None:
            problems.add("pixel data is shorter than declared: the file ends within it", tag_of("PixelData"))
        return
    declared = max(_declared_bytes(data_set, a_frame, samples), pixels.length or 0)
    if there < declared:
        problems.add(f"pixel data is shorter than declared: {there} of {declared} bytes", tag_of("PixelData"))


def _declared_bytes(data_set: Elements, a_frame: int, samples: int) -> int:
    """The bytes that native pixel data of the declared size takes, padding left out."""
    bits = a_frame * _count(data_set, "NumberOfFrames", 1) * _count(data_set, "BitsAllocated", 0)
    subsampled = _SUBSAMPLED.get(data_set.text("PhotometricInterpretation") or "", 6)
    return bits * (subsampled if samples == 3 else 6) // 48


def _count(data_set: Elements, keyword: str, otherwise: int) -> int:
    """A whole number above zero, or what holds when it is missing or is none."""
    number = data_set.integer(keyword)
    return number if number is not None and number > 0 else otherwise
