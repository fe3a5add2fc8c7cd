"""A clinic's network."""

from __future__ import annotations

import pytest

from porion.clinic.permissions import Actor, Permission
from porion.services.ae_titles import read_title
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.network import (
    NetworkChange,
    clinic_called,
    listens_beyond_this_machine,
    our_title,
    see_network,
    set_network,
    the_first_clinic,
)
from porion.services.trail import read_trail
from tests.world import World, another_clinic


def test_without_a_set_up_nothing_is_open(each_world: World) -> None:
    row = see_network(each_world.porion, each_world.actor)
    assert (row.ae_title, row.listen, row.tls_listen, row.accept_unknown_classes) == ("PORION", "", "", False)


def test_what_is_set_up_stays_and_is_audited(each_world: World) -> None:
    porion, actor = each_world.porion, each_world.actor
    set_network(porion, actor, NetworkChange(ae_title="ORTHO", listen="192.168.1.5:11112"))
    set_network(porion, actor, NetworkChange(accept_unknown_classes=True))
    row = see_network(porion, actor)
    assert (row.ae_title, row.listen, row.accept_unknown_classes) == ("ORTHO", "192.168.1.5:11112", True)
    with porion.store.read(actor.clinic_id) as tx:
        assert our_title(tx, actor.clinic_id) == "ORTHO"
    trail = read_trail(porion, actor, before=None, limit=5, object_id=actor.clinic_id)
    assert [link.action for link in trail][:2] == ["network set up", "network set up"]


def test_the_called_title_decides_the_clinic(world: World) -> None:
    other = another_clinic(world)
    set_network(world.porion, other.actor, NetworkChange(ae_title="OTHER"))
    with world.porion.store.read("") as tx:
        assert clinic_called(tx, "PORION") == world.clinic_id
        assert clinic_called(tx, "OTHER") == other.clinic_id
        assert clinic_called(tx, "porion") is None
        assert the_first_clinic(tx) == world.clinic_id
    with pytest.raises(Conflict):
        set_network(world.porion, other.actor, NetworkChange(ae_title="PORION"))


@pytest.mark.parametrize("title", ["", " ", "SEVENTEEN LETTERS", "A\\B", "Ä", "A\x07"])
def test_what_is_no_title_is_told(title: str) -> None:
    with pytest.raises(Invalid, match="no AE title"):
        read_title(title)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (NetworkChange(listen="8.8.8.8:11112"), "TLS only"),
        (NetworkChange(listen="nowhere"), "no address"),
        (NetworkChange(tls_listen="192.168.1.5:99999"), "no address"),
        (NetworkChange(tls_listen="192.168.1.5:0"), "no address"),
        (NetworkChange(listen="192.168.1.555:104"), "no address"),
        (NetworkChange(listen="[::1:104"), "no address"),
        (NetworkChange(listen="[2001:4860::8]:104"), "TLS only"),
    ],
)
def test_addresses_that_make_no_sense_are_told(world: World, change: NetworkChange, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        set_network(world.porion, world.actor, change)


def test_only_administrators_touch_it(world: World) -> None:
    reception = Actor("r", world.clinic_id, frozenset({Permission.VIEW, Permission.CAPTURE}))
    with pytest.raises(NotPermitted):
        set_network(world.porion, reception, NetworkChange(ae_title="X"))
    with pytest.raises(NotPermitted):
        see_network(world.porion, reception)


@pytest.mark.parametrize(
    ("address", "beyond"),
    [("127.0.0.1:1", False), ("[::1]:1", False), (":1", False), ("localhost:1", False), ("0.0.0.0:1", True),
     ("192.168.1.5:1", True), ("xrays.example:1", True)],
)  # fmt: skip
def test_loopback_is_this_machine(address: str, *, beyond: bool) -> None:
    assert listens_beyond_this_machine(address) is beyond


def test_without_a_clinic_there_is_none(world: World) -> None:
    class Empty:
        class accounts:  # noqa: N801
            @staticmethod
            def clinics() -> list[tuple[str, str]]:
                return []

    with pytest.raises(NotFound):
        the_first_clinic(Empty)
