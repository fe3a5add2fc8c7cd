"""Storage commitment with pynetdicom as the requester: asked on one association, answered on another."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, evt

from bench.orthanc import free_port
from porion.dimse.commitment import WELL_KNOWN_INSTANCE
from porion.dimse.event_report import deliver_due
from porion.dimse.negotiation import STORAGE_COMMITMENT
from porion.dimse.tls import Identity
from porion.services.commitment import INDEXED_WITHIN, list_commitments
from porion.services.devices import DeviceChange, edit_device
from tests.builders import a_panoramic
from tests.dimse.house import House, a_house
from tests.world import World

NO_TLS = Identity(Path("-"), Path("-"), Path("-"))


@dataclass
class Requester:
    """A device that asks and listens for answers."""

    port: int
    reports: list[tuple[int, Dataset]] = field(default_factory=list)
    status: int = 0


@contextmanager
def a_requester(port: int = 0, *, entity: AE | None = None) -> Iterator[Requester]:
    if entity is None:
        entity = AE(ae_title="PAN1")
        entity.add_supported_context(STORAGE_COMMITMENT, scu_role=False, scp_role=True)
    made = Requester(port)

    def heard(event: evt.Event) -> tuple[int, None]:
        made.reports.append((event.event_type, event.event_information))
        return made.status, None

    server = entity.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, heard)]
    )
    made.port = server.server_address[1]
    try:
        yield made
    finally:
        server.shutdown()


def ask(house: House, *pairs: tuple[str, str], instance: str = WELL_KNOWN_INSTANCE, action: int = 1) -> int:
    asked = Dataset()
    asked.TransactionUID = generate_uid()
    asked.ReferencedSOPSequence = [reference(*pair) for pair in pairs]
    with house.association(STORAGE_COMMITMENT) as held:
        status, _ = held.send_n_action(asked, action, STORAGE_COMMITMENT, instance)
        return int(status.Status)


def reference(sop_class: str, instance: str) -> Dataset:
    made = Dataset()
    made.ReferencedSOPClassUID, made.ReferencedSOPInstanceUID = sop_class, instance
    return made


@pytest.fixture
def house(world: World) -> Iterator[House]:
    with a_house(world) as made:
        yield made


def held(n: int = 1) -> tuple[str, str]:
    made = a_panoramic(n)
    return str(made.SOPClassUID), str(made.SOPInstanceUID)


def listens_at(house: House, port: int) -> None:
    edit_device(house.world.porion, house.world.actor, "PAN1", DeviceChange(port=port))


def test_success_is_told_on_a_new_association(house: House) -> None:
    house.world.bring(a_panoramic())
    assert ask(house, held()) == 0
    with a_requester() as requester:
        listens_at(house, requester.port)
        assert deliver_due(house.world.porion, NO_TLS) == 1
        assert deliver_due(house.world.porion, NO_TLS) == 0
    ((kind, told),) = requester.reports
    assert kind == 1
    assert told.RetrieveAETitle == "PORION"
    assert [str(one.ReferencedSOPInstanceUID) for one in told.ReferencedSOPSequence] == [held()[1]]
    assert "FailedSOPSequence" not in told


def test_partial_failure_names_what_failed_and_why(house: House) -> None:
    house.world.bring(a_panoramic())
    assert ask(house, held(), (held()[0], "1.2.3")) == 0
    house.world.clock.pass_by(INDEXED_WITHIN)
    with a_requester() as requester:
        listens_at(house, requester.port)
        assert deliver_due(house.world.porion, NO_TLS) == 1
    ((kind, told),) = requester.reports
    assert kind == 2
    assert len(told.ReferencedSOPSequence) == 1
    (failed,) = told.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == ("1.2.3", 0x0112)


# pynetdicom leaves the socket of a refused connection to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_requester_that_is_away_hears_it_when_it_is_back(house: House) -> None:
    house.world.bring(a_panoramic())
    ask(house, held())
    port = free_port()
    listens_at(house, port)
    assert deliver_due(house.world.porion, NO_TLS) == 0
    (row,) = list_commitments(house.world.porion, house.world.actor)
    assert row.last_error == f"PAN1 at 127.0.0.1:{port}: nobody answers."
    assert "storage commitment" in (house.device().last_error or "")
    house.world.clock.pass_by(timedelta(minutes=2))
    with a_requester(port) as back:
        assert deliver_due(house.world.porion, NO_TLS) == 1
    assert back.reports[0][0] == 1
    gc.collect()


def test_who_refuses_its_answer_is_asked_again(house: House) -> None:
    house.world.bring(a_panoramic())
    ask(house, held())
    with a_requester() as requester:
        requester.status = 0x0110
        listens_at(house, requester.port)
        assert deliver_due(house.world.porion, NO_TLS) == 0
        (row,) = list_commitments(house.world.porion, house.world.actor)
        assert "status 0110H" in (row.last_error or "")


def without_context() -> AE:
    entity = AE(ae_title="PAN1")
    entity.add_supported_context("1.2.840.10008.1.1")
    return entity


def without_role() -> AE:
    entity = AE(ae_title="PAN1")
    entity.add_supported_context(STORAGE_COMMITMENT)
    return entity


def of_another_name() -> AE:
    entity = AE(ae_title="OTHER")
    entity.require_called_aet = True
    entity.add_supported_context(STORAGE_COMMITMENT, scu_role=False, scp_role=True)
    return entity


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        (without_context(), "it does not take reports of storage commitment."),
        (without_role(), "it does not grant Porion the SCP role of storage commitment."),
        (of_another_name(), "it rejected the association."),
    ],
)
def test_why_an_answer_is_not_taken_is_a_sentence(house: House, entity: AE, sentence: str) -> None:
    house.world.bring(a_panoramic())
    ask(house, held())
    with a_requester(entity=entity) as requester:
        listens_at(house, requester.port)
        assert deliver_due(house.world.porion, NO_TLS) == 0
    (row,) = list_commitments(house.world.porion, house.world.actor)
    assert row.last_error == f"PAN1 at 127.0.0.1:{requester.port}: {sentence}"
    assert row.next_attempt_at is not None


def test_an_answer_that_nobody_can_deliver_holds_no_other_up(house: House) -> None:
    house.world.bring(a_panoramic())
    ask(house, held())
    ask(house, held())
    with a_requester() as requester:
        listens_at(house, requester.port)
        last, first = list_commitments(house.world.porion, house.world.actor)
        with house.world.porion.store.write(house.world.clinic_id) as tx:
            tx.commitments.update(first.id, {"peer": {**first.peer, "called": "longer than sixteen"}})
        assert deliver_due(house.world.porion, NO_TLS) == 1
    failed, told = sorted(
        list_commitments(house.world.porion, house.world.actor), key=lambda row: row.state, reverse=True
    )
    assert (told.id, told.state) == (last.id, "delivered")
    assert "it cannot be told" in (failed.last_error or "")


def test_what_cannot_be_asked_has_its_status(house: House) -> None:
    assert ask(house, held(), instance="1.2.3") == 0x0112
    assert ask(house, held(), action=2) == 0x0123
    assert ask(house) == 0x0115
    assert list_commitments(house.world.porion, house.world.actor) == []
