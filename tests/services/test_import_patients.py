from __future__ import annotations

from dataclasses import replace
from datetime import date

from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.services.import_patients import RegisterRow, import_patients
from porion.services.merge import merge_patients
from porion.services.patients import list_patients
from porion.services.trail import verify_trail
from tests.services.scenes import ANNA, BERTA, dump, register
from tests.world import World

PERSON = ClaimedIdentity(ANNA.name, birth_date=ANNA.birth_date, sex=ANNA.sex, identifiers=ANNA.identifiers)
WITHOUT_ID = replace(PERSON, name=PersonName("García López", "Sofía"), identifiers=())


def run(world: World, *people: ClaimedIdentity, dry_run: bool = False) -> list[str]:
    rows = [RegisterRow(number, person) for number, person in enumerate(people, 1)]
    reports = import_patients(world.porion, world.actor, rows, dry_run=dry_run)
    assert [report.number for report in reports] == [row.number for row in rows]
    assert all(report.reason for report in reports)
    return [report.result.value for report in reports]


def test_new_rows_are_added_and_a_second_run_changes_nothing(each_world: World) -> None:
    rows = (PERSON, WITHOUT_ID)
    assert run(each_world, *rows) == ["added", "added"]
    before = dump(each_world, without=())
    assert run(each_world, *rows) == ["unchanged", "unchanged"]
    assert dump(each_world, without=()) == before


def test_a_dry_run_says_the_same_and_changes_nothing(each_world: World) -> None:
    register(each_world, BERTA)
    before = dump(each_world, without=())
    changed = ClaimedIdentity(BERTA.name, birth_date=BERTA.birth_date, sex="O", identifiers=BERTA.identifiers)
    rows = (PERSON, PERSON, changed, replace(PERSON, name=PersonName()))
    told = run(each_world, *rows, dry_run=True)
    assert told == ["added", "unchanged", "updated", "refused"]
    assert dump(each_world, without=()) == before
    assert run(each_world, *rows) == told
    assert verify_trail(each_world.porion, each_world.actor).whole


def test_a_row_updates_the_owner_of_its_identifier(world: World) -> None:
    anna = register(world)
    married = replace(
        PERSON,
        name=PersonName("Neu", "Anna"),
        sex="",
        identifiers=(*ANNA.identifiers, Identifier("N-1", "NEW")),
    )
    assert run(world, married) == ["updated"]
    (held,) = list_patients(world.porion, world.actor)
    assert (held.id, held.name, held.aliases, held.version) == (anna.id, married.name, (ANNA.name,), 2)
    assert (held.birth_date, held.sex) == (ANNA.birth_date, "F")
    assert held.identifiers == married.identifiers


def test_a_row_whose_name_and_birth_date_both_differ_is_refused(world: World) -> None:
    register(world)
    somebody = replace(PERSON, name=PersonName("Beispiel", "Emil"), birth_date=date(2009, 1, 30))
    assert run(world, somebody) == ["refused"]
    assert list_patients(world.porion, world.actor)[0].name == ANNA.name


def test_a_bad_row_stops_nothing(world: World) -> None:
    rows = [
        RegisterRow(1, PERSON, ("The birth date is no date.",)),
        RegisterRow(2, replace(PERSON, name=PersonName("N" * 300))),
        RegisterRow(3, PERSON),
    ]
    reports = import_patients(world.porion, world.actor, rows)
    assert [report.result for report in reports] == ["refused", "refused", "added"]
    assert reports[0].reason == "The birth date is no date."


def test_a_second_identifier_that_is_taken_refuses_the_row(world: World) -> None:
    register(world), register(world, BERTA)
    both = replace(PERSON, identifiers=(*ANNA.identifiers, *BERTA.identifiers))
    assert run(world, both) == ["refused"]


def test_a_row_about_a_merged_patient_reaches_the_one_that_stayed(world: World) -> None:
    stays, goes = register(world, BERTA), register(world)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "one person")
    (report,) = import_patients(world.porion, world.actor, [RegisterRow(1, replace(PERSON, sex="F"))])
    assert report.patient_id == stays.id
