"""Devices, the network and commitments as the API gives and takes them."""

from datetime import datetime

from porion.http.shapes import Json, Shape, Text


class DeviceAnswer(Shape):
    """A device: state is waiting, approved or blocked; ``asked`` is what it wanted and what became of it.

    ``characterSet`` and ``dapUnit`` say how it really writes, where its files do not; ``quirks`` counts the
    instances in which something was read otherwise than written. ``rights``: query, retrieve, pending.
    """

    id: str
    ae_title: str
    address: str
    name: str
    state: str
    certificate: str | None
    port: int | None
    asked: Json
    first_seen: datetime | None
    last_seen: datetime | None
    stored: int
    failed: int
    bytes: int
    last_error: str | None
    last_error_at: datetime | None
    character_set: str
    dap_unit: str
    quirks: dict[str, int]
    rights: list[str]
    created_at: datetime
    updated_at: datetime


class DeviceList(Shape):
    """The clinic's devices."""

    items: list[DeviceAnswer]


class NewDevice(Shape):
    """A device to let in; ``address`` is an address or a range (CIDR)."""

    ae_title: Text
    address: Text
    name: Text = ""
    port: int | None = None


class DeviceEdit(Shape):
    """What is changed of a device; an empty certificate takes it away, ``rights`` are all it has then."""

    name: Text | None = None
    address: Text | None = None
    port: int | None = None
    certificate: Text | None = None
    character_set: Text | None = None
    dap_unit: Text | None = None
    rights: list[Text] | None = None


class Approval(Shape):
    """From where the device may come, if not from where it came."""

    address: Text | None = None


class NetworkAnswer(Shape):
    """The clinic's AE title and addresses; empty ones are not listened at."""

    clinic_id: str
    ae_title: str
    listen: str
    tls_listen: str
    accept_unknown_classes: bool
    updated_at: datetime


class NetworkEdit(Shape):
    """What is changed of the network; what is left out stays."""

    ae_title: Text | None = None
    listen: Text | None = None
    tls_listen: Text | None = None
    accept_unknown_classes: bool | None = None


class CommitmentAnswer(Shape):
    """What a device asked for; ``failed`` are SOP Class UID, SOP Instance UID and Failure Reason."""

    id: str
    device_id: str
    transaction_uid: str
    peer: Json
    asked: list[list[str]]
    state: str
    requested_at: datetime
    next_attempt_at: datetime | None
    attempts: int
    failed: list[list[str | int]]
    last_error: str | None


class Commitments(Shape):
    """A page of commitments, newest first."""

    items: list[CommitmentAnswer]
    next_cursor: str | None


class FindingAnswer(Shape):
    """What the doctor found: ``severity`` is ok, warning or fault; ``advice`` says what to do."""

    severity: str
    about: str
    sentence: str
    advice: str


class Diagnosis(Shape):
    """Everything that the doctor found, the worst first."""

    findings: list[FindingAnswer]
