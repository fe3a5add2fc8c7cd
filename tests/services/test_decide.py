from __future__ import annotations

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from porion.clinic.grade import Grade
from porion.dicom.person import Identifier
from porion.services.decide import LinkRequest, link, reject, rule_out, split
from porion.services.errors import Conflict, Invalid, NotFound, Stale
from porion.services.exposures import see_exposures
from porion.services.inbox import see_item
from porion.services.merge import merge_patients
from porion.services.patients import list_patients
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic
from tests.services.scenes import ANNA, BERTA, a_raw_image, counts, inbox, link_to, register, waiting
from tests.world import World, another_clinic, bring

TWINS = ANNA.__class__("", ANNA.name, ANNA.birth_date, "F", ())


def test_a_link_gives_all_images_of_the_item_to_the_patient(each_world: World) -> None:
    world = each_world
    anna = register(world)
    decision = link_to(world, waiting(world, a_panoramic(), a_lateral_ceph()), anna)
    assert counts(world) == {"linked": 2}
    assert inbox(world) == []
    (linked,) = inbox(world, "linked")
    assert linked.item.patient_id == anna.id
    assert [row.id for row in linked.decisions] == [decision.id]
    assert len(see_exposures(world.porion, world.actor, anna.id)) == 2


def test_a_link_keeps_what_was_seen_and_verified(each_world: World) -> None:
    anna = register(each_world)
    view = waiting(each_world, a_panoramic())
    detail = link_to(each_world, view, anna, verified=("name",), reason="asked her").detail
    candidate = view.candidates[0]
    assert detail["verified"] == ["name"]
    assert (detail["grade"], detail["bits"]) == (Grade.CERTAIN, candidate.bits)
    assert (detail["snapshot"], detail["model"]) == (view.snapshot, view.model)
    assert len(detail["evidence"]) == len(candidate.evidence) > 3
    (linked,) = inbox(each_world, "linked")
    assert linked.decisions[0].detail == detail


@pytest.mark.parametrize(
    ("verified", "reason", "lacking"),
    [
        ((), None, "Say what was verified"),
        (("name",), None, "not a certain candidate"),
        (("name", "name"), None, "not a certain candidate"),
        (("hunch", "name"), None, "Nobody can verify “hunch”"),
        (("name", "birthDate"), None, None),
    ],
)
def test_somebody_who_is_not_a_certain_candidate_needs_two_looks(
    world: World, verified: tuple[str, ...], reason: str | None, lacking: str | None
) -> None:
    berta = register(world, BERTA)
    view = waiting(world, a_panoramic())
    if lacking is None:
        link_to(world, view, berta, verified=verified, reason=reason)
        return
    with pytest.raises(Invalid, match=lacking):
        link_to(world, view, berta, verified=verified, reason=reason)
    assert counts(world) == {"pending": 1}


def test_somebody_who_was_ruled_out_needs_a_reason_however_many_others_are_proposed(world: World) -> None:
    anna = register(world)
    for number in range(6):
        register(
            world, ANNA.__class__("", ANNA.name, ANNA.birth_date, "F", (Identifier(f"Q-{number}", "X"),))
        )
    view = waiting(world, a_panoramic())
    rule_out(world.porion, world.actor, view.item.id, anna.id, "another Anna")
    view = see_item(world.porion, world.actor, view.item.id)
    assert view.candidate(anna.id) is None
    for reason in (None, "  "):
        with pytest.raises(Invalid, match="ruled this patient out"):
            link_to(world, view, anna, reason=reason)
    decision = link_to(world, view, anna, reason="it is her after all")
    assert decision.detail["grade"] == Grade.CERTAINLY_NOT


def test_a_decision_on_what_has_changed_since_is_stale(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    changes: list[Callable[[], object]] = [
        lambda: bring(world, a_lateral_ceph()),
        lambda: register(world, TWINS),
        lambda: rule_out(world.porion, world.actor, view.item.id, anna.id, None),
    ]
    for change in changes:
        seen = see_item(world.porion, world.actor, view.item.id)
        change()
        with pytest.raises(Stale):
            link_to(world, seen, anna)
    assert counts(world) == {"pending": 2}


def test_a_late_slice_makes_no_decision_stale(world: World) -> None:
    anna = register(world)
    *first, last = a_cbct_series(4)
    view = waiting(world, *first)
    bring(world, last)
    link_to(world, view, anna)
    assert counts(world) == {"linked": 4}


@pytest.mark.parametrize("unknown", ["nobody", "neighbour", "merged"])
def test_only_an_active_patient_of_the_clinic_can_be_linked(world: World, unknown: str) -> None:
    berta, anna = register(world, BERTA), register(world)
    neighbour = register(another_clinic(world))
    merge_patients(world.porion, world.actor, berta.id, anna.id, "one person")
    patient = {"nobody": "f" * 32, "neighbour": neighbour.id, "merged": anna.id}[unknown]
    view = waiting(world, a_panoramic())
    with pytest.raises(NotFound):
        link(world.porion, world.actor, LinkRequest(view.item.id, patient, ("name", "birthDate")))


def test_a_patient_is_created_from_the_claim(each_world: World) -> None:
    decision = link_to(each_world, waiting(each_world, a_panoramic()), None)
    (created,) = list_patients(each_world.porion, each_world.actor)
    assert (created.name, created.birth_date, created.sex) == (ANNA.name, ANNA.birth_date, "F")
    assert created.identifiers == ANNA.identifiers
    assert decision.patient_id == created.id
    assert counts(each_world) == {"linked": 1}


@pytest.mark.parametrize(
    ("name", "charset"),
    [("M?ller^Anna", "ISO_IR 192"), ("Müller^An?a", "ISO_IR 192"), ("\ufffdller^Anna", "ISO_IR 192")],
)
def test_no_patient_is_created_from_letters_that_were_lost(world: World, name: str, charset: str) -> None:
    view = waiting(world, a_panoramic(PatientName=name, SpecificCharacterSet=charset))
    with pytest.raises(Invalid, match="are lost: add the patient by hand"):
        link_to(world, view, None)
    assert list(list_patients(world.porion, world.actor)) == []


def test_no_patient_is_created_from_bytes_that_are_no_text(world: World) -> None:
    broken = {0x00080005: ("CS", b"ISO_IR 138"), 0x00100010: ("PN", b"M\xffller^Anna")}
    view = waiting(world, a_raw_image(1, broken))
    assert view.claim.name.family == "M<FF>ller"
    with pytest.raises(Invalid, match="M<FF>ller"):
        link_to(world, view, None)


def test_no_patient_is_created_whose_id_somebody_has(world: World) -> None:
    owner = register(world, ANNA)
    with pytest.raises(Conflict, match=owner.id):
        link_to(world, waiting(world, a_panoramic()), None)
    assert counts(world) == {"pending": 1}


@pytest.mark.parametrize(
    ("made", "verified", "lacking"),
    [
        (a_panoramic(PatientName=""), ("name",), "claims no name"),
        (a_panoramic(), (), "Say what was verified"),
    ],
)
def test_a_patient_is_created_only_from_a_name_that_was_verified(
    world: World, made: Dataset, verified: tuple[str, ...], lacking: str
) -> None:
    with pytest.raises(Invalid, match=lacking):
        link_to(world, waiting(world, made), None, verified=verified)
    assert list(list_patients(world.porion, world.actor)) == []


def test_what_is_decided_cannot_be_decided_again(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    link_to(world, view, anna)
    porion, actor, item = world.porion, world.actor, view.item.id
    again: list[Callable[[], object]] = [
        lambda: link_to(world, view, anna),
        lambda: reject(porion, actor, item, "no"),
        lambda: rule_out(porion, actor, item, anna.id, None),
        lambda: split(porion, actor, item, [view.images[0].id]),
    ]
    for decide in again:
        with pytest.raises(Conflict, match="linked, not pending"):
            decide()


def test_rejected_images_stay_with_the_reason(each_world: World) -> None:
    view = waiting(each_world, a_panoramic())
    reject(each_world.porion, each_world.actor, view.item.id, "of the clinic's dog")
    assert counts(each_world) == {"quarantined": 1}
    (rejected,) = inbox(each_world, "quarantined")
    assert rejected.item.reason == "of the clinic's dog"
    (again,) = bring(each_world, a_panoramic())
    assert again.outcome == "duplicate"


def test_images_are_rejected_only_with_a_reason(world: World) -> None:
    view = waiting(world, a_panoramic())
    with pytest.raises(Invalid, match="reason"):
        reject(world.porion, world.actor, view.item.id, " ")


def test_a_ruled_out_patient_stays_ruled_out_for_the_next_study_of_the_claim(each_world: World) -> None:
    world = each_world
    anna = register(world)
    view = waiting(world, a_panoramic())
    assert view.candidates[0].grade is Grade.CERTAIN
    rule_out(world.porion, world.actor, view.item.id, anna.id, "a namesake")
    later = waiting(world, a_panoramic(2, study="another"))
    assert [candidate.grade for candidate in later.candidates] == [Grade.CERTAINLY_NOT]
    assert later.ruled_out == {anna.id}
    assert counts(world) == {"pending": 2}


def test_a_ruled_out_patient_stays_ruled_out_after_a_merge(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    rule_out(world.porion, world.actor, view.item.id, anna.id, None)
    merge_patients(world.porion, world.actor, berta.id, anna.id, "one person")
    assert see_item(world.porion, world.actor, view.item.id).ruled_out == {berta.id}


def test_only_a_patient_of_the_clinic_can_be_ruled_out(world: World) -> None:
    neighbour = register(another_clinic(world))
    view = waiting(world, a_panoramic())
    with pytest.raises(NotFound):
        rule_out(world.porion, world.actor, view.item.id, neighbour.id, None)


def test_split_images_wait_by_themselves_and_stay_apart(each_world: World) -> None:
    world = each_world
    view = waiting(world, a_panoramic(1), a_panoramic(2), a_panoramic(3))
    split(world.porion, world.actor, view.item.id, [view.images[1].id])
    bring(world, a_panoramic(4))
    first, apart = inbox(world)
    assert [image.id for image in apart.images] == [view.images[1].id]
    assert len(first.images) == 3
    assert apart.item.split_from == first.item.id
    assert counts(world) == {"pending": 4}


@pytest.mark.parametrize("chosen", ["none", "all", "foreign"])
def test_a_split_takes_some_of_the_items_own_images(world: World, chosen: str) -> None:
    bring(world, a_panoramic(9, study="another"))
    foreign = inbox(world)[0].images[0].id
    view = waiting(world, a_panoramic(1), a_panoramic(2))
    images = {"none": [], "all": [image.id for image in view.images], "foreign": [foreign]}[chosen]
    with pytest.raises(Invalid, match="some, not all"):
        split(world.porion, world.actor, view.item.id, images)


def test_nobody_decides_about_another_clinics_item(world: World) -> None:
    view = waiting(world, a_panoramic())
    there = another_clinic(world)
    with pytest.raises(NotFound):
        reject(there.porion, there.actor, view.item.id, "not ours")
    assert counts(world) == {"pending": 1}


def test_creating_a_patient_takes_two_looks_like_every_link_that_is_not_certain(world: World) -> None:
    with pytest.raises(Invalid, match="two"):
        link_to(world, waiting(world, a_panoramic()), None, verified=("name",))


def test_a_likely_candidate_is_passed_over_only_for_a_reason(each_world: World) -> None:
    anna = register(each_world)
    view = waiting(each_world, a_panoramic(PatientID="", IssuerOfPatientID=""))
    assert view.candidates[0].grade is Grade.PROBABLE

    with pytest.raises(Conflict, match=anna.id):
        link_to(each_world, view, None)
    link_to(each_world, view, None, reason="Her cousin of the same name; the birth date was asked.")

    assert len(list_patients(each_world.porion, each_world.actor)) == 2
