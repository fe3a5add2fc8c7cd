"""The keys of the matcher's index are made by code: when that makes others, every patient is indexed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.store.database import take_turn
from porion.store.patient_index import INDEX_VERSION
from porion.store.patient_rows import PatientRows
from porion.store.schema import clinics, register_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.clinic.patient import Patient

_PAGE = 2_000


def bring_up(engine: sa.Engine) -> None:
    """Index the patients anew of every clinic that has not this version's keys."""
    versions = sa.select(clinics.c.id, register_index.c.version).outerjoin(register_index)
    with engine.connect() as connection:
        old = [row.id for row in connection.execute(versions) if row.version != INDEX_VERSION]
    for clinic_id in old:
        with engine.execution_options(porion_writes=True).begin() as connection:
            take_turn(connection, clinic_id)
            _index_anew(PatientRows(connection, clinic_id))


def _index_anew(rows: PatientRows) -> None:
    rows.index.forget()
    for page in _pages(rows):
        rows.index.include(page)
    rows.index.note_version()


def _pages(rows: PatientRows) -> Iterator[Sequence[Patient]]:
    page = rows.list(None, None, _PAGE)
    while page:
        yield page
        page = rows.list(None, page[-1].id, _PAGE)
