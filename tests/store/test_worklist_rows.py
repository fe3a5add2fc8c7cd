"""Rows of the worklist, on both databases."""

from __future__ import annotations

from dataclasses import replace

from porion.services.worklist_records import ProfileRow, QueryRow
from tests.services.worklists import a_step, anna
from tests.world import NOON, World, another_clinic


def test_steps_are_found_by_every_number_that_comes_back(each_world: World) -> None:
    step = a_step(each_world, anna(each_world).id)
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.worklist.named([step.step_id, "none"]) == [step]
        assert tx.worklist.any_of([step.study_instance_uid], []) == [step]
        assert tx.worklist.any_of([], [step.accession_number]) == [step]
        assert tx.worklist.any_of([step.study_instance_uid], [step.accession_number]) == [step]
        assert tx.worklist.any_of([], []) == []
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.worklist.get(step.id) is None
        assert tx.worklist.named([step.step_id]) == []
        assert tx.worklist.any_of([step.study_instance_uid], [step.accession_number]) == []


def test_a_step_is_written_once_from_each_version(each_world: World) -> None:
    step = a_step(each_world, anna(each_world).id)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        assert tx.worklist.update(step, {"images": ["i"]})
        assert not tx.worklist.update(step, {"images": ["j"]})
        assert tx.worklist.get(step.id) == replace(step, images=["i"], version=2)


def test_a_profile_is_kept_for_each_device_of_each_clinic(each_world: World) -> None:
    row = ProfileRow("d", stations="own", character_set="ISO_IR 100")
    there = another_clinic(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        assert tx.worklist.profile("d") is None
        tx.worklist.save_profile(ProfileRow("d"))
        tx.worklist.save_profile(row)
        assert tx.worklist.profile("d") == row
    with there.porion.store.write(there.clinic_id) as tx:
        assert tx.worklist.profile("d") is None


def test_only_the_newest_queries_of_a_device_stay(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for number in range(5):
            tx.worklist.add_query(QueryRow(f"q{number}", "d", NOON, [["A", "b"]], number, ["."]), 3)
        tx.worklist.add_query(QueryRow("q9", "e", NOON, [], 0, []), 3)
        kept = tx.worklist.queries("d", 9)
    assert [row.id for row in kept] == ["q4", "q3", "q2"]
    assert kept[0].keys == [["A", "b"]]
