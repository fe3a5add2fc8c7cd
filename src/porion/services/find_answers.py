"""What a query is answered with: of every attribute that was asked for its value, or that there is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from porion.dicom.elements import Element, Elements
from porion.dicom.encode import element, elements, sequence
from porion.services.find_keys import LEVELS, UNIQUE
from porion.services.records import InstanceRow, SeriesRow, StudyRow
from porion.services.search_answers import known_at
from porion.services.search_rows import Found, FoundPerson, Level, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from porion.dicom.elements import Value

_WORDS = {level: word for word, level in LEVELS.items()}
_HOW_TO_GET_IT = ("QueryRetrieveLevel", "RetrieveAETitle", "InstanceAvailability")
_REQUEST = "RequestAttributesSequence"
_NEVER = datetime.min.replace(tzinfo=UTC)


def answer_to(
    identifier: Elements, found: Found | FoundPerson, level: Level, title: str, header: Callable[[], Elements]
) -> Elements:
    """The identifier of a response (PS3.4 section C.4.1.1.3.2).

    ``title`` is the AE title from which it can be retrieved. ``header`` reads the data set of an instance
    below: it is called for attributes that no column holds.
    """
    held = _held(found, level, title)
    known = known_at(level)
    missing = [tag for tag, one in identifier.items() if _is_asked(one) and tag not in held and tag in known]
    whole = header() if missing else Elements()
    read = {tag: whole[tag] for tag in missing if tag in whole}
    asked = {tag: _answered(one, held, read) for tag, one in identifier.items() if _is_asked(one)}
    named = [held[tag] for tag in _tags(*_HOW_TO_GET_IT, *_unique(level)) if tag in held]
    return elements([*asked.values(), *named])


def _is_asked(one: Element) -> bool:
    # (0008,0005) is written with the answer, in which it may be another.
    return bool(one.tag & 0xFFFF) and one.tag not in (0x00080005, 0x00080053)


def _answered(asked: Element, held: Mapping[int, Element], read: Mapping[int, Element]) -> Element:
    found = held.get(asked.tag) or read.get(asked.tag)
    if found is None:
        return Element(asked.tag, asked.vr)
    if found.vr == "SQ" and asked.items and found.items:
        wanted = asked.items[0]
        return Element(found.tag, "SQ", items=tuple(_chosen(item, wanted) for item in found.items))
    return found


def _chosen(item: Elements, wanted: Elements) -> Elements:
    """Of an item what was asked for; all of it when an empty item asked."""
    return Elements({tag: item.get(tag) or Element(tag, one.vr) for tag, one in wanted.items()}) or item


def told_at(level: Level) -> Sequence[Element]:
    """What is answered at a level without a look into a file; the values are nobody's."""
    nobody, study = Person(), StudyRow("", "", timezone="+0000")
    if level is Level.PATIENT:
        return sorted(_held(FoundPerson(nobody), level, "").values(), key=lambda one: one.tag)
    series = SeriesRow("", "", "", scheduled_step_id="-") if level > Level.STUDY else None
    instance = None
    if level is Level.INSTANCE:
        instance = InstanceRow("", "", "", "", "", 0, "", 1, _NEVER)
    found = Found(study, nobody, series, instance)
    return sorted(_held(found, level, "").values(), key=lambda one: one.tag)


def _unique(level: Level) -> tuple[str, ...]:
    return tuple(UNIQUE[above] for above in Level if above <= level)


def _tags(*keywords: str) -> tuple[int, ...]:
    return tuple(element(keyword).tag for keyword in keywords)


def _held(found: Found | FoundPerson, level: Level, title: str) -> Mapping[int, Element]:
    values: dict[str, tuple[Value | None, ...]] = {
        "QueryRetrieveLevel": (_WORDS[level],),
        "RetrieveAETitle": (title,),
        "InstanceAvailability": ("ONLINE",),
        **_of_person(found.person),
    }
    if isinstance(found, FoundPerson):
        values |= {
            "NumberOfPatientRelatedStudies": (found.study_count,),
            "NumberOfPatientRelatedSeries": (found.series_count,),
            "NumberOfPatientRelatedInstances": (found.instance_count,),
        }
        return _elements(values)
    request = _request(found)
    values |= _of_study(found) | _of_series(found) | _of_instance(found)
    return _elements(values) | ({request.tag: request} if request else {})


def _elements(values: Mapping[str, tuple[Value | None, ...]]) -> dict[int, Element]:
    made = {}
    for keyword, told in values.items():
        one = element(keyword, *(value for value in told if value not in (None, "")))
        made[one.tag] = one
    return made


def _of_person(person: Person) -> dict[str, tuple[Value | None, ...]]:
    return {
        "PatientName": ("=".join(person.groups).rstrip("="),),
        "PatientID": (person.patient_id,),
        "IssuerOfPatientID": (person.issuer,),
        "PatientBirthDate": (person.birth_date,),
        "PatientSex": (person.sex,),
    }


def _of_study(found: Found) -> dict[str, tuple[Value | None, ...]]:
    study = found.study
    values: dict[str, tuple[Value | None, ...]] = {
        "StudyInstanceUID": (study.study_instance_uid,),
        "StudyDate": (study.day,),
        "StudyTime": (study.time,),
        "AccessionNumber": (study.accession_number,),
        "StudyID": (study.dicom_id,),
        "StudyDescription": (study.description,),
        "ReferringPhysicianName": (study.referring_physician,),
    }
    if study.timezone:
        values["TimezoneOffsetFromUTC"] = (study.timezone,)
    if found.series is None:
        values["ModalitiesInStudy"] = found.modalities
        values["NumberOfStudyRelatedSeries"] = (str(found.series_count),)
        values["NumberOfStudyRelatedInstances"] = (str(found.instance_count),)
    return values


def _of_series(found: Found) -> dict[str, tuple[Value | None, ...]]:
    series = found.series
    if series is None:
        return {}
    values: dict[str, tuple[Value | None, ...]] = {
        "SeriesInstanceUID": (series.series_instance_uid,),
        "Modality": (series.modality,),
        "SeriesNumber": (series.number,),
        "SeriesDescription": (series.description,),
        "PerformedProcedureStepStartDate": (series.step_day,),
        "PerformedProcedureStepStartTime": (series.step_time,),
    }
    if found.instance is None:
        values["NumberOfSeriesRelatedInstances"] = (str(found.instance_count),)
    return values


def _request(found: Found) -> Element | None:
    series = found.series
    if series is None or not (series.scheduled_step_id or series.requested_procedure_id):
        return None
    told = {
        "ScheduledProcedureStepID": (series.scheduled_step_id,),
        "RequestedProcedureID": (series.requested_procedure_id,),
    }
    return sequence(_REQUEST, elements(_elements(told).values()))


def _of_instance(found: Found) -> dict[str, tuple[Value | None, ...]]:
    instance = found.instance
    if instance is None:
        return {}
    return {
        "SOPInstanceUID": (instance.sop_instance_uid,),
        "SOPClassUID": (instance.sop_class_uid,),
        "InstanceNumber": (instance.instance_number,),
        "NumberOfFrames": (instance.frames,),
        "Rows": (instance.rows,),
        "Columns": (instance.columns,),
        "BitsAllocated": (instance.bits_allocated,),
    }
