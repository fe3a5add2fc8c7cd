"""For whom the step was scheduled that a study answers."""

from __future__ import annotations

from porion.services.step_evidence import whose_step
from tests.builders import a_panoramic, uid
from tests.services.scenes import BERTA, register, waiting
from tests.services.worklists import a_step, anna
from tests.world import World


def whose(world: World, **said: str) -> str | None:
    view = waiting(world, a_panoramic(**said))
    with world.porion.store.read(world.clinic_id) as tx:
        patient = whose_step(tx, view.item)
    return patient.id if patient else None


def test_a_study_answers_by_its_uid_or_its_accession_number(each_world: World) -> None:
    patient = anna(each_world)
    a_step(each_world, patient.id, accession_number="A-1", study_instance_uid=uid("study-1"))
    assert whose(each_world) == patient.id


def test_what_nobody_scheduled_is_nobodys(world: World) -> None:
    a_step(world, anna(world).id, accession_number="A-1", study_instance_uid="1.2.3")
    assert whose(world, AccessionNumber="A-2") is None


def test_numbers_that_lead_to_two_patients_lead_to_nobody(world: World) -> None:
    a_step(world, anna(world).id, accession_number="A-1", study_instance_uid="1.2.3")
    a_step(world, register(world, BERTA).id, accession_number="A-2", study_instance_uid=uid("study-1"))
    assert whose(world, AccessionNumber="A-1") is None
