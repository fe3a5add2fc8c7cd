from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from porion.dicom.person import Identifier, PersonName
from porion.services.audit_records import AuditRow
from porion.services.decide import reject
from porion.services.merge import merge_patients
from porion.services.patients import edit_patient
from porion.services.trail import link_hash, read_trail, show, verify_trail
from tests.builders import a_panoramic
from tests.services.scenes import ANNA, BERTA, link_to, register, waiting
from tests.world import World, another_clinic, bring

ROW = AuditRow(1, "2026-03-02T12:00:00", "anna", "looked", "image", "1", {"a": 1}, "", "")


def a_history(world: World) -> int:
    """Some links; how many."""
    anna, berta = register(world), register(world, BERTA)
    link_to(world, waiting(world, a_panoramic()), anna)
    reject(world.porion, world.actor, waiting(world, a_panoramic(2, study="b")).item.id, "blurred")
    merge_patients(world.porion, world.actor, anna.id, berta.id, "said Anna Beispiel")
    verdict = verify_trail(world.porion, world.actor)
    assert verdict.whole
    assert verdict.broken_at is None
    return verdict.links


def test_a_whole_chain_verifies(each_world: World) -> None:
    assert a_history(each_world) > 8


def test_an_empty_chain_is_whole(world: World) -> None:
    assert verify_trail(world.porion, world.actor).links == 0


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit SET actor = 'eve' WHERE number = 3", 3),
        ("UPDATE audit SET object_id = 'x' WHERE number = 4", 4),
        ("UPDATE audit SET at = '2026-03-02T12:00:01.000000+00:00x' WHERE number = 1", 1),
        ("UPDATE audit SET detail = '{}' WHERE action = 'patients merged'", None),
        ("UPDATE audit SET hash = previous WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 5", 5),
        ("DELETE FROM audit WHERE number > 6", 7),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET number = number + 1000 WHERE number > 4", 5),
        ("UPDATE audit SET number = 999 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 4", 3),
    ],
)
def test_any_change_of_the_table_is_found(each_world: World, tampering: str, broken_at: int | None) -> None:
    a_history(each_world)
    with each_world.engine.begin() as connection:
        for statement in tampering.split("; "):
            assert connection.execute(sa.text(statement)).rowcount > 0
    verdict = verify_trail(each_world.porion, each_world.actor)
    assert not verdict.whole
    assert broken_at in (None, verdict.broken_at)


@pytest.mark.parametrize("field", ["number", "at", "actor", "action", "object_kind", "object_id", "previous"])
def test_the_hash_covers_every_field(field: str) -> None:
    change: dict[str, Any] = {field: 2 if field == "number" else "changed"}
    changed = replace(ROW, **change)
    assert link_hash(changed) != link_hash(ROW)
    assert link_hash(replace(ROW, hash="own")) == link_hash(ROW) != link_hash(replace(ROW, detail={}))


def test_writers_at_once_queue_up_and_the_chain_does_not_fork(each_world: World) -> None:
    world, failures = each_world, []
    anna = register(world)

    def write(own: int) -> None:
        try:
            for number in range(6):
                register(world, replace(BERTA, identifiers=(Identifier(f"{own}-{number}", "X"),)))
                show(world.porion, world.actor, "looked", ("patient", anna.id))
        except BaseException as error:
            failures.append(error)
            raise

    writers = [threading.Thread(target=write, args=(own,)) for own in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert failures == []
    verdict = verify_trail(world.porion, world.actor)
    assert (verdict.whole, verdict.links) == (True, 1 + 3 * 12)


def test_a_clinic_has_a_chain_of_its_own(each_world: World) -> None:
    there = another_clinic(each_world)
    links = a_history(each_world)
    assert a_history(there) == links
    bring(there, a_panoramic(7))
    assert verify_trail(each_world.porion, each_world.actor).links == links
    seen = read_trail(there.porion, there.actor, before=None, limit=1000, object_id=None)
    assert {row.actor for row in seen} == {"neighbour"}


def test_the_trail_is_read_newest_first_in_pages_and_by_object(world: World) -> None:
    anna = register(world)
    edit_patient(world.porion, world.actor, replace(anna, sex="O"))
    show(world.porion, world.actor, "looked", ("patient", "other"))
    porion, actor = world.porion, world.actor
    whole = read_trail(porion, actor, before=None, limit=10, object_id=None)
    assert [row.number for row in whole] == [3, 2, 1]
    assert read_trail(porion, actor, before=3, limit=1, object_id=None) == whole[1:2]
    assert [row.action for row in read_trail(porion, actor, before=None, limit=9, object_id=anna.id)] == [
        "patient edited",
        "patient added",
    ]


def test_no_name_of_a_patient_stands_in_the_trail(world: World) -> None:
    a_history(world)
    link_to(world, waiting(world, a_panoramic(3, study="c", PatientName="Dritter^Name", PatientID="Z")), None)
    edited = register(world, replace(BERTA, name=PersonName("Vierter", "Name"), identifiers=()))
    edit_patient(world.porion, world.actor, replace(edited, name=PersonName("Fuenfter", "Name")))
    rows = read_trail(world.porion, world.actor, before=None, limit=1000, object_id=None)
    told = json.dumps([[row.action, row.object_id, row.detail] for row in rows])
    for name in (ANNA.name, BERTA.name, PersonName("Dritter"), PersonName("Vierter"), PersonName("Fuenfter")):
        assert name.family not in told
