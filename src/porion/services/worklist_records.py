"""Rows of the worklist: steps, what devices report of them, and how each device is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from porion.services.records import Json


@dataclass(frozen=True, slots=True)
class StepRow:
    """A scheduled procedure step of a patient of the register.

    ``starts_at`` is the clinic's own time, ``YYYY-MM-DDTHH:MM:SS`` without a zone, as devices speak it.
    ``modality`` is the clinic's code, ``dicom_modality`` what the worklist says. Steps of one order share
    accession number, Study Instance UID and ``procedure_id``. ``order_key`` names the order within its
    ``source``. ``images`` are the identifiers of images that came back.
    """

    id: str
    patient_id: str
    state: str
    accession_number: str
    study_instance_uid: str
    procedure_id: str
    procedure_description: str
    step_id: str
    description: str
    dicom_modality: str
    starts_at: str
    source: str
    created_at: datetime
    updated_at: datetime
    modality: str | None = None
    category: str | None = None
    codes: list[Json] = field(default_factory=list)
    station_ae: str = ""
    requested_by: str = ""
    order_key: str = ""
    ordered_at: datetime | None = None
    images: list[str] = field(default_factory=list)
    version: int = 1


@dataclass(frozen=True, slots=True)
class StepFilter:
    """What a list of steps is narrowed to; None narrows nothing. Days are inclusive, ``YYYY-MM-DD``."""

    first_day: str | None = None
    last_day: str | None = None
    patient_id: str | None = None
    station_ae: str | None = None
    states: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """How a device's worklist queries are answered.

    ``stations`` says whose steps it gets: ``asked`` as it asks, ``own`` its own and those of any device,
    ``all`` everybody's, whatever it asks. ``character_set`` is what it can read, empty: what it says
    itself, else UTF-8. Where it names no date it gets the steps from ``days_back`` days ago to
    ``days_ahead`` days from now.
    """

    device_id: str
    stations: str = "asked"
    character_set: str = ""
    days_back: int = 0
    days_ahead: int = 1


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A worklist query of a device: what it asked, how many steps it got, and each key's part in that.

    ``keys`` are keyword (dotted within the sequence) and value, ``told`` sentences.
    """

    id: str
    device_id: str
    at: datetime
    keys: list[list[str]]
    answered: int
    told: list[str]


@dataclass(frozen=True, slots=True)
class PerformedRow:
    """A Modality Performed Procedure Step (PS3.4 annex F) as a device reported it.

    ``facts`` is what it says, ``images`` among it as pairs of SOP Class and SOP Instance UID. ``dose`` has
    the observations of the whole step (``total``) and of each exposure (``exposures``). ``steps`` are the
    identifiers of the scheduled steps that it performs: none when nobody scheduled it.
    """

    id: str
    sop_instance_uid: str
    device_id: str
    state: str
    facts: Json
    created_at: datetime
    updated_at: datetime
    dose: Json = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
