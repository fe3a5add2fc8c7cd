"""Who may have an association."""

from __future__ import annotations

from dataclasses import replace

import pytest

from porion.dimse.admission import (
    CALLED_NOT_RECOGNIZED,
    CALLING_NOT_RECOGNIZED,
    CONGESTED,
    NO_ROOM,
    NOT_OUR_APPLICATION,
    Accepted,
    Caller,
    decide,
)
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door
from porion.dimse.protocol.items import ProposedContext, UserInformation
from porion.dimse.protocol.pdus import AssociateRequest
from porion.services.devices import add_device
from porion.services.errors import StorageFailed
from tests.dimse.house import CT, EXPLICIT
from tests.world import World

REQUEST = AssociateRequest(
    "PORION",
    "PAN1",
    (ProposedContext(1, CT, (EXPLICIT,)), ProposedContext(3, "1.2.3", (EXPLICIT,))),
    UserInformation(implementation_class_uid="1.2.3", implementation_version="PAN_3"),
)
CALLER = Caller("10.0.0.5")


@pytest.fixture
def door(world: World) -> Door:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    return Door(world.porion, service_for)


def test_an_approved_device_is_accepted_with_what_it_may_send(door: Door) -> None:
    accepted = decide(door, CALLER, REQUEST, lambda _device: True)
    assert isinstance(accepted, Accepted)
    assert accepted.contexts == {1: (CT, EXPLICIT)}
    assert accepted.told == ((CT, EXPLICIT, ""), ("1.2.3", None, "Porion does not offer this service"))
    assert accepted.answer.user.maximum_length == door.limits.lengths.data
    assert (accepted.peer.calling, accepted.peer.implementation) == ("PAN1", "PAN_3")


def test_others_are_rejected_with_the_standards_reason(door: Door) -> None:
    rejected = {
        CALLING_NOT_RECOGNIZED: replace(REQUEST, calling="STRANGER"),
        CALLED_NOT_RECOGNIZED: replace(REQUEST, called="OTHER"),
        NOT_OUR_APPLICATION: replace(REQUEST, application_context="1.2.3"),
    }
    for answer, request in rejected.items():
        assert decide(door, CALLER, request, lambda _device: True) == answer
    assert decide(door, CALLER, REQUEST, lambda _device: False) == NO_ROOM


def test_when_nobody_can_be_looked_up_everybody_may_come_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_args: object) -> None:
        raise StorageFailed("down")

    monkeypatch.setattr("porion.dimse.admission.admit", refuses)
    assert decide(door, CALLER, REQUEST, lambda _device: True) == CONGESTED
