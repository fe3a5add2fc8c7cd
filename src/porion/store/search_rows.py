"""Searches of the DICOM kind through one clinic's studies, series and instances."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.dicom.habits import Habits
from porion.services.claims import claim_of
from porion.services.records import InstanceRow, SeriesRow, StudyRow, column_names
from porion.services.search_rows import (
    Found,
    FoundPerson,
    HeldInstance,
    Level,
    Person,
    Wanted,
    person_of,
)
from porion.services.searched import series_columns, study_columns
from porion.store.patient_rows import patient_of
from porion.store.rows import Rows
from porion.store.schema import images, instances, items, patients, series, studies
from porion.store.search_conditions import sql_of
from porion.store.spoken import claim_keys, patient_keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.services.arrival import SearchedFacts

_SHOWN = items.c.state.in_(["linked", "pending"])
_VERIFIED = items.c.state == "linked"
_OLDEST = sa.func.min(items.c.id).label("item_id")
_STUDIES = sa.func.count(sa.distinct(items.c.study_id))
# Who a person is: a patient of the register, or whatever claims the same.
_WHO = sa.func.coalesce(items.c.patient_id, items.c.claim_key)
_ENTITY: Mapping[Level, sa.ColumnElement[str]] = {
    Level.PATIENT: _WHO,
    Level.STUDY: items.c.study_id,
    Level.SERIES: images.c.series_id,
    Level.INSTANCE: instances.c.id,
}


def _shown(wanted: Wanted) -> sa.ColumnElement[bool]:
    return _VERIFIED if wanted.verified else _SHOWN


def _joined(level: Level) -> sa.FromClause:
    """The tables that conditions of a level speak of."""
    joined: sa.FromClause = items.join(studies, items.c.study_id == studies.c.id)
    if level > Level.STUDY:
        joined = joined.join(images, images.c.item_id == items.c.id)
        joined = joined.join(series, images.c.series_id == series.c.id)
    if level > Level.SERIES:
        joined = joined.join(instances, instances.c.image_id == images.c.id)
    return joined


class SearchRows(Rows):
    """See :class:`porion.services.search_rows.SearchRows`."""

    def find(self, wanted: Wanted) -> Sequence[Found]:
        """What meets all conditions: studies and series newest first, instances as they came."""
        return self.told(wanted, self.matching(wanted))

    def told(self, wanted: Wanted, matching: Sequence[tuple[str, str]]) -> Sequence[Found]:
        """Some of what :meth:`matching` answered; what has gone in the meantime is left out."""
        people = self._people({item_id for _, item_id in matching}, _shown(wanted))
        through = {key: item_id for key, item_id in matching if item_id in people}
        if wanted.level is Level.INSTANCE:
            return self._instances(list(through), through, people)
        if wanted.level is Level.SERIES:
            return self._series(list(through), through, people, _shown(wanted))
        return self._studies(list(through), through, people, _shown(wanted))

    def people(self, wanted: Wanted, matching: Sequence[tuple[str, str]]) -> Sequence[FoundPerson]:
        """The same at the level of patients."""
        people = self._people({item_id for _, item_id in matching}, _shown(wanted))
        known = [who for who, _ in matching]
        # Each by its own index: over both at once there is none.
        counted = self._counted(items.c.patient_id, known, _VERIFIED, _STUDIES)
        if not wanted.verified:
            waiting = sa.and_(items.c.clinic_id == self._clinic_id, items.c.state == "pending")
            counted = {**self._counted(items.c.claim_key, known, waiting, _STUDIES), **counted}
        return [
            FoundPerson(people[item_id], *counted[who])
            for who, item_id in matching
            if item_id in people and who in counted
        ]

    def held(
        self,
        study_uid: str,
        series_uid: str | None = None,
        sop_uid: str | None = None,
        most: int | None = None,
    ) -> Sequence[HeldInstance]:
        """A study's instances, or one series', or one of them: by series, Instance Number and arrival."""
        statement = self._held().where(studies.c.study_instance_uid == study_uid)
        if series_uid is not None:
            statement = statement.where(series.c.series_instance_uid == series_uid)
        if sop_uid is not None:
            statement = statement.where(instances.c.sop_instance_uid == sop_uid)
        order = (series.c.id, instances.c.instance_number, instances.c.id)
        return [_held(row) for row in self._connection.execute(statement.order_by(*order).limit(most))]

    def unread(self, most: int) -> Mapping[str, HeldInstance]:
        """Series from before all keys were kept, by their identifier, each with an instance to read."""
        old = sa.or_(series.c.requested_procedure_id.is_(None), studies.c.referring_physician.is_(None))
        first = (
            sa.select(series.c.id, sa.func.min(instances.c.id).label("first"))
            .select_from(_joined(Level.INSTANCE))
            .where(series.c.clinic_id == self._clinic_id, old)
            .group_by(series.c.id)
            .limit(most)
            .subquery()
        )
        rows = self._connection.execute(self._held().where(instances.c.id == first.c.first))
        return {row.series_id: _held(row) for row in rows}

    def save_searched(self, series_id: str, facts: SearchedFacts) -> None:
        """Write what a header says into the rows of its series and study."""
        self._update(series, series_id, series_columns(facts))
        study_id = self._connection.scalar(sa.select(series.c.study_id).where(series.c.id == series_id))
        self._update(studies, str(study_id), study_columns(facts))

    def has_unnamed(self) -> bool:
        """Whether there are people whose rows are from before their keys were kept."""
        return any(
            self._connection.execute(
                sa.select(table.c.id)
                .where(table.c.clinic_id == self._clinic_id, table.c.dicom_name.is_(None))
                .limit(1)
            ).first()
            for table in (patients, items)
        )

    def name_people(self, most: int) -> int:
        """Make the keys of so many people whose rows are from before; answers how many had none."""
        named = 0
        for table, keys in ((patients, patient_keys_of), (items, claim_keys)):
            told = table.c.claim if table is items else table.c.identifiers
            more = [table.c.name] if table is patients else []
            old = sa.select(table.c.id, told, *more).where(
                table.c.clinic_id == self._clinic_id, table.c.dicom_name.is_(None)
            )
            for row_id, *said in self._connection.execute(old.limit(most)).all():
                self._update(table, row_id, keys(*said))
                named += 1
        return named

    def matching(self, wanted: Wanted) -> Sequence[tuple[str, str]]:
        """The identifiers of what :meth:`find` would find, each with the oldest item through which it is."""
        entity = _ENTITY[wanted.level]
        statement = (
            sa.select(entity, _OLDEST if wanted.level < Level.INSTANCE else items.c.id)
            .select_from(_joined(wanted.level))
            .where(items.c.clinic_id == self._clinic_id, _shown(wanted))
            .where(*(sql_of(condition, self._clinic_id) for condition in wanted.conditions))
            .offset(wanted.skip)
            .limit(wanted.most)
        )
        if wanted.level is Level.INSTANCE:
            statement = statement.order_by(entity)
        else:
            statement = statement.group_by(entity).order_by(entity.desc())
        if wanted.level <= Level.STUDY:
            statement = statement.where(sa.exists().where(images.c.item_id == items.c.id))
        return [(str(key), str(item_id)) for key, item_id in self._connection.execute(statement)]

    def _people(self, item_ids: set[str], shown: sa.ColumnElement[bool]) -> Mapping[str, Person]:
        """Whose the items are: the patient's of the register where linked, else the claimed identity."""
        found: dict[str, Person] = {}
        statement = (
            sa.select(items.c.id.label("item_id"), items.c.claim, items.c.patient_id, patients)
            .select_from(items.outerjoin(patients, items.c.patient_id == patients.c.id))
            .where(items.c.clinic_id == self._clinic_id, shown)
        )
        for row in self._by_ids(statement, items.c.id, sorted(item_ids)):
            who = patient_of(row) if row.patient_id else claim_of(row.claim)
            found[row.item_id] = replace(person_of(who), verified=bool(row.patient_id))
        return found

    def _by_ids(
        self, statement: sa.Select[*tuple[Any, ...]], column: sa.ColumnElement[str], ids: Sequence[str]
    ) -> list[Any]:
        wanted = statement.where(column.in_(sa.bindparam("wanted", expanding=True)))
        rows: list[Any] = []
        for start in range(0, len(ids), 500):
            rows += self._connection.execute(wanted, {"wanted": ids[start : start + 500]}).all()
        return rows

    def _studies(
        self,
        ids: Sequence[str],
        through: Mapping[str, str],
        people: Mapping[str, Person],
        shown: sa.ColumnElement[bool],
    ) -> Sequence[Found]:
        rows = {row.id: row for row in self._where_in(studies, StudyRow, studies.c.id, ids)}
        counted = self._counted(items.c.study_id, ids, shown)
        modalities: dict[str, set[str]] = {study_id: set() for study_id in ids}
        seen = (
            sa.select(series.c.study_id, series.c.modality).distinct().where(series.c.modality.is_not(None))
        )
        for study_id, modality in self._by_ids(seen, series.c.study_id, ids):
            modalities[study_id].add(modality)
        return [
            Found(
                study=rows[study_id],
                person=people[through[study_id]],
                modalities=tuple(sorted(modalities[study_id])),
                series_count=counted.get(study_id, (0, 0))[0],
                instance_count=counted.get(study_id, (0, 0))[1],
            )
            for study_id in ids
        ]

    def _series(
        self,
        ids: Sequence[str],
        through: Mapping[str, str],
        people: Mapping[str, Person],
        shown: sa.ColumnElement[bool],
    ) -> Sequence[Found]:
        rows = {row.id: row for row in self._where_in(series, SeriesRow, series.c.id, ids)}
        above = self._studies_of([row.study_id for row in rows.values()])
        counted = self._counted(images.c.series_id, ids, shown)
        return [
            Found(
                study=above[rows[series_id].study_id],
                person=people[through[series_id]],
                series=rows[series_id],
                instance_count=counted.get(series_id, (0, 0))[1],
            )
            for series_id in ids
        ]

    def _instances(
        self, ids: Sequence[str], through: Mapping[str, str], people: Mapping[str, Person]
    ) -> Sequence[Found]:
        rows = {row.id: row for row in self._where_in(instances, InstanceRow, instances.c.id, ids)}
        wanted = {row.series_id for row in rows.values()}
        within = {row.id: row for row in self._where_in(series, SeriesRow, series.c.id, wanted)}
        above = self._studies_of([row.study_id for row in within.values()])
        found = []
        for instance_id in ids:
            one = within[rows[instance_id].series_id]
            person = people[through[instance_id]]
            found.append(Found(above[one.study_id], person, one, rows[instance_id]))
        return found

    def _studies_of(self, ids: Sequence[str]) -> Mapping[str, StudyRow]:
        return {row.id: row for row in self._where_in(studies, StudyRow, studies.c.id, set(ids))}

    def _counted(
        self,
        entity: sa.ColumnElement[str],
        ids: Sequence[str],
        shown: sa.ColumnElement[bool],
        *more: sa.ColumnElement[int],
    ) -> Mapping[str, tuple[int, ...]]:
        """How many series and instances of each are shown, after whatever more is to be counted.

        The identifiers are of this clinic: to say so once more would lead SQLite to a worse index.
        """
        counts = (*more, sa.func.count(sa.distinct(images.c.series_id)), sa.func.count(instances.c.id))
        joined = items.join(images, images.c.item_id == items.c.id)
        statement = (
            sa.select(entity, *counts)
            .select_from(joined.join(instances, instances.c.image_id == images.c.id))
            .where(shown)
            .group_by(entity)
        )
        return {key: tuple(found) for key, *found in self._by_ids(statement, entity, ids)}

    def _held(self) -> sa.Select[Any]:
        columns = [instances.c[name] for name in column_names(InstanceRow)]
        return (
            sa.select(*columns, studies.c.study_instance_uid, series.c.series_instance_uid, images.c.source)
            .select_from(_joined(Level.INSTANCE))
            .where(items.c.clinic_id == self._clinic_id, _SHOWN)
        )


def _held(row: Any) -> HeldInstance:
    *instance, study_uid, series_uid, source = row
    return HeldInstance(InstanceRow(*instance), study_uid, series_uid, Habits(**source.get("habits", {})))
