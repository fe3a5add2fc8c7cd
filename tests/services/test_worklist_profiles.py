"""How a device's queries are answered is set and traced by administrators."""

from __future__ import annotations

import pytest

from porion.clinic.permissions import Role
from porion.dicom.elements import Elements
from porion.services.devices import add_device
from porion.services.errors import Invalid, NotFound, NotPermitted
from porion.services.trail import read_trail
from porion.services.worklist_answers import QUERIES_KEPT, Asker, answer_worklist
from porion.services.worklist_profiles import ProfileChange, set_profile, trace_worklist
from porion.services.worklist_records import ProfileRow
from tests.services.scenes import somebody
from tests.world import World


def test_a_profile_is_changed_bit_by_bit(each_world: World) -> None:
    device = add_device(each_world.porion, each_world.actor, "PAN1", "10.0.0.5", "")
    set_profile(each_world.porion, each_world.actor, "PAN1", ProfileChange(stations="own", days_back=1))
    row = set_profile(each_world.porion, each_world.actor, device.id, ProfileChange(character_set="latin1"))
    assert row == ProfileRow(device.id, "own", "ISO_IR 100", 1, 1)
    assert trace_worklist(each_world.porion, each_world.actor, "PAN1").profile == row


@pytest.mark.parametrize(
    "change",
    [
        ProfileChange(stations="mine"),
        ProfileChange(days_back=-1),
        ProfileChange(days_ahead=366),
        ProfileChange(character_set="EBCDIC"),
    ],
)
def test_what_no_profile_can_be_is_refused(world: World, change: ProfileChange) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    with pytest.raises(Invalid):
        set_profile(world.porion, world.actor, "PAN1", change)


def test_only_administrators_set_and_trace(world: World) -> None:
    reception = somebody(world, Role.RECEPTION)
    with pytest.raises(NotPermitted):
        set_profile(world.porion, reception, "PAN1", ProfileChange())
    with pytest.raises(NotPermitted):
        trace_worklist(world.porion, reception, "PAN1")
    with pytest.raises(NotFound):
        trace_worklist(world.porion, world.actor, "NOBODY")


def test_the_trace_is_bounded_and_looking_at_it_is_told(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    asker = Asker(world.clinic_id, device.id, "PAN1")
    for _ in range(QUERIES_KEPT + 2):
        answer_worklist(world.porion, asker, Elements())
    assert len(trace_worklist(world.porion, world.actor, "PAN1", 1_000).queries) == QUERIES_KEPT
    newest = read_trail(world.porion, world.actor, before=None, limit=1, object_id=device.id)
    assert newest[0].action == "worklist queries shown"
