"""Instances that come over DICOMweb (PS3.18 section 10.5, STOW-RS): the same way in as every file's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import read_header
from porion.services.errors import OutOfSpace, StorageFailed, must
from porion.services.import_files import import_found
from porion.services.incoming import Skipped
from porion.services.receive import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.services.incoming import Found, Incoming
    from porion.services.ports import Porion
    from porion.services.receive import Outcome

# What names an instance stands near the beginning of its file.
_HEAD = 1 << 20


class Failure(IntEnum):
    """Why an instance was not taken (PS3.18 table I.2-1, PS3.4 table B.2-1)."""

    OUT_OF_RESOURCES = 0xA700
    OTHER_STUDY = 0xA900
    CANNOT_UNDERSTAND = 0xC000


@dataclass(frozen=True, slots=True)
class Named:
    """What a file says it is; empty where it says nothing."""

    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    study_uid: str = ""
    series_uid: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one instance; ``failure`` is None when it is safe."""

    named: Named
    failure: Failure | None
    reason: str = ""


def store_instances(
    porion: Porion, actor: Actor, parts: Sequence[Incoming], study_uid: str | None
) -> Sequence[Stored]:
    """Receive instances, only those of one study where the address names it; one outcome each, in order.

    OutOfSpace or StorageFailed when the disk refuses and nothing at all was kept.
    """
    must(actor, Action.IMPORT)
    named = [_named(part) for part in parts]
    found = [_fitting(part, one, study_uid) for part, one in zip(parts, named, strict=True)]
    told, refusal = _received(porion, actor, found)
    stored = [_stored(one, told.get(part.path), refusal) for part, one in zip(parts, named, strict=True)]
    if refusal is not None and all(one.failure is not None for one in stored):
        raise refusal
    return stored


def _named(part: Incoming) -> Named:
    with part.open() as stream:
        head = stream.read(_HEAD)
    try:
        header = read_header(head)
    except UnreadableDicom:
        return Named()
    words = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    return Named(*(header.text(word) or "" for word in words))


def _fitting(part: Incoming, named: Named, study_uid: str | None) -> Found:
    if study_uid is None or named.study_uid in ("", study_uid):
        return part
    return Skipped(part.path, "It belongs to another study than the address names.")


def _received(
    porion: Porion, actor: Actor, found: Sequence[Found]
) -> tuple[Mapping[str, Outcome], OutOfSpace | StorageFailed | None]:
    """Outcomes by the parts' names, and what stopped the rest."""
    told: dict[str, Outcome] = {}
    try:
        for outcome in import_found(porion, actor, "dicomweb", found):
            told[outcome.path] = outcome
    except (OutOfSpace, StorageFailed) as error:
        return told, error
    return told, None


def _stored(named: Named, outcome: Outcome | None, refusal: Exception | None) -> Stored:
    if outcome is None:
        return Stored(named, Failure.OUT_OF_RESOURCES, str(refusal or ""))
    if outcome.outcome is Result.SKIPPED:
        return Stored(named, Failure.OTHER_STUDY, outcome.reason or "")
    if outcome.outcome is Result.QUARANTINED:
        return Stored(named, Failure.CANNOT_UNDERSTAND, outcome.reason or "")
    return Stored(named, None, outcome.reason or "")
