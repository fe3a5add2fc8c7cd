"""The doctor's findings, from facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from porion.clinic.permissions import Actor, Permission
from porion.services.devices import (
    DeviceChange,
    Knock,
    Visit,
    add_device,
    admit,
    block_device,
    edit_device,
    note_failure,
    note_visit,
    see_device,
)
from porion.services.diagnosis import Finding, Severity, diagnose_device, diagnose_system
from porion.services.errors import NotPermitted
from porion.services.network import NetworkChange, set_network
from porion.services.queue import index_queue
from porion.services.system_facts import SystemFacts
from tests.builders import a_panoramic, file_bytes
from tests.services.test_queue import send
from tests.world import NOON, World

KNOCK = Knock("PAN1", "PORION", "127.0.0.1", False, None, "PAN_3", ())
HEALTHY = SystemFacts(free=50, total=100, oldest_in_spool=None, certificates=(), listening=(("x:1", None),))


def found(world: World, title: str = "PAN1") -> list[Finding]:
    return diagnose_device(world.porion, world.actor, title)


def said(findings: list[Finding]) -> str:
    return " ".join(one.sentence for one in findings)


@pytest.fixture
def device(world: World) -> str:
    """An approved device of this machine that called a moment ago."""
    row = add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "")
    accepted = (("1.2.840.10008.1.1", "1.2.840.10008.1.2", ""),)
    note_visit(world.porion, world.clinic_id, row.id, Visit(1, 0, 1, None, accepted))
    return row.id


def test_a_healthy_device_is_told_so(world: World, device: str) -> None:
    assert found(world) == [Finding(Severity.OK, "PAN1", "Nothing is wrong with it.")]
    assert device


def test_a_stranger_is_told_with_the_command_that_lets_it_in(world: World) -> None:
    admit(world.porion, KNOCK)
    first = found(world)[0]
    assert first.severity is Severity.FAULT
    assert first.sentence == "PAN1 at 127.0.0.1 is not approved yet."
    assert "porion device approve PAN1" in first.advice


@pytest.mark.parametrize(
    ("called", "why"),
    [("porion", "letter by letter"), ("PAN1", "called itself"), ("PACS", "not Porion's AE title")],
)
def test_a_wrong_called_title_is_named(world: World, device: str, called: str, why: str) -> None:
    admit(world.porion, replace(KNOCK, called=called))
    assert why in said(found(world))
    assert device


def test_blocked_and_elsewhere(world: World, device: str) -> None:
    admit(world.porion, replace(KNOCK, address="127.0.0.9"))
    (elsewhere,) = [row for row in (see_device(world.porion, world.actor, device),) if row]
    assert elsewhere
    with world.porion.store.read(world.clinic_id) as tx:
        (waiting,) = tx.devices.waiting()
    assert "approved for 127.0.0.1/32, but this came from 127.0.0.9" in said(
        diagnose_device(world.porion, world.actor, waiting.id)
    )
    block_device(world.porion, world.actor, device)
    assert "It is blocked" in said(diagnose_device(world.porion, world.actor, device))


def test_what_was_refused_is_named(world: World, device: str) -> None:
    refused = ("1.2.840.10008.5.1.4.1.1.2", None, "none of its transfer syntaxes is accepted")
    accepted = ("1.2.840.10008.1.1", "1.2.840.10008.1.2", "")
    note_visit(world.porion, world.clinic_id, device, Visit(0, 0, 0, None, (refused, accepted)))
    assert "1 of the 2 things" in said(found(world))
    note_visit(world.porion, world.clinic_id, device, Visit(0, 0, 0, None, (refused,)))
    worst = found(world)[0]
    assert worst.severity is Severity.FAULT
    assert "Nothing that it proposed was accepted" in worst.sentence


def test_a_device_of_the_network_while_nobody_listens_there(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    assert "listens on this machine only" in said(found(world))
    set_network(world.porion, world.actor, NetworkChange(listen="10.0.0.1:11112"))
    assert "this machine only" not in said(found(world))
    edit_device(world.porion, world.actor, "PAN1", DeviceChange(certificate="ab" * 32))
    assert "does not listen for TLS" in said(found(world))


def shot(world: World, at: str, **more: str) -> None:
    """An image of the device, made at that time of the world's day."""
    made = a_panoramic(len(at) + len(more), AcquisitionDate="20260302", AcquisitionTime=at, **more)
    send(world, file_bytes(made))
    queue = world.porion.spool.queue()
    queue.await_turn()
    index_queue(world.porion, queue)
    queue.close()


def test_a_clock_that_is_ahead(world: World, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shot(world, f"{NOON.astimezone().hour + 2:02d}0000")
    worst = found(world)[0]
    assert worst.severity is Severity.FAULT
    assert "Its clock is ahead by 2 hours" in worst.sentence
    del device, monkeypatch


def test_a_character_set_that_lies(world: World, device: str) -> None:
    content = file_bytes(a_panoramic(PatientName="Muller^Anna", SpecificCharacterSet="ISO_IR 100"))
    send(world, content.replace(b"Muller^Anna ", "Müller^Anna".encode()))
    queue = world.porion.spool.queue()
    queue.await_turn()
    index_queue(world.porion, queue)
    queue.close()
    assert "not in the character set that it states" in said(found(world))
    assert device


def test_silence_and_never_a_word(world: World, device: str) -> None:
    add_device(world.porion, world.actor, "CEPH", "127.0.0.1", "")
    assert "It has never called." in said(found(world, "CEPH"))
    world.clock.pass_by(timedelta(days=20))
    assert "It has not called since 2026-03-02." in said(found(world))
    assert device


def test_tls_trouble_from_its_address(world: World, device: str) -> None:
    note_failure(world.porion, "127.0.0.1", tls=True, reason="It showed no certificate.")
    assert "It showed no certificate." in said(found(world))
    assert device


def test_porion_itself(world: World) -> None:
    def system(**facts: object) -> str:
        return said(diagnose_system(world.porion, world.actor, replace(HEALTHY, **facts)))

    now = world.clock()
    assert system() == "Nothing is wrong with Porion itself."
    assert "Nobody takes DICOM at x:1" in system(listening=(("x:1", "Nobody listens."),))
    assert "are free on the data directory's disk" in system(free=1)
    assert "not trusted any more: a flush failed" in system(distrusted="a flush failed")
    assert "waiting for 10 minutes" in system(oldest_in_spool=now - timedelta(minutes=10))
    assert "of Porion has expired" in system(certificates=(("Porion", now - timedelta(days=1)),))
    assert "of PAN1 expires on" in system(certificates=(("PAN1", now + timedelta(days=3)),))
    admit(world.porion, KNOCK)
    assert "Waiting for approval: PAN1." in system()
    note_failure(world.porion, "10.0.0.9", tls=False, reason="It sent garbage.")
    assert "the last from 10.0.0.9: It sent garbage." in system()


def test_only_administrators_ask_the_doctor(world: World) -> None:
    reception = Actor("r", world.clinic_id, frozenset({Permission.CAPTURE}))
    with pytest.raises(NotPermitted):
        diagnose_system(world.porion, reception, HEALTHY)
    with pytest.raises(NotPermitted):
        diagnose_device(world.porion, reception, "PAN1")
