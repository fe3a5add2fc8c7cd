"""Everything that one file says, gathered before any row is written. Runs in any process."""

from __future__ import annotations

import hashlib

from porion.dicom.acquired import acquired_at
from porion.dicom.elements import Header, UnreadableDicom
from porion.dicom.file_meta import file_prefix
from porion.dicom.habits import NO_HABITS, Habits
from porion.dicom.header import read_header
from porion.dicom.slices import frame_geometries, is_volume_slice, slice_geometry
from porion.dicom.volume import Volume, assemble
from porion.services.arrival import Arrival, HeaderFacts, Unreadable
from porion.services.image_facts import image_facts, slice_facts
from porion.services.searched import count_of, keyed, searched_facts

_MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

_UIDS = ("SOPInstanceUID", "SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID")
# PS3.5 table 6.2-1 allows 64 characters; what is a little longer still tells instances apart.
_LONGEST_UID = 128


def examine(data: memoryview, digest: str | None = None, habits: Habits = NO_HABITS) -> Arrival | Unreadable:
    """Read, classify, dose and identify one file; it never raises for what the bytes hold.

    ``digest`` is the SHA-256 of its data set where that was taken while it arrived; ``habits`` are those
    of the device that sent it.
    """
    try:
        header = read_header(data, habits=habits)
    except UnreadableDicom as error:
        return _unreadable(data, str(error))
    reason = _no_instance(header)
    return _unreadable(data, reason) if reason else _arrival(data, header, digest)


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


def _arrival(data: memoryview, header: Header, digest: str | None) -> Arrival:
    facts, moment = _facts(header), acquired_at(header).value
    in_volume = is_volume_slice(header)
    image = slice_facts(header, moment) if in_volume else image_facts(header)
    return Arrival(
        digest=digest or hashlib.sha256(data[header.data_set_offset :]).hexdigest(),
        size=len(data),
        offset=header.data_set_offset,
        prefix=_prefix(header) if _prefix_is_untrue(header) else None,
        header=facts,
        image=image,
        grouping=_grouping(facts, image.claim_key, in_volume=in_volume),
        slice=slice_geometry(header) if in_volume else None,
        volume=None if in_volume or facts.frames < 2 else _own_volume(header),
        acquired_at=moment.isoformat() if moment else None,
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
        accession_number=keyed(header.text("AccessionNumber")),
        study_description=header.text("StudyDescription"),
        series_description=header.text("SeriesDescription"),
        images_in_acquisition=_count(header, "ImagesInAcquisition"),
        bits_allocated=_count(header, "BitsAllocated"),
        searched=searched_facts(header),
        step_ids=_step_ids(header),
    )


def _step_ids(header: Header) -> tuple[str, ...]:
    """The scheduled steps that an image names (PS3.3 table 10-9)."""
    named = (one.text("ScheduledProcedureStepID") for one in header.items_of("RequestAttributesSequence"))
    return tuple(one for one in named if one)


def _count(header: Header, keyword: str) -> int | None:
    return count_of(header.data_set, keyword)


def _own_volume(header: Header) -> Volume | None:
    frames = frame_geometries(header)
    return assemble(frames) if frames else None


def _grouping(facts: HeaderFacts, key: str, *, in_volume: bool) -> str:
    if not in_volume:
        return f"instance|{facts.sop_instance_uid}"
    # A series in which two people are claimed is two images, or one of them would see the other's.
    return f"series|{facts.study_instance_uid}|{facts.series_instance_uid}|{key}"


def _prefix(header: Header) -> bytes:
    return file_prefix(
        header.text("SOPClassUID") or "", header.text("SOPInstanceUID") or "", header.transfer_syntax
    )


def _prefix_is_untrue(header: Header) -> bool:
    stated = header.file_meta.text("TransferSyntaxUID")
    mended = any(problem.tag and problem.tag.startswith("(0002,") for problem in header.problems)
    return not header.has_preamble or stated != header.transfer_syntax or mended
