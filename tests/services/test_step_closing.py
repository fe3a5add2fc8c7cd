"""A link completes the steps that its images answer."""

from __future__ import annotations

from tests.builders import a_panoramic
from tests.services.scenes import BERTA, link_to, register, waiting
from tests.services.test_step_images import answering
from tests.services.worklists import a_step, anna, state_of
from tests.world import World


def test_a_link_completes_what_was_not_certain(each_world: World) -> None:
    patient = anna(each_world)
    step = a_step(each_world, patient.id)
    view = waiting(each_world, a_panoramic(**answering(step, PatientBirthDate="20120304")))
    assert state_of(each_world, step) == "in progress"
    link_to(each_world, view, patient, reason="day and month are swapped")
    assert state_of(each_world, step) == "completed"


def test_a_link_to_somebody_else_completes_nothing(world: World) -> None:
    step, berta = a_step(world, anna(world).id), register(world, BERTA)
    view = waiting(world, a_panoramic(**answering(step, PatientBirthDate="")))
    link_to(world, view, berta, reason="the wrong entry was chosen at the console")
    assert state_of(world, step) == "in progress"
