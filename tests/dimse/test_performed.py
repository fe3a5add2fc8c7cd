"""Modality Performed Procedure Step: pynetdicom reports, our server takes it down."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from porion.dicom.encode import encode
from porion.dimse.call import Call
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Peer
from porion.dimse.negotiation import PERFORMED_STEP
from porion.dimse.performed import change, create
from porion.dimse.protocol.commands import Command
from porion.services.errors import Conflict, Invalid, NotFound
from porion.services.performed import list_performed
from porion.services.worklist_records import StepRow
from tests.dimse.house import House
from tests.services.test_performed import reported
from tests.services.worklists import a_step, anna, state_of
from tests.world import World

IMPLICIT = "1.2.840.10008.1.2"


def a_report(step: StepRow | None = None, status: str = "IN PROGRESS") -> Dataset:
    """What a device writes when it begins."""
    scheduled = Dataset()
    scheduled.StudyInstanceUID = step.study_instance_uid if step else "1.2.99"
    scheduled.AccessionNumber = step.accession_number if step else ""
    scheduled.ScheduledProcedureStepID = step.step_id if step else ""
    made = Dataset()
    made.ScheduledStepAttributesSequence = [scheduled]
    made.PatientName, made.Modality = "Beispiel^Anna", "PX"
    made.PerformedProcedureStepID, made.PerformedProcedureStepStatus = "PPS-1", status
    made.PerformedSeriesSequence = []
    return made


def ended(status: str = "COMPLETED") -> Dataset:
    made = Dataset()
    made.PerformedProcedureStepStatus = status
    return made


def begun(house: House, report: Dataset, uid: str = "1.2.9") -> Dataset:
    """The status of an N-CREATE, on an association of its own."""
    with house.association(PERFORMED_STEP) as held:
        return held.send_n_create(report, PERFORMED_STEP, uid)[0]


def changed(house: House, report: Dataset, uid: str = "1.2.9") -> Dataset:
    """The status of an N-SET, on an association of its own."""
    with house.association(PERFORMED_STEP) as held:
        return held.send_n_set(report, PERFORMED_STEP, uid)[0]


def test_a_device_begins_and_ends_a_step(house: House) -> None:
    step = a_step(house.world, anna(house.world).id)
    assert begun(house, a_report(step)).Status == 0
    assert state_of(house.world, step) == "in progress"
    assert changed(house, ended()).Status == 0
    assert state_of(house.world, step) == "completed"


def test_what_is_wrong_is_told_with_the_status_of_the_standard(house: House) -> None:
    assert begun(house, a_report(status="COMPLETED")).Status == 0x0106
    assert begun(house, a_report()).Status == 0
    assert begun(house, a_report()).Status == 0x0111
    assert changed(house, ended(), "1.2.10").Status == 0x0112
    assert changed(house, ended("DONE")).Status == 0x0106
    assert changed(house, ended("DISCONTINUED")).Status == 0
    late = changed(house, ended())
    assert (late.Status, late.ErrorID) == (0x0110, 0xA710)
    assert late.ErrorComment == "Performed Procedure Step Object may no longer be updated"


def test_a_device_that_names_no_uid_gets_one(world: World) -> None:
    (reply,) = answered(world, create, encode(reported(), IMPLICIT), uid=None)
    assert reply.status == 0
    (row,) = list_performed(world.porion, world.actor)
    assert reply.fields["affected_sop_instance_uid"] == row.sop_instance_uid
    assert row.sop_instance_uid.startswith("2.25.")


def answered(world: World, service: Any, content: bytes, uid: str | None = "1.2.9") -> list[Any]:
    command = Command(0x140, 1, affected_sop_instance_uid=uid, requested_sop_instance_uid=uid)
    peer = Peer(world.clinic_id, "device", "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3")
    inlet = world.spool.inlet("", None)
    call = Call(command, PERFORMED_STEP, IMPLICIT, peer, iter([memoryview(content)]), inlet)
    return list(service(Door(world.porion, service_for), call))


@pytest.mark.parametrize("uid", ["1.a", "1" * 65, "x"])
@pytest.mark.parametrize("service", [create, change])
def test_what_is_no_uid_is_refused(world: World, service: Any, uid: str) -> None:
    with pytest.raises(Invalid, match="no UID"):
        answered(world, service, b"", uid)


def test_what_cannot_be_read_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        answered(world, create, b"garbage")
    (reply,) = answered(world, create, b"")
    assert reply.status == 0x0106


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_bytes_are_a_report_or_one_error(world: World, content: bytes, at: int) -> None:
    whole = encode(reported(), IMPLICIT)
    broken = whole[:at] + content + whole[at + len(content) :]
    for service in (create, change):
        try:
            answered(world, service, broken, f"1.2.{abs(hash((content, at)))}")
        except (Invalid, Conflict, NotFound):
            continue
