"""Where Porion listens for DICOM."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from porion.cli.dicom_listeners import DEFAULT_DICOM, NetworkPlan, network_plan
from porion.cli.settings import read_settings
from porion.services.errors import Conflict, Invalid
from porion.services.network import NetworkChange, set_network
from tests.world import World


def plan(world: World, plain: str | None = None, tls: str | None = None) -> NetworkPlan:
    return network_plan(world.porion, read_settings(world.data), plain, tls)


def test_the_command_line_comes_before_the_set_up_and_that_before_the_default(world: World) -> None:
    assert plan(world).plain == DEFAULT_DICOM
    set_network(world.porion, world.actor, NetworkChange(listen="192.168.1.5:11112"))
    assert plan(world).plain == "192.168.1.5:11112"
    assert plan(world, "127.0.0.1:0").plain == "127.0.0.1:0"


@pytest.mark.parametrize("address", ["0.0.0.0:11112", "192.168.1.5:104", "[::]:104", "porion.example:104"])
def test_the_network_is_closed_until_an_administrator_opens_it(world: World, address: str) -> None:
    for given in ((address, None), (None, address)):
        with pytest.raises(Invalid, match="porion network set"):
            plan(world, *given)
    set_network(world.porion, world.actor, NetworkChange(listen="192.168.1.5:11112"))
    assert plan(world, address).plain == address


def test_a_set_up_of_this_machine_opens_nothing(world: World) -> None:
    set_network(world.porion, world.actor, NetworkChange(listen="127.0.0.1:11112"))
    with pytest.raises(Invalid, match="porion network set"):
        plan(world, "0.0.0.0:104")


def test_the_internet_is_for_tls_only(world: World) -> None:
    set_network(world.porion, world.actor, NetworkChange(tls_listen="192.168.1.5:2762"))
    with pytest.raises(Invalid, match="TLS only"):
        plan(world, "8.8.8.8:104")
    assert plan(world, None, "8.8.8.8:2762").tls == "8.8.8.8:2762"


def test_a_default_that_is_taken_is_told_and_a_choice_that_is_taken_fails(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, ExitStack() as stack:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        chosen = plan(world, address)
        with pytest.raises(Conflict):
            chosen.listen(stack)
        chosen.may_miss = True
        assert chosen.listen(stack) == {}
        assert chosen.told({}) == {"dicom": None}
        assert address in chosen.note


def test_tls_needs_certificates(world: World, tmp_path: Path) -> None:
    with ExitStack() as stack, pytest.raises(Invalid, match="certificates init"):
        plan(world, "127.0.0.1:0", "127.0.0.1:0").listen(stack)
    del tmp_path
