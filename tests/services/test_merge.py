from __future__ import annotations

from dataclasses import replace

import pytest

from porion.clinic.grade import Grade
from porion.dicom.person import Identifier, PersonName
from porion.services.decide import rule_out
from porion.services.errors import Conflict, Invalid, NotFound
from porion.services.exposures import see_exposures
from porion.services.inbox import see_item
from porion.services.merge import merge_patients, unmerge
from porion.services.patients import edit_patient, list_patients, see_patient
from porion.services.undo import undo
from tests.builders import a_panoramic
from tests.services.scenes import ANNA, BERTA, inbox, link_to, register, waiting
from tests.world import World, another_clinic


def test_a_merge_moves_images_exposures_identifiers_and_names(each_world: World) -> None:
    world = each_world
    stays = register(world, replace(BERTA, birth_date=None, sex=""))
    goes = register(world)
    link_to(world, waiting(world, a_panoramic()), goes)
    merged = merge_patients(world.porion, world.actor, stays.id, goes.id, "married")
    assert (merged.name, merged.aliases) == (BERTA.name, (ANNA.name,))
    assert merged.identifiers == (*BERTA.identifiers, *ANNA.identifiers)
    assert (merged.birth_date, merged.sex) == (ANNA.birth_date, "F")
    assert see_patient(world.porion, world.actor, stays.id) == merged
    assert see_patient(world.porion, world.actor, goes.id).merged_into == stays.id
    assert [view.item.patient_id for view in inbox(world, "linked")] == [stays.id]
    assert len(see_exposures(world.porion, world.actor, stays.id)) == 1
    assert see_exposures(world.porion, world.actor, goes.id) == []
    assert [one.id for one in list_patients(world.porion, world.actor)] == [stays.id]
    later = waiting(world, a_panoramic(2, study="another"))
    assert [candidate.patient.id for candidate in later.candidates] == [stays.id]


def test_a_merged_patient_is_neither_merged_again_nor_edited(world: World) -> None:
    stays, goes = register(world), register(world, BERTA)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "one person")
    for one, other in ((stays, goes), (goes, stays)):
        with pytest.raises(Conflict, match="merged before"):
            merge_patients(world.porion, world.actor, one.id, other.id, "again")
    with pytest.raises(Conflict, match="was merged into"):
        edit_patient(world.porion, world.actor, see_patient(world.porion, world.actor, goes.id))
    with pytest.raises(Invalid):
        merge_patients(world.porion, world.actor, stays.id, stays.id, "oneself")


def test_the_identifier_of_a_merged_patient_belongs_to_the_one_that_stayed(world: World) -> None:
    stays, goes = register(world), register(world, BERTA)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "one person")
    with pytest.raises(Conflict, match=stays.id):
        register(world, BERTA)


def merged_pair(world: World) -> tuple[str, str]:
    """Berta, who stays, and Anna, who goes with an image."""
    stays, goes = register(world, replace(BERTA, birth_date=None, sex="")), register(world)
    link_to(world, waiting(world, a_panoramic()), goes)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "one person")
    return stays.id, goes.id


def apart(world: World, goes: str, reason: str = "two people") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take the merge back; what moved and what did not."""
    answer = unmerge(world.porion, world.actor, goes, reason)
    return answer.moved, answer.kept


def test_two_who_were_merged_are_apart_as_before(each_world: World) -> None:
    world = each_world
    stays, goes = merged_pair(world)
    (item,) = inbox(world, "linked")

    assert apart(world, goes) == ((item.item.id,), ())

    back, other = (see_patient(world.porion, world.actor, one) for one in (goes, stays))
    assert (back.name, back.identifiers, back.merged_into) == (ANNA.name, ANNA.identifiers, None)
    assert replace(other, id="", version=1) == replace(BERTA, birth_date=None, sex="")
    assert [view.item.patient_id for view in inbox(world, "linked")] == [goes]
    assert len(see_exposures(world.porion, world.actor, goes)) == 1
    assert see_exposures(world.porion, world.actor, stays) == []
    later = waiting(world, a_panoramic(2, study="another"))
    assert [one.patient.id for one in later.candidates if one.grade is Grade.CERTAIN] == [goes]
    assert later.remembered is not None
    assert later.remembered.patient_id == goes


def test_what_came_after_the_merge_stays_and_is_named(each_world: World) -> None:
    world = each_world
    stays, goes = merged_pair(world)
    (early,) = inbox(world, "linked")
    late = waiting(world, a_panoramic(2, study="another"))
    link_to(world, late, see_patient(world.porion, world.actor, stays))

    assert apart(world, goes) == ((early.item.id,), (late.item.id,))

    linked = {view.item.id: view.item.patient_id for view in inbox(world, "linked")}
    assert linked == {early.item.id: goes, late.item.id: stays}


def test_what_was_decided_again_since_does_not_move(world: World) -> None:
    stays, goes = merged_pair(world)
    (view,) = inbox(world, "linked")
    undo(world.porion, world.actor, view.decisions[-1].id)
    (view,) = inbox(world)
    link_to(world, view, see_patient(world.porion, world.actor, stays))

    assert apart(world, goes) == ((), (view.item.id,))


def test_what_was_edited_since_stays(world: World) -> None:
    stays, goes = merged_pair(world)
    held = see_patient(world.porion, world.actor, stays)
    married = replace(held, name=PersonName("Neu", "Berta"), sex="O")
    more = replace(married, identifiers=(*held.identifiers, Identifier("X-9", "KFO")))
    edit_patient(world.porion, world.actor, more)

    apart(world, goes)

    after = see_patient(world.porion, world.actor, stays)
    assert (after.name.family, after.sex, after.birth_date) == ("Neu", "O", None)
    assert [one.value for one in after.identifiers] == ["P-2", "X-9"]


def test_who_was_ruled_out_stays_so_through_a_merge_and_back(world: World) -> None:
    stays, goes = register(world, BERTA), register(world)
    view = waiting(world, a_panoramic())
    rule_out(world.porion, world.actor, view.item.id, goes.id, None)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "one person")
    apart(world, goes.id)

    assert see_item(world.porion, world.actor, view.item.id).ruled_out == {goes.id}


def test_a_merge_under_a_later_merge_waits_its_turn(world: World) -> None:
    stays, goes = merged_pair(world)
    third = register(world, replace(BERTA, identifiers=()))
    merge_patients(world.porion, world.actor, third.id, stays, "one person")

    with pytest.raises(Conflict, match=f"merged into {third.id} since"):
        apart(world, goes)
    apart(world, stays)
    apart(world, goes)

    assert len(list_patients(world.porion, world.actor)) == 3


def test_an_id_that_somebody_took_meanwhile_holds_the_two_together(world: World) -> None:
    stays, goes = merged_pair(world)
    held = see_patient(world.porion, world.actor, stays)
    edit_patient(world.porion, world.actor, replace(held, identifiers=BERTA.identifiers))
    owner = register(world, replace(ANNA, name=PersonName("Muster", "Clara")))

    with pytest.raises(Conflict, match=owner.id):
        apart(world, goes)

    assert see_patient(world.porion, world.actor, goes).merged_into == stays


def test_two_may_be_merged_and_taken_apart_again_and_again(world: World) -> None:
    stays, goes = merged_pair(world)
    for _ in range(2):
        apart(world, goes)
        merge_patients(world.porion, world.actor, stays, goes, "one person after all")

    assert [view.item.patient_id for view in inbox(world, "linked")] == [stays]


def test_only_a_merged_patient_of_the_clinic_is_taken_apart_and_for_a_reason(world: World) -> None:
    stays, goes = merged_pair(world)
    there = another_clinic(world)
    with pytest.raises(NotFound):
        apart(there, goes)
    with pytest.raises(NotFound, match="not merged"):
        apart(world, stays)
    with pytest.raises(Invalid, match="reason"):
        apart(world, goes, " ")


def test_the_merge_itself_says_how_it_is_taken_back(world: World) -> None:
    _, goes = merged_pair(world)
    with world.porion.store.read(world.clinic_id) as tx:
        merge = tx.inbox.merge_of(goes)
    assert merge is not None
    with pytest.raises(Conflict, match="unmerge"):
        undo(world.porion, world.actor, merge.id)
