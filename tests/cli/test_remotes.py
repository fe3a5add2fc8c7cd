from __future__ import annotations

from pathlib import Path

from porion.cli.remotes import addresses_of, remotes_of
from porion.cli.settings import read_settings
from porion.services.network import NetworkChange, set_network
from tests.world import World


def test_names_are_resolved_by_the_system() -> None:
    assert "127.0.0.1" in addresses_of("localhost")
    assert addresses_of("2130706433") == ["127.0.0.1"]
    assert addresses_of("nobody.invalid") == []
    assert addresses_of("a" * 300) == []


def test_our_own_ports_are_known(world: World, tmp_path: Path) -> None:
    set_network(world.porion, world.actor, NetworkChange(listen="192.168.1.1:104"))
    assert remotes_of(world.porion, read_settings(tmp_path)).our_ports == (8040, 11112, 104)
