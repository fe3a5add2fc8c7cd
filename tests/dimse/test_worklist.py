"""Modality Worklist: pynetdicom and raw bytes ask, our server answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from porion.dicom.encode import element, elements, encode, sequence
from porion.dicom.person import PersonName
from porion.dimse.call import Call
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Peer
from porion.dimse.limits import Limits
from porion.dimse.negotiation import MODALITY_WORKLIST
from porion.dimse.protocol.commands import Command, Field, read_command, write_command
from porion.dimse.worklist import find_worklist
from porion.services.devices import DeviceChange, edit_device
from porion.services.worklist_profiles import ProfileChange, set_profile, trace_worklist
from tests.dimse.house import House
from tests.services.worklists import a_step, anna
from tests.world import World

IMPLICIT = "1.2.840.10008.1.2"


def a_query(day: str = "20260302", **more: Any) -> Dataset:
    """What devices usually ask."""
    step = Dataset()
    step.ScheduledStationAETitle = step.ScheduledProcedureStepStartTime = step.Modality = ""
    step.ScheduledProcedureStepStartDate = day
    step.ScheduledProcedureStepDescription = step.ScheduledProcedureStepID = ""
    asked = Dataset()
    asked.PatientName = asked.PatientID = asked.AccessionNumber = asked.StudyInstanceUID = ""
    asked.PatientBirthDate = asked.PatientSex = ""
    asked.ScheduledProcedureStepSequence = [step]
    for keyword, value in more.items():
        setattr(asked, keyword, value)
    return asked


def allow(house: House) -> None:
    """PAN1 may ask for its worklist."""
    change = DeviceChange(rights=["worklist"])
    edit_device(house.world.porion, house.world.actor, "PAN1", change)


def got(house: House, query: Dataset) -> tuple[list[Dataset], int]:
    """The answers, and the last status."""
    with house.association(MODALITY_WORKLIST) as held:
        assert held.is_established
        answers = list(held.send_c_find(query, MODALITY_WORKLIST))
    return [one for _, one in answers if one is not None], int(answers[-1][0].Status)


def test_a_device_gets_its_worklist(house: House) -> None:
    allow(house)
    step = a_step(house.world, anna(house.world).id)
    (answer,), status = got(house, a_query())
    assert status == 0
    assert (answer.PatientName, answer.PatientID, answer.PatientBirthDate) == (
        "Beispiel^Anna",
        "P-1",
        "20120403",
    )
    assert (answer.AccessionNumber, answer.StudyInstanceUID) == (
        step.accession_number,
        step.study_instance_uid,
    )
    (scheduled,) = answer.ScheduledProcedureStepSequence
    assert (scheduled.Modality, scheduled.ScheduledStationAETitle) == ("PX", "PAN1")
    assert scheduled.ScheduledProcedureStepID == step.step_id
    assert "SpecificCharacterSet" not in answer
    assert got(house, a_query("20260401")) == ([], 0)


def test_a_device_without_the_right_is_not_offered_the_service(house: House) -> None:
    with house.association(MODALITY_WORKLIST) as held:
        assert not held.is_established
    house.stop()  # what became of a visit is noted when it is over
    contexts = house.device().asked["contexts"]
    assert contexts == [
        {
            "abstractSyntax": MODALITY_WORKLIST,
            "accepted": None,
            "why": "the device does not have the right to it",
        }
    ]


@pytest.mark.parametrize(
    ("asks", "reads", "label", "name"),
    [
        ("", "", "ISO_IR 192", "Łukasiewicz^Jürgen"),
        ("ISO_IR 100", "", "ISO_IR 192", "Łukasiewicz^Jürgen"),
        ("ISO_IR 101", "", "ISO_IR 101", "Łukasiewicz^Jürgen"),
        ("ISO_IR 192", "ISO_IR 100", "ISO_IR 100", "Lukasiewicz^Jürgen"),
        ("", "ISO_IR 6", "", "Lukasiewicz^Jurgen"),
    ],
)
def test_names_come_in_letters_that_the_device_can_read(
    house: House, asks: str, reads: str, label: str, name: str
) -> None:
    allow(house)
    set_profile(house.world.porion, house.world.actor, "PAN1", ProfileChange(character_set=reads))
    a_step(house.world, anna(house.world, name=PersonName("Łukasiewicz", "Jürgen")).id)
    (answer,), _ = got(house, a_query(SpecificCharacterSet=asks) if asks else a_query())
    assert (answer.get("SpecificCharacterSet", ""), answer.PatientName) == (label, name)


def test_a_device_may_ask_for_a_name_in_its_own_letters(house: House) -> None:
    allow(house)
    a_step(house.world, anna(house.world, name=PersonName("Müller", "Jörg")).id)
    assert len(got(house, a_query(SpecificCharacterSet="ISO_IR 100", PatientName="müller*"))[0]) == 1
    assert len(got(house, a_query(PatientName="MUELLER*"))[0]) == 1
    assert len(got(house, a_query(PatientName="MEIER*"))[0]) == 0


def test_a_cancelled_query_ends(house: House) -> None:
    allow(house)
    patient = anna(house.world)
    for _ in range(3):
        a_step(house.world, patient.id)
    peer = house.raw().associate(MODALITY_WORKLIST)
    find = Command(Field.C_FIND_RQ, 1, affected_sop_class_uid=MODALITY_WORKLIST, data_set_type=1, priority=0)
    peer.layer.send(1, write_command(find), is_command=True)
    cancel = Command(Field.C_CANCEL_RQ, message_id_responded_to=1)
    query = a_query_in_bytes()
    peer.layer.send(1, query, is_command=False)
    peer.layer.send(1, write_command(cancel), is_command=True)
    peer.flush()
    statuses = []
    while not statuses or statuses[-1] == 0xFF00:
        event = peer.next()
        if getattr(event, "is_command", False):
            statuses.append(read_command(event.data).status)  # type: ignore[attr-defined]
    assert statuses == [0xFE00]


def a_query_in_bytes() -> bytes:
    step = elements([element("ScheduledProcedureStepStartDate", "20260302")])
    return encode(elements([sequence("ScheduledProcedureStepSequence", step)]), "1.2.840.10008.1.2.1")


def a_call(world: World, content: bytes) -> Call:
    peer = Peer(world.clinic_id, "device", "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3")
    command = Command(Field.C_FIND_RQ, 1, affected_sop_class_uid=MODALITY_WORKLIST)
    return Call(
        command, MODALITY_WORKLIST, IMPLICIT, peer, iter([memoryview(content)]), world.spool.inlet("", None)
    )


def replies(world: World, content: bytes, limits: Limits | None = None) -> list[Any]:
    return list(find_worklist(Door(world.porion, service_for, limits or Limits()), a_call(world, content)))


def test_a_query_that_cannot_be_read_or_is_too_long_is_told(world: World) -> None:
    for content in (b"", b"garbage"):
        (reply,) = replies(world, content)
        assert reply.status == 0xC000
        assert "cannot be read" in reply.comment
    (reply,) = replies(world, bytes(2_000), Limits(data_set=1_000))
    assert reply.status == 0xA700


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.binary(max_size=40), st.integers(0, 60))
def test_any_bytes_are_a_query_or_one_failure(world: World, content: bytes, at: int) -> None:
    whole = a_query_in_bytes()
    last = replies(world, whole[:at] + content + whole[at + len(content) :])[-1]
    assert last.status in (0, 0xC000)


def test_every_query_is_traced(house: House) -> None:
    allow(house)
    got(house, a_query(PatientName="Nobody*"))
    traced = trace_worklist(house.world.porion, house.world.actor, "PAN1")
    assert ["PatientName", "Nobody*"] in traced.queries[0].keys
    assert traced.queries[0].told[0] == "It asks for 2026-03-02."
