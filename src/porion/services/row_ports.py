"""The rows that the services ask for: one protocol for each matter, all in one clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from porion.clinic.matching import Register

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from porion.clinic.patient import Patient
    from porion.dicom.person import Identifier
    from porion.dicom.slices import SliceGeometry
    from porion.services.audit_records import AuditRow
    from porion.services.records import (
        CommitmentRow,
        CredentialRow,
        DecisionRow,
        DeviceRow,
        ExposureRow,
        FailureRow,
        FeedMessageRow,
        ImageFilter,
        ImageRow,
        InstanceRow,
        ItemRow,
        Json,
        LevelRow,
        LinkingSourceRow,
        LoggedExposure,
        NetworkRow,
        ObservationRow,
        QuarantineRow,
        SampleRow,
        SeriesRow,
        StudyRow,
        UserRow,
    )


class ImagingRows(Protocol):
    """Studies, series, instances and images of one clinic."""

    def instances_by_uid(self, uids: Collection[str]) -> Mapping[str, Sequence[InstanceRow]]:
        """What the clinic holds under these SOP Instance UIDs, the first received first."""

    def studies_by_uid(self, uids: Collection[str]) -> Mapping[str, StudyRow]:
        """Studies by Study Instance UID."""

    def series_by_uid(self, study_ids: Collection[str]) -> Mapping[tuple[str, str], SeriesRow]:
        """The studies' series by study and Series Instance UID."""

    def images_by_grouping(self, groupings: Collection[str]) -> Mapping[str, ImageRow]:
        """Images by what groups their instances."""

    def instances_of(self, image_id: str) -> Sequence[InstanceRow]:
        """An image's instances in the order they came."""

    def instances_after(self, instance_id: str, limit: int) -> Sequence[InstanceRow]:
        """Instances of images in the order they came, behind that one."""

    def geometries_of(self, image_id: str) -> Sequence[SliceGeometry]:
        """The geometry of an image's slices, in the order they came."""

    def add_studies(self, rows: Sequence[StudyRow]) -> None:
        """Insert studies."""

    def add_series(self, rows: Sequence[SeriesRow]) -> None:
        """Insert series."""

    def add_images(self, rows: Sequence[ImageRow]) -> None:
        """Insert images."""

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """Insert instances."""

    def update_image(self, image_id: str, changes: Json) -> None:
        """Change columns of an image."""

    def image(self, image_id: str) -> ImageRow | None:
        """One image."""

    def images_of(self, item_ids: Collection[str]) -> Mapping[str, Sequence[ImageRow]]:
        """The images of each item, in the order they came."""

    def study(self, study_id: str) -> StudyRow | None:
        """One study."""

    def series(self, series_id: str) -> SeriesRow | None:
        """One series."""

    def studies_by_id(self, ids: Collection[str]) -> Mapping[str, StudyRow]:
        """Studies by their identifiers."""

    def series_by_id(self, ids: Collection[str]) -> Mapping[str, SeriesRow]:
        """Series by their identifiers."""

    def list_images(self, wanted: ImageFilter, after: str | None, limit: int) -> Sequence[ImageRow]:
        """Images that pass the filter, newest first, after a cursor."""

    def newest_from(self, ae_title: str, limit: int) -> Sequence[ImageRow]:
        """The newest images that a device of that AE title sent."""

    def conflicts(self, after: str | None, limit: int) -> Sequence[InstanceRow]:
        """Instances whose SOP Instance UID had come before with another data set."""

    def add_quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        """Insert quarantined files."""

    def quarantined(self, after: str | None, limit: int) -> Sequence[QuarantineRow]:
        """Quarantined files, newest first."""

    def quarantined_digests(self, digests: Collection[str]) -> frozenset[str]:
        """Which of the digests are in quarantine already."""

    def instance(self, instance_id: str) -> InstanceRow | None:
        """One instance."""

    def state_counts(self) -> Mapping[str, int]:
        """How many instances are in each state; every received one is counted exactly once."""

    def digests(self) -> Iterator[str]:
        """The digest of every data set that the archive must hold."""


class ExposureRows(Protocol):
    """Exposures and their observations."""

    def by_key(self, event_keys: Collection[str]) -> Mapping[str, ExposureRow]:
        """Exposures by event key."""

    def by_id(self, ids: Collection[str]) -> Mapping[str, ExposureRow]:
        """Exposures by their identifiers."""

    def observations(self, ids: Collection[str]) -> Mapping[str, Sequence[ObservationRow]]:
        """The observations of each exposure in the order they were made."""

    def save(self, told: Sequence[tuple[ExposureRow, Sequence[ObservationRow]]]) -> None:
        """Write exposures; observations are only ever added."""

    def of_patient(self, patient_id: str) -> Sequence[tuple[ExposureRow, ImageRow]]:
        """A patient's exposures, newest first, each with the first image that shows it."""

    def made_between(self, first: date, last: date) -> Sequence[LoggedExposure]:
        """All exposures of these days, both included, in the order in which they were made."""

    def levels(self) -> Sequence[LevelRow]:
        """The clinic's reference levels by kind, quantity and age."""

    def set_level(self, row: LevelRow) -> None:
        """Insert a reference level in the place of the one for the same kind, quantity and age."""

    def remove_level(self, level_id: str) -> bool:
        """Whether there was such a reference level; it is gone."""


class InboxRows(Protocol):
    """Pending items, decisions and what was remembered of them."""

    def open_items(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], ItemRow]:
        """Items that still wait, by study and claim; what was split off stays apart."""

    def items(self, ids: Collection[str]) -> Mapping[str, ItemRow]:
        """Items by their identifiers."""

    def list_items(self, state: str | None, after: str | None, limit: int) -> Sequence[ItemRow]:
        """Items that have images, oldest first: whoever waits longest stands on top."""

    def add_items(self, rows: Sequence[ItemRow]) -> None:
        """Insert items."""

    def update_item(self, item_id: str, expected_version: int, changes: Json) -> bool:
        """Change an item unless somebody else did first."""

    def add_decision(self, row: DecisionRow) -> None:
        """Append a decision."""

    def decision(self, decision_id: str) -> DecisionRow | None:
        """One decision."""

    def decisions_of(self, item_id: str) -> Sequence[DecisionRow]:
        """An item's decisions, oldest first."""

    def decisions_on_image(self, image_id: str) -> Sequence[DecisionRow]:
        """An image's own decisions (its category), oldest first."""

    def undone(self, decision_ids: Collection[str]) -> frozenset[str]:
        """Which of the decisions were taken back."""

    def corrections(self, subjects: Collection[str]) -> Mapping[str, DecisionRow]:
        """The latest category that a person gave and did not take back, by device and protocol."""

    def remember(self, claim_key: str, sources: Collection[str], decision: DecisionRow) -> None:
        """Keep a link to propose it for the next image with this claim from these sources."""

    def forget(self, decision_id: str) -> None:
        """Propose a decision no more."""

    def remembered(self, claim_key: str, sources: Collection[str]) -> DecisionRow | None:
        """The latest link that a person made for this claim from one of these sources."""

    def items_of_study(self, study_id: str) -> Sequence[ItemRow]:
        """A study's items, whatever their state."""

    def ruled_out(self, claim_key: str) -> frozenset[str]:
        """The patients whom a person said that this claim is certainly not."""

    def items_of_patient(self, patient_id: str) -> Sequence[ItemRow]:
        """The items that are linked to a patient, oldest first."""

    def merge_of(self, gone_id: str) -> DecisionRow | None:
        """The standing merge in which that patient went."""

    def move_items(self, from_patient: str, to_patient: str) -> Sequence[str]:
        """Give a merged patient's items to the patient that stays; answers which."""


class PatientRows(Register, Protocol):
    """The register of one clinic; it answers the matcher's questions too."""

    def size(self) -> int:
        """How many patients are active."""

    def get(self, patient_id: str) -> Patient | None:
        """One patient, merged ones too."""

    def by_id(self, ids: Collection[str]) -> Mapping[str, Patient]:
        """Patients by their identifiers, merged ones too."""

    def add(self, patient: Patient, at: datetime) -> None:
        """Insert a patient."""

    def replace(self, patient: Patient, expected_version: int, at: datetime) -> bool:
        """Write a patient's new state unless somebody else changed it first."""

    def list(self, words: str | None, after: str | None, limit: int) -> Sequence[Patient]:
        """Active patients whose names or identifiers contain every word."""

    def by_identifier(self, issuer: str, value: str) -> Sequence[Patient]:
        """Active patients that carry exactly this identifier."""

    def born_on(self, born: date, limit: int) -> Sequence[Patient]:
        """Active patients of that birth date."""

    def gone_into(self, patient_id: str) -> Sequence[Patient]:
        """The entries of which that patient took the place."""


class AccountRows(Protocol):
    """Users and credentials; the only rows that are looked up before a clinic is known."""

    def clinics(self) -> Sequence[tuple[str, str]]:
        """Every clinic's identifier and name, the first one first."""

    def add_clinic(self, clinic_id: str, name: str, at: datetime) -> None:
        """Insert a clinic."""

    def rename_clinic(self, clinic_id: str, name: str) -> None:
        """Give a clinic its name."""

    def user(self, user_id: str) -> UserRow | None:
        """One user."""

    def user_by_email(self, email: str) -> UserRow | None:
        """The user with that e-mail address."""

    def users(self, clinic_id: str) -> Sequence[UserRow]:
        """A clinic's users."""

    def add_user(self, row: UserRow) -> None:
        """Insert a user."""

    def update_user(self, user_id: str, changes: Json) -> None:
        """Change columns of a user."""

    def add_credential(self, row: CredentialRow) -> None:
        """Insert a session, token or one-time link."""

    def credential(self, kind: str, secret_digest: str) -> CredentialRow | None:
        """The credential with that secret, revoked and expired ones too."""

    def credentials(self, user_id: str, kind: str) -> Sequence[CredentialRow]:
        """A user's credentials of a kind that are not revoked."""

    def revoke(self, credential_id: str, at: datetime) -> None:
        """End a credential."""

    def revoke_kind(self, clinic_id: str, kind: str, user_id: str | None, at: datetime) -> None:
        """End all credentials of a kind that a user of the clinic holds, or that nobody holds."""


class DeviceRows(Protocol):
    """Devices of one clinic."""

    def all(self) -> Sequence[DeviceRow]:
        """The clinic's devices by title and address."""

    def get(self, device_id: str) -> DeviceRow | None:
        """One device."""

    def titled(self, ae_title: str) -> Sequence[DeviceRow]:
        """The devices of that AE title."""

    def waiting(self) -> Sequence[DeviceRow]:
        """Those that wait for approval, the one that was seen longest ago first."""

    def add(self, row: DeviceRow) -> None:
        """Insert a device."""

    def update(self, device_id: str, changes: Json) -> bool:
        """Change columns of a device; False when it has gone."""

    def remove(self, device_id: str) -> None:
        """Delete a device."""

    def add_failure(self, row: FailureRow, keep: int) -> None:
        """Insert a failure; only the newest ``keep`` stay."""

    def failures(self, limit: int) -> Sequence[FailureRow]:
        """Failures, newest first."""


class NetworkRows(Protocol):
    """The networks of all clinics: looked up by the title that a device calls."""

    def all(self) -> Sequence[NetworkRow]:
        """Every clinic's network that was set up."""

    def save(self, row: NetworkRow) -> None:
        """Insert or change a clinic's network."""


class CommitmentRows(Protocol):
    """Storage commitments of one clinic."""

    def asked_for(self, device_id: str, transaction_uid: str) -> CommitmentRow | None:
        """What a device asked for under a Transaction UID."""

    def due(self, now: datetime) -> Sequence[CommitmentRow]:
        """Those that are to be looked at by now, the longest due first."""

    def list(self, after: str | None, limit: int) -> Sequence[CommitmentRow]:
        """All of them, newest first."""

    def add(self, row: CommitmentRow) -> None:
        """Insert one."""

    def update(self, commitment_id: str, changes: Json) -> None:
        """Change columns of one."""

    def claim(self, row: CommitmentRow, changes: Json) -> bool:
        """Change columns of one that is due as it was read; whether nobody was quicker."""

    def hasten(self, device_id: str, now: datetime) -> None:
        """Make everything that is still under way for a device due."""

    def clinics_with_due(self, now: datetime) -> Sequence[str]:
        """The clinics that have something due, whichever the transaction is for."""


class LinkingRows(Protocol):
    """Which sources link unattended, and the samples of what they linked."""

    def seen(self) -> Mapping[str, int]:
        """Every source that images came from, and how many did."""

    def source(self, source_key: str) -> LinkingSourceRow | None:
        """What was set for a source."""

    def sources(self) -> Sequence[LinkingSourceRow]:
        """What was set for all sources."""

    def save(self, row: LinkingSourceRow) -> None:
        """Write what is set for a source."""

    def settled(self, sources: Collection[str], after: datetime, before: datetime) -> Sequence[str]:
        """The pending items with images of these sources whose latest image came in that span."""

    def add_sample(self, row: SampleRow) -> None:
        """Insert a sample."""

    def sample(self, sample_id: str) -> SampleRow | None:
        """One sample."""

    def samples(self, state: str | None, limit: int) -> Sequence[SampleRow]:
        """Samples, oldest first."""

    def judge(self, sample_id: str, changes: Json) -> bool:
        """Write what became of a sample that is still open; whether it was."""


class FeedRows(Protocol):
    """The messages of one clinic's feeds, and how recent the register is under each identifier."""

    def message(self, source: str, message_id: str) -> FeedMessageRow | None:
        """The message that came under that number."""

    def save(self, row: FeedMessageRow, keep: int) -> None:
        """Write a message; only the newest ``keep`` of its source stay."""

    def list(self, limit: int) -> Sequence[FeedMessageRow]:
        """Messages, newest first."""

    def position(self, source: str) -> str | None:
        """How far a source has been read, as it was noted."""

    def set_position(self, source: str, position: str) -> None:
        """Note how far a source has been read."""

    def last_sent(self, source: str, identifiers: Collection[Identifier]) -> datetime | None:
        """When the latest applied message about any of the identifiers was sent."""

    def set_sent(self, source: str, identifiers: Collection[Identifier], at: datetime) -> None:
        """Note when a message about the identifiers was sent; never moves back."""


class AuditRows(Protocol):
    """The audit chain of one clinic."""

    def end(self) -> tuple[int, str]:
        """How many links the chain must have, and the hash of the last one."""

    def append(self, *rows: AuditRow) -> None:
        """Add links, and move the end to the last one."""

    def list(self, before: int | None, limit: int, object_id: str | None) -> Sequence[AuditRow]:
        """Links, newest first."""

    def all(self) -> Iterable[AuditRow]:
        """The whole chain from its first link."""
