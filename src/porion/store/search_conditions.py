"""Conditions of a search as SQL: one row for every attribute that can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.dicom.query import Alike, OneOf, Pattern, Span, folded
from porion.store.schema import instances, items, patients, series, studies
from porion.store.spoken import has_begun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.dicom.query import Match
    from porion.services.search_rows import Condition

Sql = sa.ColumnElement[bool]
_LAST = "\U0010ffff"


def sql_of(condition: Condition, clinic_id: str) -> Sql:
    """The condition on the tables of its level and of those above it."""
    asked = ATTRIBUTES[condition.keyword]
    return sa.or_(sa.false(), *(asked(match, clinic_id) for match in condition.matches))


def compared(column: sa.ColumnElement[str], match: Match) -> Sql:
    """A column held against one match; wildcards do not regard the case of letters."""
    if isinstance(match, OneOf):
        return column.in_(match.values)
    if isinstance(match, Span):
        low = column >= match.low if match.low is not None else sa.true()
        return sa.and_(low, column <= match.high) if match.high is not None else low
    if isinstance(match, Pattern):
        return column == match.text if match.is_literal else column.ilike(like(match.text), escape="\\")
    return sa.false()


def like(text: str) -> str:
    """A pattern of DICOM as one of LIKE."""
    for mark in ("\\", "%", "_"):
        text = text.replace(mark, "\\" + mark)
    return text.replace("*", "%").replace("?", "_")


def _plain(column: sa.ColumnElement[str]) -> Callable[[Match, str], Sql]:
    return lambda match, _clinic_id: compared(column, match)


def _number(column: sa.Column[int]) -> Callable[[Match, str], Sql]:
    return _plain(sa.cast(column, sa.Text))


def _of_person(clinic_id: str, test: Callable[[sa.Table], Sql]) -> Sql:
    """Items whose shown person passes: the patient where linked, else the claim.

    As two lists of identifiers, for either has its own index; one condition over both would have none.
    """
    claimed = sa.select(items.c.id).where(
        items.c.clinic_id == clinic_id, items.c.state == "pending", test(items)
    )
    linked = (
        sa.select(items.c.id)
        .select_from(patients.join(items, items.c.patient_id == patients.c.id))
        .where(patients.c.clinic_id == clinic_id, test(patients))
    )
    return items.c.id.in_(sa.union_all(claimed, linked))


def _name(match: Match, clinic_id: str) -> Sql:
    return _of_person(clinic_id, lambda table: _named(table, match))


def _named(table: sa.Table, match: Match) -> Sql:
    if isinstance(match, Alike):
        return sa.and_(*(has_begun(table.c.search, word) for word in match.words))
    if not isinstance(match, Pattern):
        return sa.false()
    wanted, key = Pattern(folded(match.text).rstrip("^=")), table.c.dicom_name
    # Without a group of its own, a pattern may mean any of the three.
    begun = [like(wanted.text)] if "=" in wanted.text else [like(wanted.text), f"{like(wanted.text)}=%"]
    test = sa.or_(*(key.like(one, escape="\\") for one in begun))
    if wanted.prefix and wanted.text.isascii():
        return sa.and_(key >= wanted.prefix, key < wanted.prefix + _LAST, test)
    inner = [f"%={like(wanted.text)}", f"%={like(wanted.text)}=%"]
    return sa.or_(test, *(key.like(one, escape="\\") for one in inner))


def _patient_id(match: Match, clinic_id: str) -> Sql:
    return _of_person(clinic_id, lambda table: compared(table.c.dicom_id, match))


def _birth_date(match: Match, clinic_id: str) -> Sql:
    def test(table: sa.Table) -> Sql:
        if table is items:
            return compared(sa.func.replace(items.c.claim["birth_date"].as_string(), "-", ""), match)
        return compared(sa.func.replace(sa.cast(patients.c.birth_date, sa.Text), "-", ""), match)

    return _of_person(clinic_id, test)


def _sex(match: Match, clinic_id: str) -> Sql:
    def test(table: sa.Table) -> Sql:
        column = items.c.claim["sex"].as_string() if table is items else patients.c.sex
        return compared(column, match)

    return _of_person(clinic_id, test)


def _modalities(match: Match, _clinic_id: str) -> Sql:
    held = sa.select(series.c.id).where(series.c.study_id == studies.c.id)
    return held.where(compared(series.c.modality, match)).exists()


ATTRIBUTES: Mapping[str, Callable[[Match, str], Sql]] = {
    "PatientName": _name,
    "PatientID": _patient_id,
    "PatientBirthDate": _birth_date,
    "PatientSex": _sex,
    "StudyInstanceUID": _plain(studies.c.study_instance_uid),
    "StudyDate": _plain(studies.c.day),
    "StudyTime": _plain(studies.c.time),
    # Both as one moment, where that was agreed on (PS3.4 section C.2.2.2.5.2).
    "StudyMoment": _plain(studies.c.day.concat(sa.func.coalesce(studies.c.time, ""))),
    "AccessionNumber": _plain(studies.c.accession_number),
    "StudyID": _plain(studies.c.dicom_id),
    "StudyDescription": _plain(studies.c.description),
    "ReferringPhysicianName": _plain(studies.c.referring_physician),
    "ModalitiesInStudy": _modalities,
    "SeriesInstanceUID": _plain(series.c.series_instance_uid),
    "Modality": _plain(series.c.modality),
    "SeriesNumber": _number(series.c.number),
    "SeriesDescription": _plain(series.c.description),
    "PerformedProcedureStepStartDate": _plain(series.c.step_day),
    "PerformedProcedureStepStartTime": _plain(series.c.step_time),
    "ScheduledProcedureStepID": _plain(series.c.scheduled_step_id),
    "RequestedProcedureID": _plain(series.c.requested_procedure_id),
    "SOPInstanceUID": _plain(instances.c.sop_instance_uid),
    "SOPClassUID": _plain(instances.c.sop_class_uid),
    "InstanceNumber": _number(instances.c.instance_number),
}
