from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from porion.dicom.query import OneOf, Pattern, Span
from porion.services.search_rows import Condition, Level, Wanted
from porion.store import search_rows
from porion.store.search_conditions import Binds, compared, like
from tests.builders import a_panoramic, uid
from tests.store.plans import explained
from tests.world import World, bring


@pytest.mark.parametrize(
    ("pattern", "as_sql"), [("a*b?", "a%b_"), ("50%", "50\\%"), ("a_b", "a\\_b"), ("a\\*", "a\\\\%")]
)
def test_only_the_wildcards_of_dicom_are_wild(pattern: str, as_sql: str) -> None:
    assert like(pattern) == as_sql


@pytest.mark.parametrize(
    ("match", "held", "fits"),
    [
        (Pattern("A_1"), "A_1", True),
        (Pattern("A_*"), "AB1", False),
        (Pattern("a*"), "AB1", True),
        (Pattern("ab1"), "AB1", False),
        (Span("b", None), "a", False),
        (Span(None, "b"), "a", True),
        (Span("a", "b"), "b", True),
    ],
)
def test_a_text_is_compared(each_world: World, match: Pattern | Span, held: str, *, fits: bool) -> None:
    binds = Binds()
    test = compared(f"CAST({binds(held)} AS TEXT)", match, binds)
    with each_world.engine.connect() as connection:
        assert bool(connection.scalar(sa.text(f"SELECT {test}"), binds.values)) is fits


@pytest.mark.parametrize(
    ("few", "ways"),
    [
        (9, ["ix_studies_day", "ix_items_study_claim"]),
        (8, ["ix_studies_day", "ix_items_dicom_name", "ix_patients_dicom_name"]),
    ],
)
def test_a_name_and_a_day_are_looked_up_and_no_table_is_read_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int, ways: list[str]
) -> None:
    monkeypatch.setattr(search_rows, "_FEW_PEOPLE", -1)
    monkeypatch.setattr(search_rows, "_FEW_STUDIES", few)
    bring(world, *(a_panoramic(n, study=f"s{n}", PatientName=f"Name{n}^A") for n in range(9)))
    conditions = (
        Condition("PatientName", (Pattern("name3*"),)),
        Condition("StudyDate", (Span("20260101", "20261231"),)),
    )
    told = plan(world, Wanted(Level.STUDY, conditions, 0, 9))
    assert [way for way in ways if not any(way in line for line in told)] == []
    assert [line for line in told if line.startswith("SCAN") and "items" in line] == []


def test_a_name_of_few_people_leads_whatever_the_days(world: World) -> None:
    bring(world, *(a_panoramic(n, study=f"s{n}", PatientName=f"Name{n}^A") for n in range(9)))
    conditions = (
        Condition("PatientName", (Pattern("name3*"),)),
        Condition("StudyDate", (Span("20260302", "20260302"),)),
    )
    told = plan(world, Wanted(Level.STUDY, conditions, 0, 9))
    assert any("ix_items_dicom_name" in line for line in told)


@pytest.mark.parametrize(
    ("level", "condition", "way"),
    [
        (Level.STUDY, Condition("StudyInstanceUID", (OneOf((uid("s3"),)),)), "study_instance_uid=?"),
        (Level.SERIES, Condition("StudyInstanceUID", (OneOf((uid("s3"),)),)), "study_instance_uid=?"),
        (Level.INSTANCE, Condition("StudyInstanceUID", (OneOf((uid("s3"),)),)), "study_instance_uid=?"),
        (Level.SERIES, Condition("SeriesInstanceUID", (OneOf((uid("s3", "series", 1),)),)), "ix_series_uid"),
        (Level.INSTANCE, Condition("SOPInstanceUID", (OneOf((uid("panoramic", 3),)),)), "sop_instance_uid=?"),
        (Level.STUDY, Condition("AccessionNumber", (Pattern("A3"),)), "ix_studies_accession_number"),
    ],
)
@pytest.mark.parametrize("verified", [False, True])
def test_what_few_rows_have_leads_to_the_rest(
    world: World, level: Level, condition: Condition, way: str, *, verified: bool
) -> None:
    bring(world, *(a_panoramic(n, study=f"s{n}", AccessionNumber=f"A{n}") for n in range(9)))
    told = plan(world, Wanted(level, (condition,), 0, 9, verified), answers=not verified)
    assert any(way in line for line in told)
    everything = ("SCAN items", "SEARCH items USING INDEX ix_items_state (clinic_id=? AND state=?)")
    assert [line for line in told if line.startswith(everything)] == []


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("verified", [False, True])
def test_answers_are_looked_up_by_what_was_found(world: World, level: Level, *, verified: bool) -> None:
    bring(world, *(a_panoramic(n, study=f"s{n}") for n in range(9)))
    wanted = Wanted(level, (), 0, 9)
    with world.porion.store.read(world.clinic_id) as tx:
        found = tx.search.matching(wanted)
        tell = tx.search.people if level is Level.PATIENT else tx.search.told
        with explained(world) as told:
            tell(replace(wanted, verified=verified), found)
    assert len(told) >= 1
    # Of people who are not in the register, by what is claimed: what waits is not much.
    whole = [line for line in told if line.endswith("(clinic_id=?)") or line.startswith("SCAN")]
    assert whole == []


def plan(world: World, wanted: Wanted, answers: int = 1) -> list[str]:
    """How it goes about a search that has so many answers."""
    with explained(world) as told, world.porion.store.read(world.clinic_id) as tx:
        assert len(tx.search.find(wanted)) == answers
    return told


@pytest.mark.parametrize(("places", "way"), [(1, "study_instance_uid=?"), (3, "sop_instance_uid=?")])
def test_an_instance_is_looked_up_where_it_lies(world: World, places: int, way: str) -> None:
    bring(world, *(a_panoramic(n, study=f"s{n}") for n in range(9)))
    place = (uid("s3"), uid("s3", "series", 1), uid("panoramic", 3))[:places]
    with explained(world) as told, world.porion.store.read(world.clinic_id) as tx:
        assert len(tx.search.held(*place)) == 1
    assert any(way in line for line in told)
    assert [line for line in told if "ix_items_state" in line] == []
