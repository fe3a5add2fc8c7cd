from __future__ import annotations

from dataclasses import replace

import pytest

from porion.services.decide import LinkRequest, reject
from porion.services.errors import Conflict, Invalid, NotFound, Stale
from porion.services.exposures import see_exposures
from porion.services.inbox import ItemView, see_item
from porion.services.patients import edit_patient
from porion.services.reassign import reassign
from porion.services.records import DecisionRow
from porion.services.undo import undo
from tests.builders import a_panoramic
from tests.services.scenes import ANNA, BERTA, LOOKED, counts, inbox, link_to, register, waiting
from tests.world import World, another_clinic

WHY = "the operator had left Anna open"


def give(
    world: World,
    view: ItemView,
    patient_id: str | None,
    *,
    verified: tuple[str, ...] = LOOKED,
    reason: str | None = WHY,
    snapshot: str | None = None,
) -> DecisionRow:
    """Reassign an item."""
    request = LinkRequest(view.item.id, patient_id, verified, snapshot, reason)
    return reassign(world.porion, world.actor, request)


def test_images_of_somebody_else_move_to_them_in_one_decision(each_world: World) -> None:
    world = each_world
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    first = link_to(world, view, anna)

    decision = give(world, view, berta.id)

    (linked,) = inbox(world, "linked")
    assert linked.item.patient_id == berta.id
    assert [(row.kind, row.undoes) for row in linked.decisions] == [
        ("link", None),
        ("undo", first.id),
        ("link", None),
    ]
    assert (decision.patient_id, decision.detail["reason"]) == (berta.id, WHY)
    assert see_exposures(world.porion, world.actor, anna.id) == []
    assert len(see_exposures(world.porion, world.actor, berta.id)) == 1


def test_a_reassignment_is_undone_like_any_link(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    link_to(world, view, anna)
    undo(world.porion, world.actor, give(world, view, berta.id).id)

    assert counts(world) == {"pending": 1}


def test_the_first_patient_proposes_themselves_no_more(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    link_to(world, view, anna)
    give(world, view, berta.id)

    later = waiting(world, a_panoramic(2, study="another"))

    assert later.remembered is not None
    assert later.remembered.patient_id == berta.id


@pytest.mark.parametrize(
    ("verified", "reason", "lacking"),
    [(("name",), WHY, "two things"), (LOOKED, " ", "reason"), (LOOKED, None, "reason")],
)
def test_it_takes_two_looks_and_a_reason(
    world: World, verified: tuple[str, ...], reason: str | None, lacking: str
) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    link_to(world, view, berta)
    with pytest.raises(Invalid, match=lacking):
        give(world, view, anna.id, verified=verified, reason=reason)


def test_only_what_is_linked_is_reassigned_and_to_somebody_else(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    with pytest.raises(Conflict, match="pending, not linked"):
        give(world, view, anna.id)
    link_to(world, view, anna)
    with pytest.raises(Conflict, match="already"):
        give(world, view, anna.id)
    for nobody in ("f" * 32, register(another_clinic(world), BERTA).id):
        with pytest.raises(NotFound):
            give(world, view, nobody)
    with pytest.raises(Invalid, match="Name the patient"):
        give(world, view, None)
    assert [one.item.patient_id for one in inbox(world, "linked")] == [anna.id]
    assert len(see_item(world.porion, world.actor, view.item.id).decisions) == 1


def test_a_look_that_is_out_of_date_is_refused(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    link_to(world, view, anna)
    seen = see_item(world.porion, world.actor, view.item.id)
    edit_patient(world.porion, world.actor, replace(anna, sex="O"))
    with pytest.raises(Stale):
        give(world, view, berta.id, snapshot=seen.snapshot)
    give(world, view, berta.id, snapshot=see_item(world.porion, world.actor, view.item.id).snapshot)


def test_rejected_images_are_not_reassigned(world: World) -> None:
    anna = register(world, ANNA)
    view = waiting(world, a_panoramic())
    reject(world.porion, world.actor, view.item.id, "blurred")
    with pytest.raises(Conflict, match="quarantined, not linked"):
        give(world, view, anna.id)
