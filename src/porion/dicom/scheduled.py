"""A scheduled procedure step as a worklist tells of it (PS3.4 table K.6-1), read and written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from porion.dicom.codes import Code, codes_in
from porion.dicom.elements import Element, Elements, Header, parse_date
from porion.dicom.encode import element, elements, sequence
from porion.dicom.habits import NO_HABITS
from porion.dicom.identity import claimed_identity
from porion.dicom.key_matching import time_span
from porion.dicom.person import ClaimedIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from porion.dicom.person import PersonName

STEP = "ScheduledProcedureStepSequence"

# The attributes of table K.6-1 that nothing is known of: answered empty, as type 2 allows.
_UNKNOWN = (
    "ReferencedStudySequence", "RequestedProcedurePriority", "PatientTransportArrangements",
    "ReferringPhysicianName", "AdmissionID", "CurrentPatientLocation", "ReferencedPatientSequence",
    "PatientWeight", "ConfidentialityConstraintOnPatientDataDescription", "PatientState", "PregnancyStatus",
    "MedicalAlerts", "Allergies", "SpecialNeeds", "OtherPatientIDsSequence", "PatientComments",
    "RequestedProcedureComments", "ReasonForTheRequestedProcedure", "OrderPlacerIdentifierSequence",
)  # fmt: skip
_UNKNOWN_OF_STEP = (
    "ScheduledPerformingPhysicianName", "ScheduledProcedureStepLocation", "PreMedication",
    "RequestedContrastAgent", "CommentsOnTheScheduledProcedureStep",
)  # fmt: skip

NOT_KEPT = frozenset((*_UNKNOWN, *_UNKNOWN_OF_STEP))
"""Attributes of table K.6-1 of which nothing is ever known here: no key of theirs can be matched."""

REQUIRED = frozenset({STEP, "RequestedProcedureID", "StudyInstanceUID", "PatientName", "PatientID"})
"""Return keys of type 1: they come back filled, asked for or not; some devices drop an answer without."""

REQUIRED_OF_STEP = frozenset(
    {
        "ScheduledStationAETitle",
        "ScheduledProcedureStepStartDate",
        "ScheduledProcedureStepStartTime",
        "Modality",
        "ScheduledProcedureStepID",
    }
)
"""The same within the sequence of the step."""


@dataclass(frozen=True, slots=True)
class ScheduledItem:
    """One answer of a worklist. ``starts_at`` is local time, ``YYYY-MM-DDTHH:MM:SS``, or empty.

    ``codes`` are those of the protocol; ``state`` is the Scheduled Procedure Step Status, a word of C.4.10.
    """

    claim: ClaimedIdentity
    accession_number: str = ""
    study_instance_uid: str = ""
    procedure_id: str = ""
    procedure_description: str = ""
    step_id: str = ""
    description: str = ""
    dicom_modality: str = ""
    station_ae: str = ""
    station_name: str = ""
    starts_at: str = ""
    requested_by: str = ""
    codes: tuple[Code, ...] = ()
    state: str = ""


def read_item(answer: Elements) -> ScheduledItem:
    """What an answer says; what it does not say is empty."""
    step = next(iter(answer.items_of(STEP)), Elements())
    return ScheduledItem(
        claim=claimed_identity(Header(answer, Elements(), "", 0, 0, habits=NO_HABITS)),
        accession_number=_said(answer, "AccessionNumber"),
        study_instance_uid=_said(answer, "StudyInstanceUID"),
        procedure_id=_said(answer, "RequestedProcedureID"),
        procedure_description=_said(answer, "RequestedProcedureDescription"),
        step_id=_said(step, "ScheduledProcedureStepID"),
        description=_said(step, "ScheduledProcedureStepDescription"),
        dicom_modality=_said(step, "Modality"),
        station_ae=_said(step, "ScheduledStationAETitle"),
        station_name=_said(step, "ScheduledStationName"),
        starts_at=_starts_at(step),
        requested_by=_said(answer, "RequestingPhysician") or _said(answer, "ReferringPhysicianName"),
        codes=tuple(codes_in(step, "ScheduledProtocolCodeSequence")),
        state=_said(step, "ScheduledProcedureStepStatus"),
    )


def _said(within: Elements, keyword: str) -> str:
    return within.text(keyword) or ""


def _starts_at(step: Elements) -> str:
    day = parse_date(step.text("ScheduledProcedureStepStartDate"))
    time = time_span(step.text("ScheduledProcedureStepStartTime") or "")
    if day is None:
        return ""
    clock = time[0] if time else "000000"
    with suppress(ValueError):
        return datetime.fromisoformat(f"{day}T{clock[:2]}:{clock[2:4]}:{clock[4:]}").isoformat()
    return f"{day}T00:00:00"


def write_item(item: ScheduledItem) -> Elements:
    """The whole answer, every attribute of table K.6-1 in it; see :func:`asked_of`."""
    claim, first = item.claim, next(iter(item.claim.identifiers), None)
    return elements(
        [
            *(_empty(keyword) for keyword in _UNKNOWN),
            sequence(STEP, _step(item)),
            element("AccessionNumber", item.accession_number),
            element("RequestingPhysician", item.requested_by),
            element("PatientName", written_name(claim.name)),
            element("PatientID", first.value if first else ""),
            element("IssuerOfPatientID", first.issuer if first else ""),
            element("PatientBirthDate", f"{claim.birth_date:%Y%m%d}" if claim.birth_date else ""),
            element("PatientSex", claim.sex),
            element("StudyInstanceUID", item.study_instance_uid),
            element("RequestedProcedureID", item.procedure_id),
            element("RequestedProcedureDescription", item.procedure_description),
            _coded("RequestedProcedureCodeSequence", item.codes[:1]),
        ]
    )


def _step(item: ScheduledItem) -> Elements:
    day, _, time = item.starts_at.partition("T")
    return elements(
        [
            *(_empty(keyword) for keyword in _UNKNOWN_OF_STEP),
            element("Modality", item.dicom_modality),
            element("ScheduledStationAETitle", item.station_ae),
            element("ScheduledStationName", item.station_name),
            element("ScheduledProcedureStepStartDate", day.replace("-", "")),
            element("ScheduledProcedureStepStartTime", time.replace(":", "")),
            element("ScheduledProcedureStepDescription", item.description),
            element("ScheduledProcedureStepID", item.step_id),
            element("ScheduledProcedureStepStatus", item.state),
            _coded("ScheduledProtocolCodeSequence", item.codes),
        ]
    )


def written_name(name: PersonName) -> str:
    """A PN value of one component group (PS3.5 section 6.2.1), empty components at its end left out."""
    return "^".join(
        part.replace("^", " ").replace("=", " ").replace("\\", " ") for part in astuple(name)
    ).rstrip("^")


def _coded(keyword: str, codes: Iterable[Code]) -> Element:
    return sequence(
        keyword,
        *(
            elements(
                [
                    element("CodeValue", code.value),
                    element("CodingSchemeDesignator", code.scheme),
                    element("CodeMeaning", code.meaning),
                ]
            )
            for code in codes
        ),
    )


def _empty(keyword: str) -> Element:
    made = element(keyword)
    return sequence(keyword) if made.vr == "SQ" else made


def worklist_query(
    *, first_day: str = "", last_day: str = "", station_ae: str = "", family: str = ""
) -> Elements:
    """What a worklist server is asked; days are ``YYYYMMDD``.

    For letters of the family name that not every server knows it is asked for any letter.
    """
    whole = write_item(ScheduledItem(ClaimedIdentity()))
    days = first_day if first_day == last_day else f"{first_day}-{last_day}"
    asked = {
        "ScheduledStationAETitle": station_ae,
        "ScheduledProcedureStepStartDate": days,
    }
    step = [
        element(one.keyword, asked.get(one.keyword, "")) if one.vr != "SQ" else one
        for one in _step(ScheduledItem(ClaimedIdentity())).values()
        if one.keyword not in _UNKNOWN_OF_STEP
    ]
    pattern = "".join(letter if letter.isascii() else "?" for letter in family)
    beside = [one for one in whole.values() if one.keyword not in (*_UNKNOWN, STEP, "PatientName")]
    name = element("PatientName", f"{pattern}*" if pattern else "")
    return elements([*beside, element("ReferringPhysicianName"), name, sequence(STEP, elements(step))])


def asked_of(keys: Elements, whole: Elements) -> Elements:
    """Of a whole answer what the keys ask for, and what is required; what nobody knows comes back empty."""
    return elements(_asked(keys, whole, REQUIRED))


def _asked(keys: Elements, whole: Elements, required: frozenset[str]) -> Iterable[Element]:
    for held in whole.values():
        if held.keyword in required and held.tag not in keys:
            yield held
    for key in keys.values():
        # Group lengths and private keys are nobody's here; the character set is that of the answer.
        if not key.keyword or key.keyword == "SpecificCharacterSet":
            continue
        yield _answered(key, whole.get(key.tag))


def _answered(key: Element, held: Element | None) -> Element:
    if held is None:
        return _empty(key.keyword)
    if key.vr != "SQ" or not key.items or not key.items[0]:
        return held
    required = REQUIRED_OF_STEP if key.keyword == STEP else frozenset[str]()
    return sequence(key.keyword, *(elements(_asked(key.items[0], item, required)) for item in held.items))
