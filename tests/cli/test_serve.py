"""``porion serve``: where it listens, how it starts, and how it ends."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.cli.server import calling, serving


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "80 40", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ":²"]
)
def test_what_is_no_address_is_told(desk: Desk, address: str) -> None:
    said = desk.run("serve", "--http", address)
    assert said.status == 2
    assert said.err == f"{address} is no address: write HOST:PORT, such as 127.0.0.1:8040.\n"


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.168.1.5", "xrays.clinic.example"])
def test_nobody_listens_to_the_network_in_plain_text(desk: Desk, host: str) -> None:
    said = desk.run("serve", "--http", f"{host}:0")
    assert said.status == 2
    assert "reverse proxy with TLS" in said.err
    assert not desk.data.exists()


def test_a_taken_port_is_told(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = desk.run("serve", "--http", f"127.0.0.1:{port}")
    assert said.status == 6
    assert f"127.0.0.1:{port}" in said.err


def test_it_tells_when_it_answers_and_ends_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as server:
        *before, last = [event["event"] for event in server.events]
        assert (set(before), last) == ({"started", "setup"}, "ready")
        assert str((server.told("setup") or {})["url"]).startswith(f"{server.url}/setup?token=")
        with calling(server) as client:
            assert client.get("/").status_code == 200
            assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert server.end(signal.SIGTERM) == (0, "")


def test_ctrl_c_is_no_stack_trace_and_no_worker_survives_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as server:
        assert server.end(signal.SIGINT) == (130, "")
    with serving(tmp_path, workers=2) as server:
        assert server.end(signal.SIGKILL) == (-signal.SIGKILL, "")


def test_a_cookie_needs_tls_as_soon_as_people_come_from_elsewhere(desk: Desk) -> None:
    words = ("user", "create", "--email", "a@clinic.example", "--role", "admin", "--password-stdin")
    desk.do(*words, typed="correct horse battery\n")
    who = {"email": "a@clinic.example", "password": "correct horse battery"}
    with serving(desk.data) as server, calling(server) as client:
        assert server.told("setup") is None
        cookie = client.post("/api/session", json=who).headers["set-cookie"]
        assert "Secure" not in cookie
    with serving(desk.data, PORION_HOSTS="xrays.clinic.example") as server, calling(server) as client:
        answer = client.post("/api/session", json=who, headers={"Host": "xrays.clinic.example"})
        assert "; Secure" in answer.headers["set-cookie"]
        assert answer.headers["set-cookie"].startswith("__Host-")
