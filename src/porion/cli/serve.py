"""``porion serve``: answer over HTTP until told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
import uvicorn

from porion.cli.compose import opened, scratch
from porion.cli.log import log_to_standard_error
from porion.cli.options import Data, Json
from porion.cli.output import complain, say, write_json
from porion.cli.patients import register_rows
from porion.cli.settings import Settings, read_settings
from porion.folder.csv_rows import parse_patients
from porion.folder.walk import unpack
from porion.http.app import create_app
from porion.http.door import Door, HttpSettings, PatientTable
from porion.services.accounts import open_setup, the_clinic
from porion.services.errors import Conflict, Invalid
from porion.services.ports import Porion
from porion.services.reconcile import reconcile

DEFAULT_HTTP = "127.0.0.1:8040"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
Http = Annotated[str, typer.Option("--http", help="Address and port; port 0 takes a free one.")]


def serve(http: Http = DEFAULT_HTTP, data: Data = None, json: Json = False) -> None:
    """Answer over HTTP; the first start prints the one-time link that makes the first administrator."""
    log_to_standard_error()
    settings = read_settings(data)
    host, port = _address(http)
    with opened(settings, reads_many=True) as porion, scratch(settings) as room:
        signal.signal(signal.SIGTERM, _end)
        clinic_id = the_clinic(porion)
        findings = reconcile(porion, clinic_id)
        with _bound(host, port) as listener:
            url = f"http://{_shown(host)}:{listener.getsockname()[1]}"
            app = create_app(_door(porion, settings, room))
            Server(app, listener, behind_proxy=bool(settings.hosts)).run_until_stopped(
                [
                    {"event": "started", "note": findings.sentence(), "states": dict(findings.states)},
                    *_setup(porion, clinic_id, url),
                    {"event": "ready", "http": url},
                ],
                json=json,
            )


def _end(_number: int, _frame: FrameType | None) -> None:
    """Unwind and leave with status 0; uvicorn hands the signal on when the last request is answered."""
    sys.exit()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise Invalid(f"{text} is no address: write HOST:PORT, such as {DEFAULT_HTTP}.")
    if host not in LOOPBACK:
        raise Invalid(
            f"{host} is not this machine's loopback. Porion speaks plain HTTP: let a reverse proxy with TLS"
            " on this machine listen to the network and forward to it (PORION_HOSTS names the host)."
        )
    return host, int(port)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Conflict(f"Nobody can listen at {host}:{port}: {error.strerror}.") from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _setup(porion: Porion, clinic_id: str, url: str) -> list[dict[str, Any]]:
    secret = open_setup(porion, clinic_id)
    return [{"event": "setup", "url": f"{url}/setup?token={secret}"}] if secret else []


def _door(porion: Porion, settings: Settings, room: Path) -> Door:
    return Door(
        porion=porion,
        unpack=partial(unpack, scratch=room),
        read_csv=_patient_table,
        scratch=room,
        settings=HttpSettings(
            hosts=frozenset((*LOOPBACK, *settings.hosts)),
            # Other names reach this machine through a proxy with TLS; without any, people sit at it.
            secure_cookies=bool(settings.hosts),
            upload_limit=settings.upload_limit,
        ),
    )


def _patient_table(data: bytes) -> PatientTable:
    table = parse_patients(data)
    return PatientTable(
        table.encoding, table.delimiter, table.date_format, table.ignored, register_rows(table)
    )


class Server(uvicorn.Server):
    """uvicorn that tells when it really answers."""

    def __init__(self, app: Any, listener: socket.socket, *, behind_proxy: bool) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=30,
            server_header=False,
            # Without a proxy, anybody could write there who they are.
            proxy_headers=behind_proxy,
        )
        super().__init__(config)
        self._listener = listener
        self._events: list[dict[str, Any]] = []
        self._json = False

    def run_until_stopped(self, events: list[dict[str, Any]], *, json: bool) -> None:
        """Serve; ``events`` are told as soon as requests are answered. SIGTERM ends it cleanly."""
        self._events, self._json = events, json
        self.run(sockets=[self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell."""
        await super().startup(sockets)
        for event in self._events if self.started else ():
            _tell(event, json=self._json)


def _tell(event: dict[str, Any], *, json: bool) -> None:
    if json:
        write_json(event)
        return
    match event["event"]:
        case "setup":
            say("Open this link once to make the first administrator:", "bold")
            say(f"  {event['url']}")
        case "ready":
            say(f"Porion answers at {event['http']} (Ctrl-C stops it).")
        case _:
            complain(event["note"], style="none")
