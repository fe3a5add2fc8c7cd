"""Crowds and liars at the door: an approved device gets through, and nothing stays behind.

How long the slowest store took is printed: on a quiet machine it is below two seconds.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.dimse.tls import Identity, client_context
from porion.services.devices import DeviceChange, add_device, edit_device
from porion.store.certificates import Certificates
from tests.builders import a_panoramic
from tests.faults.neighbour import echoes, leftovers, memory, stores, until_nothing_is_left
from tests.faults.serving import Served, served

STORES = 10
# Seconds for one store: not the aim, but what only a blocked server needs.
PATIENCE = 60
_CROWD = Path(__file__).with_name("crowd.py")


@dataclass(frozen=True)
class House:
    """A server, what its receivers held at the beginning, and how TLS1 connects."""

    server: Served
    before: dict[int, tuple[int, int]]
    tls: ssl.SSLContext


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("data")
    certificates = Certificates(data / "certificates")
    certificates.make_server(["127.0.0.1"], datetime.now(UTC))
    made = certificates.make_device("TLS1", datetime.now(UTC))
    held = certificates.root
    tls = client_context(Identity(held / "device-TLS1.crt", held / "device-TLS1.key", certificates.authority))
    with at_the_desk(read_settings(data, {})) as (porion, actor):
        add_device(porion, actor, "DEVICE0", "127.0.0.1/32", "")
        row = add_device(porion, actor, "TLS1", "127.0.0.1/32", "")
        edit_device(porion, actor, row.id, DeviceChange(certificate=made.fingerprint))
    with served(data, data / "log", "--dicom-tls", "127.0.0.1:0") as server:
        assert echoes(server.port)
        parts = set(server.parts())
        yield House(server, leftovers(server), tls)
        assert set(server.parts()) == parts
        assert "unexpected" not in server.said()


@contextmanager
def crowd(port: int, count: int, kind: str) -> Iterator[None]:
    """So many hostile peers, all of them there; whoever is closed comes again at once."""
    command = [sys.executable, str(_CROWD), str(port), str(count), kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline()
            yield
        finally:
            process.stdin.close()


def slowest(house: House, seed: str, *, tls: bool) -> float:
    """The longest of some stores by an approved device."""
    title, context, port = "DEVICE0", None, house.server.port
    if tls:
        title, context, port = "TLS1", house.tls, house.server.tls_port
    images = [a_panoramic(n, study=f"{seed}-{n}") for n in range(STORES)]
    took = [stores(port, image, title=title, tls=context) for image in images]
    assert None not in took
    return max(one for one in took if one is not None)


@pytest.mark.parametrize("kind", ["silent", "partial", "begun", "dripping"])
def test_five_hundred_slow_peers_keep_no_device_out(kind: str, house: House) -> None:
    with crowd(house.server.port, 500, kind):
        took = slowest(house, kind, tls=False)
    print(f"500 {kind} peers: the slowest store took {took:.2f} s")  # noqa: T201
    assert took < PATIENCE
    until_nothing_is_left(house.server, house.before)


@pytest.mark.parametrize("kind", ["silent", "partial"])
def test_two_hundred_handshakes_that_never_come_keep_no_device_out(kind: str, house: House) -> None:
    with crowd(house.server.tls_port, 200, kind):
        took = max(slowest(house, "tls", tls=True), slowest(house, "plain", tls=False))
    print(f"200 {kind} peers at the TLS port: the slowest store took {took:.2f} s")  # noqa: T201
    assert took < PATIENCE
    until_nothing_is_left(house.server, house.before)


@pytest.mark.parametrize("kind", [1, 4, 5, 7, 99])
def test_a_lie_about_a_length_costs_no_memory(kind: int, house: House) -> None:
    before = memory(house.server)
    with ExitStack() as stack:
        for _ in range(4):
            liar = stack.enter_context(
                closing(socket.create_connection(("127.0.0.1", house.server.port), 30))
            )
            with suppress(OSError):
                liar.sendall(bytes([kind, 0, 0xFF, 0xFF, 0xFF, 0xFF]))
                for _ in range(100):
                    liar.sendall(bytes(1 << 20))
        assert slowest(house, f"lie {kind}", tls=False) < PATIENCE
    assert memory(house.server) - before < 32 << 20
