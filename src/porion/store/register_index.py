"""The keys of the matcher's index are made by code: when that makes others, every patient is indexed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.store.patient_rows import INDEX_VERSION, PatientRows
from porion.store.schema import clinics, register_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.clinic.patient import Patient

_PAGE = 500


def bring_up(connection: sa.Connection) -> None:
    """Index the patients anew of every clinic that has not this version's keys."""
    versions = sa.select(clinics.c.id, register_index.c.version).outerjoin(register_index)
    for clinic_id, version in connection.execute(versions).all():
        if version != INDEX_VERSION:
            rows = PatientRows(connection, clinic_id)
            for patient in _everybody(rows):
                rows.index_anew(patient)
            rows.note_version()


def _everybody(rows: PatientRows) -> Iterator[Patient]:
    page = rows.list(None, None, _PAGE)
    while page:
        yield from page
        page = rows.list(None, page[-1].id, _PAGE)
