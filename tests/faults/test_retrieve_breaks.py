"""A retrieval that breaks off in the middle leaves no thread, no open file and no lock behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association

from porion.dimse.door import WayOut
from porion.dimse.negotiation import STUDY_ROOT_GET, STUDY_ROOT_MOVE
from porion.dimse.sending import DimseSending
from tests.asked import a_node, no_identity, remotes
from tests.builders import a_cbct_series, data_set, uid
from tests.dimse.asking import allow, linked
from tests.dimse.house import CT, House, a_house
from tests.dimse.keeper import Keeper, listening
from tests.world import World, bring

SLICES = 8
# Seconds for which pynetdicom listens on a line that it has cut itself.
_WAITS = 10
WANTED = data_set(QueryRetrieveLevel="STUDY", StudyInstanceUID=uid("study-cbct"))


@pytest.fixture
def clinic(world: World) -> Iterator[House]:
    """A volume that is linked under another name, so that every slice is written anew."""
    with a_house(world, way_out=WayOut(remotes(), DimseSending(no_identity))) as house:
        allow(world, "retrieve")
        linked(world, *a_cbct_series(SLICES, PatientName="WRONG"))
        yield house


def is_clean(house: House) -> None:
    """Nothing of the retrieval is left once the server has ended, and the database can be written."""
    house.stop()
    opened = [link.readlink().suffix for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert ".dcm" not in opened
    assert ".dcm" not in Path("/proc/self/maps").read_text()
    assert [one.name for one in threading.enumerate() if one.name.startswith("association ")] == []
    bring(house.world, *a_cbct_series(1, study="another"))


def cut(held: Association) -> None:
    """The connection is gone without a word."""
    held.dul.socket.close()


ENDINGS: dict[str, Callable[[Association], None]] = {"abort": lambda held: held.abort(), "cut": cut}


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_gets_goes_in_the_middle(clinic: House, ending: str) -> None:
    keeper = Keeper()

    def keep(event: evt.Event) -> int:
        status = keeper.keep(event)
        if keeper.seen == 3:
            ENDINGS[ending](event.assoc)
        return status

    entity = AE(ae_title="PAN1")
    entity.dimse_timeout = _WAITS
    entity.add_requested_context(STUDY_ROOT_GET)
    entity.add_requested_context(CT)
    held = entity.associate(
        "127.0.0.1",
        clinic.port,
        ae_title="PORION",
        ext_neg=[build_role(CT, scp_role=True)],
        evt_handlers=[(evt.EVT_C_STORE, keep)],
    )
    told = [status for status, _ in held.send_c_get(WANTED, STUDY_ROOT_GET)]
    entity.shutdown()
    assert keeper.seen == 3
    assert all("Status" not in status or status.Status != 0 for status in told)
    is_clean(clinic)


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_asks_for_a_move_goes_in_the_middle(clinic: House, ending: str) -> None:
    keeper, asker = Keeper(), AE(ae_title="PAN1")
    asker.dimse_timeout = _WAITS
    asker.add_requested_context(STUDY_ROOT_MOVE)
    held = asker.associate("127.0.0.1", clinic.port, ae_title="PORION")
    gone = threading.Event()

    def answers(number: int) -> int:
        if number == 2:
            ENDINGS[ending](held)
            gone.set()
        return 0

    keeper.answers = answers
    with listening(keeper) as port:
        a_node(clinic.world, port)
        thread = threading.Thread(target=lambda: list(held.send_c_move(WANTED, "PACS", STUDY_ROOT_MOVE)))
        thread.start()
        assert gone.wait(60)
        thread.join(60)
        asker.shutdown()
        is_clean(clinic)
    assert keeper.seen < SLICES


def test_a_destination_aborts_in_the_middle(clinic: House) -> None:
    keeper = Keeper()

    def keep_and_abort(event: evt.Event) -> int:
        status = keeper.keep(event)
        if keeper.seen == 3:
            event.assoc.abort()
        return status

    keeper_with_abort = Keeper()
    keeper_with_abort.keep = keep_and_abort  # type: ignore[method-assign]
    with listening(keeper_with_abort) as port, clinic.association(STUDY_ROOT_MOVE) as held:
        a_node(clinic.world, port)
        last = [status for status, _ in held.send_c_move(WANTED, "PACS", STUDY_ROOT_MOVE)][-1]
    assert last.Status == 0xB000
    assert (last.NumberOfCompletedSuboperations, last.NumberOfFailedSuboperations) == (2, SLICES - 2)
    is_clean(clinic)
