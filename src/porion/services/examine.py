"""Everything that one file says, gathered before any row is written. Runs in any process."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace

from porion.dicom.acquired import acquired_at
from porion.dicom.classify import classify, device_protocol_key
from porion.dicom.elements import Header, UnreadableDicom
from porion.dicom.exposure import Exposure, read_exposure
from porion.dicom.header import read_header
from porion.dicom.identity import claim_key, claimed_identity
from porion.dicom.scale import pixel_scale
from porion.dicom.slices import frame_geometries, is_volume_slice, slice_geometry
from porion.dicom.teeth import laterality, teeth
from porion.dicom.volume import Volume, assemble
from porion.services.arrival import Arrival, HeaderFacts, Unreadable

# Porion as the writer of a file meta group (PS3.10 section 7.1); a UID below the UUID root of PS3.5 B.2.
IMPLEMENTATION_CLASS_UID = "2.25.302043790172249692526321623266752743501"
IMPLEMENTATION_VERSION = "PORION_0.1"
_MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

_UIDS = ("SOPInstanceUID", "SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID")
# PS3.5 table 6.2-1 allows 64 characters; what is a little longer still tells instances apart.
_LONGEST_UID = 128
# Rows are found by these texts, and an index takes only so much.
_LONGEST_KEY = 200
# The range of IS and SL (PS3.5 table 6.2-1); a count beyond it counts nothing.
_LARGEST = 2**31 - 1


def examine(data: memoryview) -> Arrival | Unreadable:
    """Read, classify, dose and identify one file; it never raises for what the bytes hold."""
    try:
        header = read_header(data)
    except UnreadableDicom as error:
        return _unreadable(data, str(error))
    reason = _no_instance(header)
    return _unreadable(data, reason) if reason else _arrival(data, header)


def _no_instance(header: Header) -> str | None:
    """Why this cannot be an instance of its own, or None."""
    if header.text("SOPClassUID") == _MEDIA_DIRECTORY or header.items_of("DirectoryRecordSequence"):
        return "A media directory (DICOMDIR), not an image; import its folder."
    missing = [keyword for keyword in _UIDS if not header.text(keyword)]
    if missing:
        return f"No {', '.join(missing)}: without it an instance cannot be told apart."
    endless = [keyword for keyword in _UIDS if len(header.text(keyword) or "") > _LONGEST_UID]
    return f"{', '.join(endless)} longer than {_LONGEST_UID} characters: no UID at all." if endless else None


def _unreadable(data: memoryview, reason: str) -> Unreadable:
    return Unreadable(hashlib.sha256(data).hexdigest(), len(data), reason)


def _arrival(data: memoryview, header: Header) -> Arrival:
    facts = _facts(header)
    claim = claimed_identity(header)
    key = claim_key(claim)
    in_volume = is_volume_slice(header)
    volume = None if in_volume or facts.frames < 2 else _own_volume(header)
    return Arrival(
        digest=hashlib.sha256(data[header.data_set_offset :]).hexdigest(),
        size=len(data),
        offset=header.data_set_offset,
        prefix=file_prefix(header) if _prefix_is_untrue(header) else None,
        header=facts,
        verdict=classify(header),
        exposure=_exposure(header),
        claim=claim,
        claim_key=key,
        grouping=_grouping(facts, key, in_volume=in_volume),
        slice=slice_geometry(header) if in_volume else None,
        volume=volume,
        scale=pixel_scale(header),
        acquired_at=_acquired(header),
        laterality=laterality(header),
        teeth=teeth(header),
        device_protocol=_key(device_protocol_key(header)),
        device=_device(header),
        problems=header.problems,
    )


def _facts(header: Header) -> HeaderFacts:
    return HeaderFacts(
        sop_instance_uid=str(header.text("SOPInstanceUID")),
        sop_class_uid=str(header.text("SOPClassUID")),
        study_instance_uid=str(header.text("StudyInstanceUID")),
        series_instance_uid=str(header.text("SeriesInstanceUID")),
        transfer_syntax=header.transfer_syntax,
        frames=max(1, _count(header, "NumberOfFrames") or 1),
        instance_number=_count(header, "InstanceNumber"),
        rows=_count(header, "Rows"),
        columns=_count(header, "Columns"),
        modality=header.text("Modality"),
        study_date=header.text("StudyDate"),
        accession_number=header.text("AccessionNumber"),
        study_description=header.text("StudyDescription"),
        series_description=header.text("SeriesDescription"),
        images_in_acquisition=_count(header, "ImagesInAcquisition"),
    )


def _count(header: Header, keyword: str) -> int | None:
    number = header.integer(keyword)
    return number if number is not None and abs(number) <= _LARGEST else None


def _key(text: str) -> str:
    if len(text) <= _LONGEST_KEY:
        return text
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _exposure(header: Header) -> Exposure | None:
    exposure = read_exposure(header)
    return replace(exposure, event_key=_key(exposure.event_key)) if exposure else None


def _own_volume(header: Header) -> Volume | None:
    frames = frame_geometries(header)
    return assemble(frames) if frames else None


def _grouping(facts: HeaderFacts, key: str, *, in_volume: bool) -> str:
    if not in_volume:
        return f"instance|{facts.sop_instance_uid}"
    # A series in which two people are claimed is two images, or one of them would see the other's.
    return f"series|{facts.study_instance_uid}|{facts.series_instance_uid}|{key}"


def _acquired(header: Header) -> str | None:
    moment = acquired_at(header).value
    return moment.isoformat() if moment else None


def _device(header: Header) -> str:
    parts = (header.text(word) for word in ("Manufacturer", "ManufacturerModelName", "StationName"))
    return " ".join(part for part in parts if part)[:_LONGEST_KEY]


def _prefix_is_untrue(header: Header) -> bool:
    stated = header.file_meta.text("TransferSyntaxUID")
    mended = any(problem.tag and problem.tag.startswith("(0002,") for problem in header.problems)
    return not header.has_preamble or stated != header.transfer_syntax or mended


def file_prefix(header: Header) -> bytes:
    """A preamble of zeros and a file meta group that says what the data set is (PS3.10 section 7.1)."""
    meta = (
        struct.pack("<HH2sHIH", 0x0002, 0x0001, b"OB", 0, 2, 0x0100)
        + _meta_text(0x0002, b"UI", header.text("SOPClassUID") or "")
        + _meta_text(0x0003, b"UI", header.text("SOPInstanceUID") or "")
        + _meta_text(0x0010, b"UI", header.transfer_syntax)
        + _meta_text(0x0012, b"UI", IMPLEMENTATION_CLASS_UID)
        + _meta_text(0x0013, b"SH", IMPLEMENTATION_VERSION)
    )
    length = struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(meta))
    return bytes(128) + b"DICM" + length + meta


def _meta_text(element: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii", "replace")
    value += (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return struct.pack("<HH2sH", 0x0002, element, vr, len(value)) + value
