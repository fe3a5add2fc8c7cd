"""A device's worklist and its reports, against our own services."""

from __future__ import annotations

from itertools import islice

import pytest
from pydicom.dataset import Dataset

from porion.clinic.grade import Grade
from porion.clinic.patient import Patient
from porion.emulator.devices import Visit, images
from porion.emulator.modality import Modality, answering, chosen
from porion.emulator.sender import NotReceived
from porion.services.devices import DeviceChange, add_device, edit_device
from porion.services.exposures import see_exposures
from porion.services.patients import add_patient
from porion.services.performed import list_performed
from porion.services.schedule import Wanted, WantedStep, schedule
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter
from tests.dimse.house import a_house, nobody_there
from tests.emulator.small import small_visits
from tests.services.scenes import inbox, link_to
from tests.world import World, bring

FIRST = next(small_visits())


def a_clinic(world: World, visit: Visit = FIRST) -> str:
    """The visit's person registered and scheduled, its device let in; the patient."""
    said = visit.person.registered
    person = Patient("", said.name, said.birth_date, said.sex, said.identifiers)
    patient = add_patient(world.porion, world.actor, person)
    device = add_device(world.porion, world.actor, visit.unit.title, "127.0.0.1/32", "")
    edit_device(world.porion, world.actor, device.id, DeviceChange(rights=["worklist"]))
    step = WantedStep(visit.program.category)
    starts = visit.at.replace(tzinfo=None)
    schedule(world.porion, world.actor, Wanted(patient.id, starts, (step,), station_ae=visit.unit.title))
    return patient.id


def test_from_the_worklist_to_an_image_that_is_ready_to_be_linked(world: World) -> None:
    patient_id = a_clinic(world)
    with a_house(world) as house:
        device = Modality("127.0.0.1", house.port, FIRST.unit.title, "PORION")
        entry = chosen(device.worklist(FIRST.at), FIRST)
        assert entry is not None
        report = device.begin(FIRST, entry)
        made = answering(list(images(FIRST, 2)), entry)
        device.complete(report, FIRST, made)
    bring(world, *made)
    (view,) = see_schedule(world.porion, world.actor, StepFilter())
    (row,) = list_performed(world.porion, world.actor)
    (waiting,) = inbox(world)
    assert (view.step.state, len(view.step.images)) == ("completed", 1)
    assert (row.state, row.steps) == ("completed", [view.step.id])
    assert [(one.patient.id, one.grade) for one in waiting.candidates] == [(patient_id, Grade.CERTAIN)]
    link_to(world, waiting, waiting.candidates[0].patient)
    (exposure,) = see_exposures(world.porion, world.actor, patient_id)
    assert "mpps" in {seen.source for seen in exposure.exposure.observations}
    assert exposure.exposure.problems == ()


def test_an_operator_finds_only_the_person_and_the_program_of_the_visit() -> None:
    other = list(islice(small_visits(), 4))[3]
    step, entry = Dataset(), Dataset()
    step.ScheduledProcedureStepDescription = "Panoramic"
    entry.PatientID, entry.ScheduledProcedureStepSequence = FIRST.person.number, [step]
    assert chosen([entry], FIRST) is entry
    assert chosen([entry], other) is None
    assert chosen([], FIRST) is None


def test_what_is_not_offered_or_refused_is_told(world: World) -> None:
    add_device(world.porion, world.actor, "PANCEPH", "127.0.0.1/32", "")
    step, entry = Dataset(), Dataset()
    step.ScheduledProcedureStepID = step.ScheduledProcedureStepDescription = "x"
    entry.ScheduledProcedureStepSequence = [step]
    for word in ("StudyInstanceUID", "AccessionNumber", "RequestedProcedureID", "PatientName", "PatientID"):
        setattr(entry, word, "1.2")
    entry.PatientBirthDate = entry.PatientSex = ""
    with a_house(world) as house:
        device = Modality("127.0.0.1", house.port, "PANCEPH", "PORION")
        with pytest.raises(NotReceived, match="does not offer"):
            device.worklist(FIRST.at)
        device.begin(FIRST, entry)
        with pytest.raises(NotReceived, match="status 0111H"):
            device.begin(FIRST, entry)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_where_nobody_is_nothing_is_told() -> None:
    with nobody_there() as port, pytest.raises(NotReceived):
        Modality("127.0.0.1", port, "PANCEPH", "PORION").worklist(FIRST.at)
