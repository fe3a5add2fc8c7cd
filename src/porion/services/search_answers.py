"""What a search answers with: data sets in the DICOM JSON Model, level by level (PS3.18 section 10.6.3)."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from porion.dicom.elements import Elements, tag_of
from porion.dicom.json_model import to_dicom_json
from porion.dicom.walk import PIXELS
from porion.services.search_rows import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from porion.services.records import InstanceRow, Json, SeriesRow
    from porion.services.search_rows import Found, Person

# PS3.3: what the modules of patient (C.7.1.1), study (C.7.2.1) and patient study (C.7.2.2) hold.
_OF_STUDY = frozenset(
    tag_of(keyword)
    for keyword in (
        "AccessionNumber", "AdditionalPatientHistory", "AdmissionID", "AdmittingDiagnosesDescription",
        "ConsultingPhysicianName", "EthnicGroup", "IssuerOfAccessionNumberSequence", "IssuerOfPatientID",
        "NameOfPhysiciansReadingStudy", "Occupation", "OtherPatientIDs", "OtherPatientIDsSequence",
        "OtherPatientNames", "PatientAge", "PatientBirthDate", "PatientBirthTime", "PatientComments",
        "PatientID", "PatientIdentityRemoved", "PatientName", "PatientSex", "PatientSize", "PatientWeight",
        "PhysiciansOfRecord", "PregnancyStatus", "ProcedureCodeSequence", "ReferencedPatientSequence",
        "ReferencedStudySequence", "ReferringPhysicianIdentificationSequence", "ReferringPhysicianName",
        "RequestingService", "ResponsibleOrganization", "ResponsiblePerson", "ResponsiblePersonRole",
        "SmokingStatus", "StudyDate", "StudyDescription", "StudyID", "StudyInstanceUID", "StudyTime",
        "TimezoneOffsetFromUTC", "TypeOfPatientID",
    )
)  # fmt: skip
# The modules of series (C.7.3.1), equipment (C.7.5.1) and frame of reference (C.7.4.1).
_OF_SERIES = _OF_STUDY | frozenset(
    tag_of(keyword)
    for keyword in (
        "BodyPartExamined", "CommentsOnThePerformedProcedureStep", "DeviceSerialNumber",
        "FrameOfReferenceUID", "InstitutionAddress", "InstitutionName", "InstitutionalDepartmentName",
        "Laterality", "Manufacturer", "ManufacturerModelName", "Modality", "OperatorsName",
        "PatientPosition", "PerformedProcedureStepDescription", "PerformedProcedureStepEndDate",
        "PerformedProcedureStepEndTime", "PerformedProcedureStepID", "PerformedProcedureStepStartDate",
        "PerformedProcedureStepStartTime", "PerformedProtocolCodeSequence", "PerformingPhysicianName",
        "PositionReferenceIndicator", "ProtocolName", "RequestAttributesSequence", "SeriesDate",
        "SeriesDescription", "SeriesDescriptionCodeSequence", "SeriesInstanceUID", "SeriesNumber",
        "SeriesTime", "SoftwareVersions", "SpatialResolution", "StationName",
    )
)  # fmt: skip
_OF_LEVEL = {Level.STUDY: _OF_STUDY, Level.SERIES: _OF_SERIES}


class _Everything(Container[int]):
    """What an instance knows: all but the pixels."""

    def __contains__(self, tag: object) -> bool:
        return tag not in PIXELS


def known_at(level: Level) -> Container[int]:
    """The tags whose values all instances below a study or series share; any but pixels for an instance."""
    return _OF_LEVEL.get(level, _Everything()) if level > Level.PATIENT else frozenset()


def answer_of(found: Found, within: Mapping[str, str], base: str, asked: Collection[str] = ()) -> Json:
    """The attributes that every answer of the level has.

    Of a level that the address names, those alone that are asked for (``all``, or a path each), and its UID.
    """
    study = found.study
    url = f"{base}/studies/{study.study_instance_uid}"
    answer = {
        **_unless_named("StudyInstanceUID" in within, _of_study(found), asked),
        **_attribute("0020000D", "UI", study.study_instance_uid),
    }
    if found.series is not None:
        url += f"/series/{found.series.series_instance_uid}"
        of_series = _of_series(found, found.series)
        answer |= _unless_named("SeriesInstanceUID" in within, of_series, asked)
        answer |= _attribute("0020000E", "UI", found.series.series_instance_uid)
    if found.instance is not None:
        url += f"/instances/{found.instance.sop_instance_uid}"
        answer |= _of_instance(found.instance)
    return answer | _attribute("00081190", "UR", url) | _attribute("00080056", "CS", "ONLINE")


def chosen(header: Elements, asked: Collection[str], level: Level) -> Json:
    """What else was asked for and the level knows; ``all`` is everything that it knows."""
    known = known_at(level)
    tags = {int(path.partition(".")[0], 16) for path in asked if path != "all"}
    wanted = {
        tag: element for tag, element in header.items() if ("all" in asked or tag in tags) and tag in known
    }
    return to_dicom_json(Elements(wanted))


def _unless_named(named: bool, answer: Json, asked: Collection[str]) -> Json:
    if not named or "all" in asked:
        return answer
    tags = {path.partition(".")[0] for path in asked}
    return {tag: attribute for tag, attribute in answer.items() if tag in tags}


def _of_study(found: Found) -> Json:
    study = found.study
    answer = {
        **_attribute("00080005", "CS", "ISO_IR 192"),
        **_attribute("00080020", "DA", study.day),
        **_attribute("00080030", "TM", study.time),
        **_attribute("00080050", "SH", study.accession_number),
        **_name("00080090", (study.referring_physician or "").split("=")),
        **(_attribute("00080201", "SH", study.timezone) if study.timezone else {}),
        **_attribute("00081030", "LO", study.description),
        **_of_person(found.person),
        **_attribute("00200010", "SH", study.dicom_id),
    }
    if found.series is None:
        answer |= _attribute("00080061", "CS", *found.modalities)
        answer |= _attribute("00201206", "IS", found.series_count)
        answer |= _attribute("00201208", "IS", found.instance_count)
    return answer


def _of_person(person: Person) -> Json:
    return {
        **_name("00100010", person.groups),
        **_attribute("00100020", "LO", person.patient_id),
        **(_attribute("00100021", "LO", person.issuer) if person.issuer else {}),
        **_attribute("00100030", "DA", person.birth_date),
        **_attribute("00100040", "CS", person.sex),
    }


def _of_series(found: Found, series: SeriesRow) -> Json:
    request = {
        **_attribute("00400009", "SH", series.scheduled_step_id),
        **_attribute("00401001", "SH", series.requested_procedure_id),
    }
    answer = {
        **_attribute("00080060", "CS", series.modality),
        **_attribute("0008103E", "LO", series.description),
        **_attribute("00200011", "IS", series.number),
        **_attribute("00400244", "DA", series.step_day),
        **_attribute("00400245", "TM", series.step_time),
    }
    if series.scheduled_step_id or series.requested_procedure_id:
        answer["00400275"] = {"vr": "SQ", "Value": [request]}
    if found.instance is None:
        answer |= _attribute("00201209", "IS", found.instance_count)
    return answer


def _of_instance(instance: InstanceRow) -> Json:
    return {
        **_attribute("00080016", "UI", instance.sop_class_uid),
        **_attribute("00080018", "UI", instance.sop_instance_uid),
        **_attribute("00200013", "IS", instance.instance_number),
        **(_attribute("00280008", "IS", instance.frames) if instance.frames > 1 else {}),
        **_number("00280010", instance.rows),
        **_number("00280011", instance.columns),
        **_number("00280100", instance.bits_allocated),
    }


def _attribute(tag: str, vr: str, *values: str | int | None) -> Json:
    filled = [value for value in values if value not in (None, "")]
    return {tag: {"vr": vr, "Value": filled} if filled else {"vr": vr}}


def _number(tag: str, value: int | None) -> Json:
    """An attribute of images alone."""
    return {} if value is None else _attribute(tag, "US", value)


def _name(tag: str, groups: Collection[str]) -> Json:
    parts = zip(("Alphabetic", "Ideographic", "Phonetic"), groups, strict=False)
    filled = {key: group for key, group in parts if group}
    return {tag: {"vr": "PN", "Value": [filled]} if filled else {"vr": "PN"}}
