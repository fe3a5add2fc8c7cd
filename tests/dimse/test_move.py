"""C-MOVE: to known nodes alone, counted as it goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import evt

from porion.dimse.door import WayOut
from porion.dimse.negotiation import STUDY_ROOT_MOVE
from porion.dimse.sending import DimseSending
from porion.services.devices import DeviceChange, add_device, block_device, edit_device
from tests.asked import a_node, no_identity, remotes
from tests.builders import a_cbct_series, a_panoramic, data_set, uid
from tests.dimse.asking import CANCEL, NOT_FITTING, SUCCESS, allow, linked
from tests.dimse.house import House, a_house
from tests.dimse.keeper import Keeper, listening
from tests.services.scenes import BERTA
from tests.world import World

DESTINATION_UNKNOWN, NONE_SENT, SOME_FAILED, PENDING = 0xA801, 0xA702, 0xB000, 0xFF00
CBCT = uid("study-cbct")


@pytest.fixture
def clinic(world: World) -> Iterator[House]:
    """Anna's panoramic and Berta's volume of four slices."""
    way_out = WayOut(remotes(), DimseSending(no_identity))
    with a_house(world, way_out=way_out) as house:
        allow(world, "retrieve")
        linked(world, a_panoramic(1, PatientName="BEISPIEL^A", PatientID="x"))
        linked(world, *a_cbct_series(4, PatientName="Muster^Berta", PatientID="P-2"), patient=BERTA)
        yield house


def move(house: House, to: str, *, level: str = "STUDY", **keys: Any) -> list[Dataset]:
    with house.association(STUDY_ROOT_MOVE) as held:
        assert held.is_established
        asked = data_set(QueryRetrieveLevel=level, **keys)
        return [status for status, _ in held.send_c_move(asked, to, STUDY_ROOT_MOVE, msg_id=9)]


def counted(status: Dataset) -> tuple[int | None, ...]:
    words = ("Remaining", "Completed", "Failed", "Warning")
    return tuple(status.get(f"NumberOf{word}Suboperations") for word in words)


def test_images_go_to_a_remote_node(clinic: House) -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        a_node(clinic.world, port, "Archive")
        told = move(clinic, "PACS", StudyInstanceUID=[uid("study-1"), CBCT])
    assert [one.Status for one in told] == [PENDING] * 4 + [SUCCESS]
    assert counted(told[0]) == (4, 1, 0, 0)
    assert counted(told[-1]) == (None, 5, 0, 0)
    assert (keeper.kept[0].PatientName, keeper.kept[0].PatientID) == ("Beispiel^Anna", "P-1")
    assert set(keeper.originators) == {("PAN1", 9)}


def test_images_go_to_an_approved_device_whose_port_is_known(clinic: House) -> None:
    keeper = Keeper()
    world = clinic.world
    with listening(keeper) as port:
        add_device(world.porion, world.actor, "VIEWER", "127.0.0.1", "", port)
        assert move(clinic, "VIEWER", StudyInstanceUID=uid("study-1"))[-1].Status == SUCCESS
        block_device(world.porion, world.actor, "VIEWER")
        assert move(clinic, "VIEWER", StudyInstanceUID=uid("study-1"))[-1].Status == DESTINATION_UNKNOWN
    assert len(keeper.kept) == 1


def test_nothing_goes_to_an_address_that_was_not_set_up(clinic: House) -> None:
    world = clinic.world
    keeper = Keeper()
    with listening(keeper) as port:
        add_device(world.porion, world.actor, "NOPORT", "127.0.0.1", "")
        add_device(world.porion, world.actor, "RANGE", "127.0.0.0/8", "", port)
        a_node(world, port, "Worklist only", uses=("worklist",))
        for title in ("NOPORT", "RANGE", "PACS", "STRANGER", "PAN1"):
            (last,) = move(clinic, title, StudyInstanceUID=CBCT)
            assert last.Status == DESTINATION_UNKNOWN, title
    assert keeper.seen == 0


def test_a_destination_that_is_away_fails_everything(clinic: House) -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        a_node(clinic.world, port)
    (last,) = move(clinic, "PACS", StudyInstanceUID=CBCT)
    assert (last.Status, counted(last)) == (NONE_SENT, (None, 0, 4, 0))
    assert "cannot be reached" in last.ErrorComment


def test_a_destination_that_goes_in_the_middle_fails_the_rest(clinic: House) -> None:
    keeper = Keeper()

    def answers(number: int) -> int:
        if number == 3:
            raise SystemExit
        return 0

    keeper.answers = answers
    with listening(keeper) as port:
        a_node(clinic.world, port)
        last = move(clinic, "PACS", StudyInstanceUID=CBCT)[-1]
    # pynetdicom answers a handler that fails with C211H.
    assert (last.Status, counted(last)) in ((SOME_FAILED, (None, 3, 1, 0)), (SOME_FAILED, (None, 2, 2, 0)))


def test_failures_are_counted(clinic: House) -> None:
    keeper = Keeper(answers=lambda number: 0xA700 if number == 2 else 0)
    with listening(keeper) as port:
        a_node(clinic.world, port)
        last = move(clinic, "PACS", StudyInstanceUID=CBCT)[-1]
    assert (last.Status, counted(last)) == (SOME_FAILED, (None, 3, 1, 0))
    assert last.ErrorComment == "The node answered with status A700H."


def test_nothing_to_send_is_a_success_without_a_connection(clinic: House) -> None:
    keeper = Keeper()
    with listening(keeper) as port:
        a_node(clinic.world, port)
    (last,) = move(clinic, "PACS", StudyInstanceUID="1.2.3")
    assert (last.Status, counted(last)) == (SUCCESS, (None, 0, 0, 0))


def test_without_a_way_out_every_destination_is_unknown(house: House) -> None:
    allow(house.world, "retrieve")
    (last,) = move(house, "PACS", StudyInstanceUID="1.2.3")
    assert last.Status == DESTINATION_UNKNOWN
    (last,) = move(house, "PACS")
    assert last.Status == NOT_FITTING


def test_who_cancels_hears_how_far_it_came(clinic: House) -> None:
    going_on = threading.Event()

    def answers(_number: int) -> int:
        going_on.wait(60)
        return 0

    keeper = Keeper(answers)
    with listening(keeper) as port, clinic.association(STUDY_ROOT_MOVE) as held:
        a_node(clinic.world, port)
        asked = data_set(QueryRetrieveLevel="STUDY", StudyInstanceUID=CBCT)
        told = held.send_c_move(asked, "PACS", STUDY_ROOT_MOVE, msg_id=9)
        statuses: list[Dataset] = []
        thread = threading.Thread(target=lambda: statuses.extend(status for status, _ in told))
        thread.start()
        assert keeper.came.wait(60)
        # Only when the cancel is on its way, the instance that came first is answered.
        held.bind(evt.EVT_DATA_SENT, lambda _event: going_on.set())
        held.send_c_cancel(9, query_model=STUDY_ROOT_MOVE)
        thread.join(60)
    last = statuses[-1]
    assert last.Status == CANCEL
    assert last.NumberOfRemainingSuboperations == 4 - len(keeper.kept)


def test_a_device_with_a_certificate_is_reached_over_tls_alone(clinic: House) -> None:
    world = clinic.world
    keeper = Keeper()
    with listening(keeper) as port:
        add_device(world.porion, world.actor, "VIEWER", "127.0.0.1", "", port)
        edit_device(world.porion, world.actor, "VIEWER", DeviceChange(certificate="a" * 64))
        (last,) = move(clinic, "VIEWER", StudyInstanceUID=CBCT)
    assert (last.Status, keeper.seen) == (NONE_SENT, 0)
