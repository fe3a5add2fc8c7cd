"""Searches of the DICOM kind through one clinic's studies, series and instances."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.dicom.habits import Habits
from porion.dicom.query import OneOf, Pattern
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
from porion.store.patient_columns import patient_of
from porion.store.rows import Rows, among, chunks
from porion.store.schema import images, instances, items, patients, series, studies
from porion.store.search_conditions import Binds, in_the_register, sql_of
from porion.store.spoken import claim_keys, patient_keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.dicom.query import Match
    from porion.services.arrival import SearchedFacts

Shown = tuple[str, ...]
_SHOWN: Shown = ("linked", "pending")
_VERIFIED: Shown = ("linked",)
_PENDING: Shown = ("pending",)
_NO_LIMIT = 2**31 - 1
# Attributes that few rows of a table have alike, each with an index, the fewest first.
_LEADERS = {
    "SOPInstanceUID": "instances",
    "SeriesInstanceUID": "series",
    "StudyInstanceUID": "studies",
    "AccessionNumber": "studies",
}
_COUNTED_NAMES = "SELECT count(*) FROM (SELECT 1 FROM patients WHERE clinic_id = :clinic AND"
_FEW_PEOPLE = 50
_COUNTED_DAYS = "SELECT count(*) FROM (SELECT 1 FROM studies WHERE clinic_id = :clinic AND"
# So many are looked at one by one; a clinic that is busy takes some fifty a day.
_FEW_STUDIES = 1_000
# Who a person is: a patient of the register, or whatever claims the same.
_WHO = "coalesce(items.patient_id, items.claim_key)"
_OF_STUDY = "FROM items JOIN studies ON items.study_id = studies.id"
_OF_SERIES = (
    f"{_OF_STUDY} JOIN images ON images.item_id = items.id JOIN series ON images.series_id = series.id"
)
_HAS_IMAGES = " AND EXISTS (SELECT 1 FROM images WHERE images.item_id = items.id)"
_SELECTED: Mapping[Level, str] = {
    Level.PATIENT: f"{_WHO} AS who, min(items.id) {_OF_STUDY}",
    Level.STUDY: f"items.study_id, min(items.id) {_OF_STUDY}",
    Level.SERIES: f"images.series_id, min(items.id) {_OF_SERIES}",
    Level.INSTANCE: f"instances.id, items.id {_OF_SERIES} JOIN instances ON instances.image_id = images.id",
}
_ORDERED: Mapping[Level, str] = {
    Level.PATIENT: f"{_HAS_IMAGES} GROUP BY who ORDER BY who DESC",
    Level.STUDY: f"{_HAS_IMAGES} GROUP BY items.study_id ORDER BY items.study_id DESC",
    Level.SERIES: " GROUP BY images.series_id ORDER BY images.series_id DESC",
    Level.INSTANCE: " ORDER BY instances.id",
}


def _is_exact(match: Match) -> bool:
    return isinstance(match, OneOf) or (isinstance(match, Pattern) and match.is_literal)


def _shown(wanted: Wanted) -> Shown:
    return _VERIFIED if wanted.verified else _SHOWN


def _joined() -> sa.FromClause:
    """Instances with everything above them."""
    joined = items.join(studies, items.c.study_id == studies.c.id)
    joined = joined.join(images, images.c.item_id == items.c.id)
    joined = joined.join(series, images.c.series_id == series.c.id)
    return joined.join(instances, instances.c.image_id == images.c.id)


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
        counted = self._counted("patient", known, _VERIFIED)
        if not wanted.verified:
            counted = {**self._counted("claim", known, _PENDING), **counted}
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
        wanted = {"study": study_uid, "series": series_uid, "instance": sop_uid}
        named = {name: uid for name, uid in wanted.items() if uid is not None}
        asked = {**named, "clinic": self._clinic_id, "most": _NO_LIMIT if most is None else most}
        statement = _at(tuple(named))
        return [_held(row) for row in self._connection.execute(statement, asked)]

    def unread(self, most: int) -> Mapping[str, HeldInstance | None]:
        """Series from before all keys were kept, each with an instance to read where there is one."""
        old = (
            sa.select(series.c.id)
            .where(series.c.clinic_id == self._clinic_id, series.c.requested_procedure_id.is_(None))
            .limit(most)
        )
        found: dict[str, HeldInstance | None] = dict.fromkeys(self._connection.scalars(old))
        first = (
            sa.select(sa.func.min(instances.c.id))
            .select_from(images.join(instances, instances.c.image_id == images.c.id))
            .where(images.c.series_id.in_(list(found)))
            .group_by(images.c.series_id)
        )
        rows = self._connection.execute(_placed_rows().where(instances.c.id.in_(first))) if found else ()
        return {**found, **{row.series_id: _held(row) for row in rows}}

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
        leader = self._leader(wanted)
        binds = Binds(self._connection.dialect.name == "postgresql", led=leader is not None)
        shown = "= 'linked'" if wanted.verified else "IN ('linked', 'pending')"
        leading = f"items.clinic_id = :clinic AND items.state {shown}"
        if leader is not None:
            # Nothing else may look like a way to the items.
            leading = f"{leader}.clinic_id = :clinic AND (items.state || '') {shown}"
        conditions = "".join(f" AND {sql_of(condition, binds)}" for condition in wanted.conditions)
        text = (
            f"SELECT {_SELECTED[wanted.level]} WHERE {leading}"
            f"{conditions}{_ORDERED[wanted.level]} LIMIT :most OFFSET :skip"
        )
        limits = {"clinic": self._clinic_id, "most": wanted.most, "skip": wanted.skip}
        found = self._connection.execute(sa.text(text), {**binds.values, **limits})
        return [(str(key), str(item_id)) for key, item_id in found]

    def _leader(self, wanted: Wanted) -> str | None:
        """The table whose rows are few by what is asked for, and lead to the rest; None when there is none.

        SQLite keeps no statistics here: it would go through all items that are linked, however few have
        the UID. And a name may be that of a tenth of all people, when a week has less.
        """
        asked = {one.keyword: one.matches for one in wanted.conditions}
        for keyword, table in _LEADERS.items():
            if keyword in asked and all(map(_is_exact, asked[keyword])):
                return table
        if "PatientID" in asked or self._has_few_people(wanted):
            return None
        return "studies" if self._has_few_studies(wanted) else None

    def _has_few_people(self, wanted: Wanted) -> bool:
        """Whether a name is asked for that few patients have: then it leads, by its own index."""
        name = next((one for one in wanted.conditions if one.keyword == "PatientName"), None)
        if name is None:
            return False
        binds = Binds()
        counted = sa.text(" ".join((_COUNTED_NAMES, in_the_register(name, binds), "LIMIT :most) AS named")))
        asked = {"clinic": self._clinic_id, "most": _FEW_PEOPLE + 1, **binds.values}
        return int(self._connection.scalar(counted, asked) or 0) <= _FEW_PEOPLE

    def _has_few_studies(self, wanted: Wanted) -> bool:
        """Whether dates are asked for that few studies have."""
        days = next((one for one in wanted.conditions if one.keyword == "StudyDate"), None)
        if days is None:
            return False
        binds = Binds()
        counted = sa.text(" ".join((_COUNTED_DAYS, sql_of(days, binds), "LIMIT :most) AS dated")))
        asked = {"clinic": self._clinic_id, "most": _FEW_STUDIES + 1, **binds.values}
        return int(self._connection.scalar(counted, asked) or 0) <= _FEW_STUDIES

    def _people(self, item_ids: set[str], shown: Shown) -> Mapping[str, Person]:
        """Whose the items are: the patient's of the register where linked, else the claimed identity."""
        found: dict[str, Person] = {}
        for row in self._by_ids(_people_rows(shown), sorted(item_ids)):
            who = patient_of(row) if row.patient_id else claim_of(row.claim)
            found[row.item_id] = replace(person_of(who), verified=bool(row.patient_id))
        return found

    def _by_ids(self, statement: sa.Select[*tuple[Any, ...]], ids: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        for part in chunks(ids):
            rows += self._connection.execute(statement, {"clinic": self._clinic_id, "wanted": part}).all()
        return rows

    def _studies(
        self,
        ids: Sequence[str],
        through: Mapping[str, str],
        people: Mapping[str, Person],
        shown: Shown,
    ) -> Sequence[Found]:
        rows = {row.id: row for row in self._where_in(studies, StudyRow, studies.c.id, ids)}
        counted = self._counted("study", ids, shown)
        modalities: dict[str, set[str]] = {study_id: set() for study_id in ids}
        for study_id, modality in self._by_ids(_MODALITIES, ids):
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
        shown: Shown,
    ) -> Sequence[Found]:
        rows = {row.id: row for row in self._where_in(series, SeriesRow, series.c.id, ids)}
        above = self._studies_of([row.study_id for row in rows.values()])
        counted = self._counted("series", ids, shown)
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

    def _counted(self, what: str, ids: Sequence[str], shown: Shown) -> Mapping[str, tuple[int, ...]]:
        """How many series and instances of each are shown, of a patient how many studies before them."""
        return {key: tuple(found) for key, *found in self._by_ids(_counts(what, shown), ids)}


# What follows is made once: to build such a statement takes longer than to run it.
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_OF_CLINIC = items.c.clinic_id == sa.bindparam("clinic")
_MODALITIES = (
    sa.select(series.c.study_id, series.c.modality)
    .distinct()
    .where(series.c.modality.is_not(None), *among(series.c.study_id))
)
_COUNTED: Mapping[str, sa.ColumnElement[str]] = {
    "patient": items.c.patient_id,
    "claim": items.c.claim_key,
    "study": items.c.study_id,
    "series": images.c.series_id,
}


@cache
def _people_rows(shown: Shown) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(items.c.id.label("item_id"), items.c.claim, items.c.patient_id, patients)
        .select_from(items.outerjoin(patients, items.c.patient_id == patients.c.id))
        .where(items.c.state.concat("").in_(shown), *among(items.c.id))
    )


@cache
def _counts(what: str, shown: Shown) -> sa.Select[*tuple[Any, ...]]:
    """Series and instances of each; of people their studies before them.

    The identifiers are of the clinic: to say so once more would lead SQLite to a worse index. A claim is
    nobody's identifier.
    """
    entity = _COUNTED[what]
    of_people = [sa.func.count(sa.distinct(items.c.study_id))] if what in ("patient", "claim") else []
    counts = (sa.func.count(sa.distinct(images.c.series_id)), sa.func.count(instances.c.id))
    joined = items.join(images, images.c.item_id == items.c.id)
    return (
        sa.select(entity, *of_people, *counts)
        .select_from(joined.join(instances, instances.c.image_id == images.c.id))
        .where(items.c.state.in_(shown), entity.in_(_WANTED), *([_OF_CLINIC] if what == "claim" else []))
        .group_by(entity)
    )


def _placed_rows() -> sa.Select[Any]:
    """Instances of images, and where they belong."""
    columns = [instances.c[name] for name in column_names(InstanceRow)]
    return sa.select(
        *columns, studies.c.study_instance_uid, series.c.series_instance_uid, images.c.source
    ).select_from(_joined())


_UIDS: Mapping[str, sa.Column[str]] = {
    "study": studies.c.study_instance_uid,
    "series": series.c.series_instance_uid,
    "instance": instances.c.sop_instance_uid,
}


# Made once: to build such a statement takes longer than to run it, and a viewer asks frame by frame.
@cache
def _at(named: tuple[str, ...]) -> sa.Select[Any]:
    """Those at a place whose levels are named, by series, Instance Number and arrival."""
    order = (series.c.id, instances.c.instance_number, instances.c.id)
    clinic = sa.bindparam("clinic", type_=sa.Text)
    # The UIDs lead, each with its clinic as its index has it; the state must not look like a way.
    places = [_UIDS[name] == sa.bindparam(name) for name in named]
    places += [_UIDS[name].table.c.clinic_id == clinic for name in named]
    shown = _placed_rows().where(*places, items.c.state.concat("").in_(_SHOWN))
    return shown.order_by(*order).limit(sa.bindparam("most", type_=sa.Integer))


def _held(row: Any) -> HeldInstance:
    *instance, study_uid, series_uid, source = row
    return HeldInstance(InstanceRow(*instance), study_uid, series_uid, Habits(**source.get("habits", {})))
