from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.grade import Grade
from porion.dicom.person import PersonName
from porion.services.decide import reject, rule_out
from porion.services.errors import NotFound
from porion.services.inbox import list_inbox, see_item
from porion.services.merge import merge_patients
from porion.services.patients import edit_patient, see_patient
from porion.services.trail import read_trail
from porion.services.undo import undo
from tests.builders import a_lateral_ceph, a_panoramic
from tests.services.scenes import ANNA, BERTA, inbox, link_to, register, waiting
from tests.world import World, a_porion, another_clinic, bring


def test_images_of_one_study_and_claim_wait_as_one_item(each_world: World) -> None:
    bring(each_world, a_panoramic(1), a_panoramic(2, study="another"))
    bring(each_world, a_lateral_ceph())
    views = inbox(each_world)
    assert [len(view.images) for view in views] == [2, 1]
    assert {view.claim.name.family for view in views} == {"Beispiel"}


def test_whoever_waits_longest_stands_on_top_and_the_list_has_pages(world: World) -> None:
    for number in range(5):
        bring(world, a_panoramic(number, study=f"study {number}"))
    whole = [view.item.id for view in inbox(world)]
    paged: list[str] = []
    while page := list_inbox(world.porion, world.actor, after=paged[-1] if paged else None, limit=2):
        paged += [view.item.id for view in page]
    assert paged == whole == sorted(whole)


def test_an_item_shows_its_candidates_graded(each_world: World) -> None:
    anna = register(each_world)
    register(each_world, BERTA)
    view = waiting(each_world, a_panoramic())
    assert [(found.patient.id, found.grade) for found in view.candidates] == [(anna.id, Grade.CERTAIN)]
    assert view.candidate(anna.id) == view.candidates[0]
    assert view.candidate("nobody") is None


def test_nobody_is_certain_while_the_study_claims_two_people(world: World) -> None:
    register(world)
    bring(world, a_panoramic(1), a_panoramic(2, PatientName="Muster^Berta"))
    (candidate,) = inbox(world)[0].candidates
    assert candidate.grade is not Grade.CERTAIN
    reject(world.porion, world.actor, inbox(world)[1].item.id, "a test image")
    (candidate,) = inbox(world)[0].candidates
    assert candidate.grade is Grade.CERTAIN


def test_candidates_are_weighed_with_the_deployments_model_and_a_decision_records_it(tmp_path: Path) -> None:
    world = a_porion(tmp_path, model=replace(DEFAULT_MODEL, version="strict", certain_bits=90.0))
    anna = register(world)
    view = waiting(world, a_panoramic())
    assert (view.model, view.candidates[0].grade) == ("strict", Grade.PROBABLE)

    link_to(world, view, anna)
    (item,) = inbox(world, state="linked")
    assert item.decisions[0].detail["model"] == "strict"


def test_what_candidates_were_shown_is_on_the_trail(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    see_item(world.porion, world.actor, view.item.id)
    (link,) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=view.item.id)
    assert (link.action, link.detail) == ("candidates shown", {"patients": [anna.id]})


def test_there_is_no_item_of_another_clinic(world: World) -> None:
    view = waiting(world, a_panoramic())
    there = another_clinic(world)
    with pytest.raises(NotFound):
        see_item(there.porion, there.actor, view.item.id)


def test_a_link_proposes_itself_for_the_next_study_of_the_claim_from_the_same_device(
    each_world: World,
) -> None:
    world = each_world
    berta = register(world, BERTA)
    decision = link_to(world, waiting(world, a_panoramic()), berta)
    same = waiting(world, a_panoramic(2, study="same device"))
    assert same.remembered is not None
    assert (same.remembered.id, same.remembered.patient_id) == (decision.id, berta.id)
    other_device = waiting(world, a_panoramic(3, study="other device", StationName="ROOM2"))
    assert other_device.remembered is None
    other_claim = waiting(world, a_panoramic(4, study="other claim", PatientID="P-9"))
    assert other_claim.remembered is None
    assert [view.item.state for view in inbox(world)] == ["pending"] * 3


def test_a_link_that_was_undone_proposes_itself_no_more(world: World) -> None:
    anna = register(world)
    decision = link_to(world, waiting(world, a_panoramic()), anna)
    undo(world.porion, world.actor, decision.id)
    assert waiting(world, a_panoramic(2, study="another")).remembered is None


NO_ID = {"PatientID": "", "IssuerOfPatientID": ""}


def test_who_was_verified_before_is_certain_without_an_id(each_world: World) -> None:
    world = each_world
    anna = register(world)
    first = waiting(world, a_panoramic(**NO_ID))
    assert [one.grade for one in first.candidates] == [Grade.PROBABLE]
    link_to(world, first, anna)

    later = waiting(world, a_panoramic(2, study="another", **NO_ID))
    elsewhere = waiting(world, a_panoramic(3, study="elsewhere", StationName="ROOM2", **NO_ID))

    assert [one.grade for one in later.candidates] == [Grade.CERTAIN]
    assert later.candidates[0].evidence[-1].level == "verified before"
    assert [one.grade for one in elsewhere.candidates] == [Grade.PROBABLE]


def test_who_changed_since_or_has_a_double_now_is_not_certain_by_memory(each_world: World) -> None:
    world = each_world
    anna = register(world)
    link_to(world, waiting(world, a_panoramic(**NO_ID)), anna)
    later = waiting(world, a_panoramic(2, study="another", **NO_ID))

    double = register(world, replace(ANNA, identifiers=()))
    assert {one.grade for one in see_item(world.porion, world.actor, later.item.id).candidates} == {
        Grade.PROBABLE
    }
    merge_patients(world.porion, world.actor, anna.id, double.id, "one person")
    again = see_item(world.porion, world.actor, later.item.id)
    assert again.candidates[0].grade is Grade.CERTAIN

    held = see_patient(world.porion, world.actor, anna.id)
    edit_patient(world.porion, world.actor, replace(held, name=PersonName("Beispiel", "Anne")))
    changed = see_item(world.porion, world.actor, later.item.id)
    assert changed.remembered is None
    assert changed.candidates[0].grade is Grade.PROBABLE


def test_a_remembered_patient_is_the_one_that_stayed_after_a_merge(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    link_to(world, waiting(world, a_panoramic()), anna)
    merge_patients(world.porion, world.actor, berta.id, anna.id, "one person")
    later = waiting(world, a_panoramic(2, study="another"))
    assert later.remembered is not None
    assert later.remembered.patient_id == berta.id


def an_unnamed(number: int) -> Dataset:
    """A panoramic that claims nobody."""
    said = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "IssuerOfPatientID")
    nobody = dict.fromkeys(said, "")
    return a_panoramic(number, study=f"unnamed-{number}", **nobody)


def test_who_an_unnamed_image_was_says_nothing_of_the_next_unnamed_one(each_world: World) -> None:
    anna = register(each_world)
    link_to(each_world, waiting(each_world, an_unnamed(1)), anna)

    assert waiting(each_world, an_unnamed(2)).remembered is None


def test_who_an_unnamed_image_is_not_says_nothing_of_the_next_unnamed_one(each_world: World) -> None:
    anna = register(each_world)
    first, second = waiting(each_world, an_unnamed(1)), waiting(each_world, an_unnamed(2))
    rule_out(each_world.porion, each_world.actor, first.item.id, anna.id, "Not her.")

    seen = {view.item.id: view.ruled_out for view in inbox(each_world)}
    assert seen == {first.item.id: {anna.id}, second.item.id: frozenset()}
