"""What another system orders, whatever language it speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from porion.clinic.permissions import Actor, feeder
from porion.dicom.person import Identifier, PersonName
from porion.services.errors import NotPermitted
from porion.services.orders import Order, apply_order, rehearse_orders
from porion.services.register_feed import FeedOutcome, FeedPatient, recent_messages
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter
from tests.services.scenes import dump
from tests.services.worklists import AT_EIGHT, anna
from tests.world import NOON, World

PATIENT = FeedPatient((Identifier("P-1", "CLINIC"),), PersonName("Beispiel", "Anna"))
ORDER = Order(
    "RIS",
    "1",
    NOON,
    "schedule",
    "O-1",
    PATIENT,
    description="Panoramic",
    starts_at=AT_EIGHT,
    dicom_modality="PX",
)


def apply(world: World, order: Order) -> FeedOutcome:
    return apply_order(world.porion, feeder("RIS", world.clinic_id), order).outcome


def states(world: World) -> list[str]:
    return [view.step.state for view in see_schedule(world.porion, world.actor, StepFilter())]


def test_a_refused_order_is_remembered_and_tried_anew(each_world: World) -> None:
    unknown = replace(ORDER, description="", dicom_modality="")
    assert apply(each_world, unknown) is FeedOutcome.REFUSED
    (row,) = recent_messages(each_world.porion, each_world.actor)
    assert (row.outcome, "Which X-ray" in row.reason) == ("refused", True)
    assert apply(each_world, ORDER) is FeedOutcome.ADDED
    assert apply(each_world, ORDER) is FeedOutcome.REPLAYED
    assert states(each_world) == ["scheduled"]


def test_messages_that_overtake_each_other_end_alike(each_world: World) -> None:
    cancel = replace(ORDER, message_id="3", kind="cancel", sent_at=NOON + timedelta(hours=2))
    late = replace(
        ORDER, message_id="2", sent_at=NOON + timedelta(hours=1), starts_at=AT_EIGHT + timedelta(hours=5)
    )
    for order in (ORDER, cancel, late):
        apply(each_world, order)
    assert states(each_world) == ["cancelled"]


def test_another_patient_under_the_same_order_takes_its_place(world: World) -> None:
    anna(world)
    berta = anna(world, name=PersonName("Muster", "Berta"), identifiers=(Identifier("P-2", "CLINIC"),))
    apply(world, ORDER)
    moved = replace(ORDER, message_id="2", patient=replace(PATIENT, identifiers=berta.identifiers))
    assert apply(world, moved) is FeedOutcome.UPDATED
    views = see_schedule(world.porion, world.actor, StepFilter())
    assert [(view.patient.name.family, view.step.state) for view in views] == [
        ("Beispiel", "cancelled"),
        ("Muster", "scheduled"),
    ]


def test_an_order_without_a_start_is_for_now(world: World) -> None:
    apply(world, replace(ORDER, starts_at=None))
    (view,) = see_schedule(world.porion, world.actor, StepFilter())
    assert view.step.starts_at == NOON.astimezone().replace(tzinfo=None).isoformat()


def test_who_may_not_feed_orders_nothing(world: World) -> None:
    nobody = Actor("nobody", world.clinic_id, frozenset())
    with pytest.raises(NotPermitted):
        apply_order(world.porion, nobody, ORDER)
    with pytest.raises(NotPermitted):
        rehearse_orders(world.porion, nobody, [ORDER])


@pytest.mark.parametrize(
    "bad", [{"message_id": " "}, {"order_key": ""}, {"source": "a\x00"}, {"order_key": "x" * 201}]
)
def test_what_cannot_be_remembered_is_refused(world: World, bad: dict[str, str]) -> None:
    before = dump(world)
    assert apply(world, replace(ORDER, **bad)) is FeedOutcome.REFUSED  # type: ignore[arg-type]
    (rehearsed,) = rehearse_orders(world.porion, world.actor, [replace(ORDER, **bad)])  # type: ignore[arg-type]
    assert rehearsed.outcome is FeedOutcome.REFUSED
    assert dump(world) == before
