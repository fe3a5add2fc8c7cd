"""DICOM over TLS: both sides known, nothing old."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from porion.dimse.protocol.pdus import AssociateAccept
from porion.dimse.tls import Identity, client_context, fingerprint, server_context, told
from porion.services.devices import DeviceChange, edit_device
from porion.services.errors import Invalid
from porion.store.certificates import Certificates
from tests.dimse.house import ECHO, Raw, a_house
from tests.world import World

NOW = datetime.now(UTC)


@pytest.fixture
def held(tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path / "certificates")
    made.make_server(["127.0.0.1"], NOW)
    made.make_device("PAN1", NOW)
    return made


def of_device(held: Certificates) -> Identity:
    return Identity(held.root / "device-PAN1.crt", held.root / "device-PAN1.key", held.authority)


def of_server(held: Certificates) -> Identity:
    return Identity(*held.server, held.authority)


def handshake(server: ssl.SSLContext, client: ssl.SSLContext | None, said: bytes = b"") -> str | None:
    """What the server makes of a client; None when both agree."""
    ours, theirs = socket.socketpair()

    def connect() -> None:
        try:
            if client is None:
                theirs.sendall(said)
                theirs.recv(100)
            else:
                with client.wrap_socket(theirs, server_hostname="x") as spoken:
                    spoken.recv(1)
        except (OSError, ssl.SSLError):
            pass
        finally:
            theirs.close()

    thread = threading.Thread(target=connect)
    thread.start()
    try:
        with server.wrap_socket(ours, server_side=True) as spoken:
            spoken.sendall(b"x")
            return None
    except ssl.SSLError as error:
        return told(error)
    finally:
        ours.close()
        thread.join()


def test_a_device_of_the_clinic_is_let_in(held: Certificates) -> None:
    assert handshake(server_context(of_server(held)), client_context(of_device(held))) is None


def test_others_are_told_why_not(held: Certificates, tmp_path: Path) -> None:
    server = server_context(of_server(held))
    anonymous = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anonymous.check_hostname, anonymous.verify_mode = False, ssl.CERT_NONE
    assert "showed no certificate" in (handshake(server, anonymous) or "")
    strangers = Certificates(tmp_path / "strangers")
    strangers.make_server(["x"], NOW)
    strangers.make_device("PAN1", NOW)
    foreign = client_context(of_device(strangers))
    foreign.verify_mode = ssl.CERT_NONE
    assert "not the clinic's" in (handshake(server, foreign) or "")
    held.make_device("PAN1", NOW - timedelta(days=1000))
    assert "has expired" in (handshake(server, client_context(of_device(held))) or "")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (b"\x01\x00\x00\x00\x00\xcc\x00\x01" + bytes(20), "plain DICOM"),
        (b"GET / HTTP/1.1\r\n\r\n", "HTTP"),
    ],
)
def test_who_speaks_something_else_is_told_so(held: Certificates, said: bytes, sentence: str) -> None:
    assert sentence in (handshake(server_context(of_server(held)), None, said) or "")


def test_nothing_old_is_spoken(held: Certificates) -> None:
    context = server_context(of_server(held))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    names = {cipher["name"] for cipher in context.get_ciphers()}
    assert all("GCM" in name or "CHACHA20" in name for name in names)
    assert all(name.startswith(("TLS_", "ECDHE", "DHE")) for name in names)


def test_missing_certificates_are_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="porion certificates init"):
        server_context(Identity(tmp_path / "a", tmp_path / "b", tmp_path / "c"))


def test_the_certificate_is_part_of_the_identity(world: World, held: Certificates) -> None:
    (registered,) = [one.fingerprint for one in held.all() if one.name == "PAN1"]
    with a_house(world, tls=server_context(of_server(held))) as house:
        edit_device(world.porion, world.actor, "PAN1", DeviceChange(certificate=registered))
        sock = client_context(of_device(held)).wrap_socket(
            socket.create_connection(("127.0.0.1", house.port), 30), server_hostname="porion"
        )
        house.peers.append(Raw(sock))
        assert isinstance(house.peers[-1].associate(ECHO).answer, AssociateAccept)
        held.make_device("PAN1", NOW)
        other = client_context(of_device(held)).wrap_socket(
            socket.create_connection(("127.0.0.1", house.port), 30), server_hostname="porion"
        )
        house.peers.append(Raw(other))
        assert not isinstance(house.peers[-1].associate(ECHO).answer, AssociateAccept)


def test_who_trips_over_tls_is_noted(world: World, held: Certificates) -> None:
    with a_house(world, tls=server_context(of_server(held))) as house:
        house.raw().socket.sendall(b"\x01\x00\x00\x00\x00\xcc" + bytes(30))
        with suppress(ConnectionError):
            house.peers[-1].socket.recv(100)
    with world.porion.store.read(world.clinic_id) as tx:
        (failure,) = tx.devices.failures(10)
    assert failure.tls
    assert "plain DICOM" in failure.reason


def test_a_plain_socket_shows_no_certificate() -> None:
    assert fingerprint(object()) is None
