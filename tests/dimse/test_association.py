"""An association's end is told to whoever has to know."""

from __future__ import annotations

from porion.dimse.protocol.items import ProposedContext, UserInformation
from porion.dimse.protocol.pdus import Abort, AssociateReject, AssociateRequest, write_fragments
from tests.dimse.house import CT, ECHO, House


def test_a_peer_that_breaks_the_protocol_hears_the_reason(house: House) -> None:
    peer = house.raw().associate(CT)
    peer.socket.sendall(write_fragments(1, b"data first", is_command=False, at_most=0))
    assert peer.next() == Abort(2, 6)
    house.stop()
    assert "before its command is whole" in (house.device().last_error or "")


def test_another_application_is_rejected_and_noted(house: House) -> None:
    peer = house.raw()
    context = ProposedContext(1, ECHO, ("1.2.840.10008.1.2",))
    user = UserInformation(implementation_class_uid="1.2.3")
    peer.layer.associate(AssociateRequest("PORION", "PAN1", (context,), user, application_context="1.2.3"))
    peer.flush()
    assert peer.next() == AssociateReject(1, 1, 2)
    house.stop()
    with house.world.porion.store.read(house.world.clinic_id) as tx:
        (failure,) = tx.devices.failures(10)
    assert failure.reason == "It asked for the application 1.2.3, not for DICOM."


def test_an_abort_between_messages_is_told(house: House) -> None:
    peer = house.raw().associate(CT)
    peer.layer.abort()
    peer.flush()
    assert peer.socket.recv(1) == b""
    house.stop()
    assert "aborted the association" in (house.device().last_error or "")
