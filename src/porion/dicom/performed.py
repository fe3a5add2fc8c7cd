"""What a device reports of a procedure step that it performs (PS3.4 table F.7.2-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.codes import code_of
from porion.dicom.dose_attributes import DOSE_ATTRIBUTES
from porion.dicom.elements import Element, Elements, Header, parse_date, tag_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.identity import claimed_identity
from porion.dicom.key_matching import time_span
from porion.dicom.person import ClaimedIdentity
from porion.dicom.problems import tag_text
from porion.dicom.units import Observation, Reading, observe

if TYPE_CHECKING:
    from collections.abc import Iterator

MPPS = "mpps"
"""The source of observations that come from a performed step."""

_EXPOSURES = "ExposureDoseSequence"
_SCHEDULED = "ScheduledStepAttributesSequence"
_SERIES = "PerformedSeriesSequence"
_MOST_IMAGES = 10_000
_MOST_EXPOSURES = 200


@dataclass(frozen=True, slots=True)
class ScheduledReference:
    """The scheduled step that is performed; a device that found none in its worklist leaves texts empty."""

    study_instance_uid: str
    accession_number: str
    step_id: str


@dataclass(frozen=True, slots=True)
class PerformedImage:
    """An instance that the step made."""

    sop_class_uid: str
    sop_instance_uid: str


@dataclass(frozen=True, slots=True)
class PerformedStep:
    """One report, or one change of it; what it does not say is empty, and None of sequences left out.

    ``status`` is IN PROGRESS, COMPLETED, DISCONTINUED, or what the device wrote instead. ``started_at``
    and ``ended_at`` are local time. ``total`` is the dose of the whole step, ``exposures`` that of each
    exposure in its order; ``number`` is how many exposures it says there were.
    """

    status: str
    performed_id: str = ""
    started_at: str = ""
    ended_at: str = ""
    dicom_modality: str = ""
    station_ae: str = ""
    description: str = ""
    reason: str = ""
    claim: ClaimedIdentity | None = None
    scheduled: tuple[ScheduledReference, ...] | None = None
    images: tuple[PerformedImage, ...] | None = None
    total: tuple[Observation, ...] = ()
    exposures: tuple[tuple[Observation, ...], ...] | None = None
    number: int | None = None


def read_performed(report: Elements, dap_unit: str = "") -> PerformedStep:
    """What a report says; ``dap_unit`` is the unit in which the device really states dose-area products."""
    items = report.items_of(_EXPOSURES)[:_MOST_EXPOSURES]
    reason = next(iter(report.items_of("PerformedProcedureStepDiscontinuationReasonCodeSequence")), None)
    return PerformedStep(
        status=report.text("PerformedProcedureStepStatus") or "",
        performed_id=report.text("PerformedProcedureStepID") or "",
        started_at=_moment(report, "PerformedProcedureStepStart"),
        ended_at=_moment(report, "PerformedProcedureStepEnd"),
        dicom_modality=report.text("Modality") or "",
        station_ae=report.text("PerformedStationAETitle") or "",
        description=report.text("PerformedProcedureStepDescription") or "",
        reason=str(code_of(reason)) if reason else "",
        claim=_claim(report),
        scheduled=tuple(_scheduled(report)) if report.element(_SCHEDULED) else None,
        images=tuple(_images(report))[:_MOST_IMAGES] if report.element(_SERIES) else None,
        total=tuple(_dose(report, "", dap_unit)),
        exposures=_of_each(items, dap_unit) if report.element(_EXPOSURES) else None,
        number=report.integer("TotalNumberOfExposures"),
    )


def _moment(report: Elements, stem: str) -> str:
    day, time = parse_date(report.text(f"{stem}Date")), time_span(report.text(f"{stem}Time") or "")
    clock = time[0] if time else ""
    if day is None:
        return ""
    return f"{day}T{clock[:2]}:{clock[2:4]}:{clock[4:]}" if clock else f"{day}"


def _claim(report: Elements) -> ClaimedIdentity | None:
    claim = claimed_identity(Header(report, Elements(), "", 0, 0, habits=NO_HABITS))
    return None if claim == ClaimedIdentity() else claim


def _scheduled(report: Elements) -> Iterator[ScheduledReference]:
    for item in report.items_of(_SCHEDULED):
        yield ScheduledReference(
            item.text("StudyInstanceUID") or "",
            item.text("AccessionNumber") or "",
            item.text("ScheduledProcedureStepID") or "",
        )


def _images(report: Elements) -> Iterator[PerformedImage]:
    for series in report.items_of(_SERIES):
        for keyword in ("ReferencedImageSequence", "ReferencedNonImageCompositeSOPInstanceSequence"):
            for item in series.items_of(keyword):
                uid = item.text("ReferencedSOPInstanceUID")
                if uid:
                    yield PerformedImage(item.text("ReferencedSOPClassUID") or "", uid)


def _of_each(items: tuple[Elements, ...], dap_unit: str) -> tuple[tuple[Observation, ...], ...]:
    stem = f"{tag_text(tag_of(_EXPOSURES))}[{{}}]."
    return tuple(tuple(_dose(item, stem.format(place), dap_unit)) for place, item in enumerate(items))


def _dose(item: Elements, place: str, dap_unit: str) -> Iterator[Observation]:
    """Dose and technique that stand directly in a report or in one of its exposures (PS3.3 C.4.16)."""
    for row in DOSE_ATTRIBUTES:
        found = item.element(row.keyword)
        if found is None or not found.values:
            continue
        really = dap_unit if row.quantity == "dap_mgycm2" else ""
        reading = Reading(
            quantity=row.quantity,
            raw_text=_raw(found),
            raw_unit=really or row.unit,
            unit_status="device_setting" if really else "by_standard",
            source=MPPS,
            tag=f"{place}{tag_text(found.tag)}",
            rule=row.keyword,
        )
        yield observe(reading)


def _raw(found: Element) -> str:
    return "\\".join(str(value).strip("\0 ") for value in found.values[:8])
