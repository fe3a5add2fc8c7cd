"""The rows that services and store speak about, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from porion.dicom.habits import Habits

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

Json = dict[str, Any]


@cache
def column_names(record: Any) -> tuple[str, ...]:
    """The fields of a record's class, in their order."""
    return tuple(f.name for f in fields(record))


def columns(row: Any) -> Json:
    """A record as a dictionary, its values as they are: unlike ``asdict`` it copies nothing."""
    return {name: getattr(row, name) for name in column_names(row.__class__)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from: the door, who sent them and the name they had there.

    ``device`` is the identifier of the approved device, the last two are its habits when it sent.
    """

    door: str
    label: str = ""
    ae_title: str | None = None
    actor: str | None = None
    device: str | None = None
    character_set: str = ""
    dap_unit: str = ""

    @property
    def habits(self) -> Habits:
        """How the device writes."""
        return Habits(self.character_set, self.dap_unit)


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study as the clinic holds it (Study Instance UID, date and description as stated).

    ``day`` and ``time`` are date and time where they are such, ``dicom_id`` is the Study ID.
    """

    id: str
    study_instance_uid: str
    study_date: str | None = None
    accession_number: str | None = None
    description: str | None = None
    day: str | None = None
    time: str | None = None
    dicom_id: str | None = None
    referring_physician: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series of a study; ``step_day`` to ``requested_procedure_id`` are what a worklist gave its device."""

    id: str
    study_id: str
    series_instance_uid: str
    modality: str | None = None
    description: str | None = None
    number: int | None = None
    step_day: str | None = None
    step_time: str | None = None
    scheduled_step_id: str | None = None
    requested_procedure_id: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One received instance: a data set, its digest, and the image that it belongs to.

    ``conflicts_with`` names the instance that came first under the same SOP Instance UID with
    another data set; such an instance belongs to no image.
    """

    id: str
    series_id: str
    sop_instance_uid: str
    sop_class_uid: str
    digest: str
    size: int
    transfer_syntax: str
    frames: int
    received_at: datetime
    image_id: str | None = None
    instance_number: int | None = None
    geometry: Json | None = None
    conflicts_with: str | None = None
    path: str = ""
    exposure_id: str | None = None
    rows: int | None = None
    columns: int | None = None
    bits_allocated: int | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A pending item: what waits (or waited) of one study under one claimed identity."""

    id: str
    study_id: str
    claim_key: str
    claim: Json
    state: str
    created_at: datetime
    patient_id: str | None = None
    split_from: str | None = None
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ImageRow:
    """What a clinician calls one X-ray: a 2D instance, or a volume of many.

    ``grouping`` tells which instances make one image. The state follows from the item. ``exposure_id``
    is that of the first instance; a series may have taken several exposures.
    """

    id: str
    item_id: str
    study_id: str
    series_id: str
    grouping: str
    file_type: str
    category: str | None
    category_confidence: float
    category_evidence: list[Json]
    needs_review: bool
    modality: str | None
    dicom_modality: str | None
    device_protocol: str
    source_key: str
    source: Json
    received_at: datetime
    instance_id: str | None = None
    exposure_id: str | None = None
    acquired_at: str | None = None
    rows: int | None = None
    columns: int | None = None
    frames: int = 1
    slices: int | None = None
    volume: Json | None = None
    pixel_spacing: Json | None = None
    laterality: str | None = None
    teeth: list[int] = field(default_factory=list)
    problems: list[Json] = field(default_factory=list)
    corrected_by: str | None = None


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One irradiation event with its dose facts; None is unknown and ``missing`` says why."""

    id: str
    study_id: str
    event_key: str
    event_uid: str | None
    event_uid_source: str
    started_at: str | None
    dap_mgycm2: Decimal | None = None
    entrance_mgy: Decimal | None = None
    ctdivol_mgy: Decimal | None = None
    dlp_mgycm: Decimal | None = None
    kvp: Decimal | None = None
    tube_ma: Decimal | None = None
    time_ms: Decimal | None = None
    mas: Decimal | None = None
    missing: Json = field(default_factory=dict)
    problems: list[Json] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LoggedExposure:
    """A line of the clinic's exposure log: an exposure, what its image shows, and whose that is.

    Of several images it is one that somebody linked, as far as there is one, else the first.

    ``day`` is that of the exposure, else that on which its image was acquired, else that on which it came in
    (UTC). ``state`` is that of the image's item; only a linked one has a patient.
    """

    exposure: ExposureRow
    image_id: str
    category: str | None
    modality: str | None
    source: Json
    laterality: str | None
    teeth: list[int]
    acquired_at: str | None
    received_at: datetime
    state: str
    patient_id: str | None

    @property
    def made_at(self) -> str:
        """The moment, ISO 8601; without an offset it is the device's own time."""
        return self.exposure.started_at or self.acquired_at or self.received_at.isoformat()

    @property
    def dated_by(self) -> str:
        """What the moment is of: the exposure, its image, or the receipt, which says nothing of an age."""
        return "exposure" if self.exposure.started_at else "image" if self.acquired_at else "receipt"

    @property
    def day(self) -> date:
        """The day, where the device stands."""
        return date.fromisoformat(self.made_at[:10])


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A reference level of the clinic; there is one for a kind, a quantity and an age."""

    id: str
    category: str
    quantity: str
    ages: str
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """One dose number as it was found: evidence, never edited."""

    exposure_id: str
    quantity: str
    raw_text: str
    raw_unit: str
    value: Decimal | None
    unit_status: str
    source: str
    tag: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """Bytes that could not be read as an instance, kept with the reason."""

    id: str
    digest: str
    size: int
    reason: str
    path: str
    source: Json
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What a person decided: appended, never changed; undo is another row."""

    id: str
    kind: str
    item_id: str | None
    image_id: str | None
    patient_id: str | None
    actor: str
    made_at: datetime
    subject: str
    detail: Json
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person who may sign in."""

    id: str
    clinic_id: str
    email: str
    role: str
    state: str
    password_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A session, an API token or a one-time link: only the digest of its secret is kept."""

    id: str
    clinic_id: str
    kind: str
    name: str
    secret_digest: str
    created_at: datetime
    user_id: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that sends, or asked to: its AE title, the addresses it may come from, its certificate.

    ``address`` is a range (CIDR), ``certificate`` a SHA-256 fingerprint, ``port`` where it listens itself.
    ``asked`` is what it wanted last and what became of it. ``character_set`` and ``dap_unit`` are its
    :class:`~porion.dicom.habits.Habits`; ``quirks`` counts the instances in which each thing was
    read otherwise than written. ``rights`` are words of :class:`~porion.services.rights.Right`.
    """

    id: str
    ae_title: str
    address: str
    name: str
    state: str
    created_at: datetime
    updated_at: datetime
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    certificate: str | None = None
    port: int | None = None
    asked: Json = field(default_factory=dict)
    stored: int = 0
    failed: int = 0
    bytes: int = 0
    last_error: str | None = None
    last_error_at: datetime | None = None
    character_set: str = ""
    dap_unit: str = ""
    quirks: Json = field(default_factory=dict)
    rights: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FailureRow:
    """What went wrong on the network before anybody said a name."""

    id: str
    at: datetime
    address: str
    tls: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A clinic's DICOM network; empty addresses are not listened at."""

    clinic_id: str
    updated_at: datetime
    ae_title: str = "PORION"
    listen: str = ""
    tls_listen: str = ""
    accept_unknown_classes: bool = False


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """What a device asked us to commit to (PS3.4 annex J).

    ``asked`` are pairs of SOP Class and SOP Instance UID, ``failed`` the same with a Failure Reason.
    ``next_attempt_at`` is when it is looked at again, None when it is over.
    """

    id: str
    device_id: str
    transaction_uid: str
    peer: Json
    asked: list[list[str]]
    state: str
    requested_at: datetime
    next_attempt_at: datetime | None
    attempts: int = 0
    failed: list[list[Any]] = field(default_factory=list)
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class LinkingSourceRow:
    """Whether certain images of a source are linked unattended, and how many were.

    One link in ``one_in`` is sampled for a person to judge. ``stopped`` says why it was switched off.
    """

    source_key: str
    unattended: bool
    one_in: int
    linked: int
    changed_by: str
    changed_at: datetime
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """An unattended link that a person is to judge: open, confirmed or refuted."""

    id: str
    decision_id: str
    source_key: str
    state: str
    made_at: datetime
    judged_by: str | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedMessageRow:
    """A message of a feed and what became of it; ``digest`` covers what it says of the register."""

    source: str
    message_id: str
    digest: str
    outcome: str
    patient_id: str | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What a list of images is narrowed to; None narrows nothing."""

    patient_id: str | None = None
    item_id: str | None = None
    study_id: str | None = None
    status: str | None = None
    category: str | None = None
    file_type: str | None = None
    needs_review: bool | None = None
