"""What examining one file comes to: an arrival with everything that it says, or why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porion.dicom.exposure import Exposure
    from porion.dicom.person import ClaimedIdentity
    from porion.dicom.problems import Problem
    from porion.dicom.scale import PixelScale
    from porion.dicom.slices import SliceGeometry
    from porion.dicom.verdict import Verdict
    from porion.dicom.volume import Volume


@dataclass(frozen=True, slots=True)
class SearchedFacts:
    """What DICOM queries ask for and nothing else of ours does; dates and times where they are such."""

    study_day: str | None
    study_time: str | None
    study_id: str
    referring_physician: str
    timezone: str
    series_number: int | None
    step_day: str | None
    step_time: str | None
    scheduled_step_id: str
    requested_procedure_id: str


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """The attributes that rows are made of, as stated."""

    sop_instance_uid: str
    sop_class_uid: str
    study_instance_uid: str
    series_instance_uid: str
    transfer_syntax: str
    frames: int
    instance_number: int | None
    rows: int | None
    columns: int | None
    modality: str | None
    study_date: str | None
    accession_number: str | None
    study_description: str | None
    series_description: str | None
    images_in_acquisition: int | None
    bits_allocated: int | None
    searched: SearchedFacts
    step_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What all instances of an image say alike: what it shows, whose it claims to be, what dose it cost.

    Only the moment at which the exposure started may differ from slice to slice.
    """

    verdict: Verdict
    exposure: Exposure | None
    claim: ClaimedIdentity
    claim_key: str
    scale: PixelScale
    laterality: str | None
    teeth: tuple[int, ...]
    device_protocol: str
    device: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One readable instance: what it says of itself and of its image, and where it belongs.

    ``prefix`` is the preamble and file meta group to write in front of the data set when the file's
    own are missing or untrue; ``offset`` is where its data set begins. ``grouping`` is shared by all
    instances that make one image.
    """

    digest: str
    size: int
    offset: int
    prefix: bytes | None
    header: HeaderFacts
    image: ImageFacts
    grouping: str
    slice: SliceGeometry | None
    volume: Volume | None
    acquired_at: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot become an instance, and why; ``digest`` is of all its bytes."""

    digest: str
    size: int
    reason: str
