"""The web part of ``porion serve``: answers over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from porion.cli.addresses import LOOPBACK
from porion.cli.collector import calm
from porion.cli.compose import opened, scratch
from porion.cli.machine import Lookout, facts_of
from porion.cli.register_table import register_rows
from porion.cli.remotes import remotes_of
from porion.cli.settings import Settings
from porion.cli.supervisor import Tell, follow_parent
from porion.clinic.permissions import operator
from porion.folder.csv_rows import parse_patients
from porion.folder.walk import unpack
from porion.http.app import create_app
from porion.http.door import Door, HttpSettings, PatientTable
from porion.services.accounts import open_setup, the_clinic
from porion.services.network import see_network
from porion.services.ports import Porion
from porion.services.system_facts import SystemFacts


def run_web(settings: Settings, listener: socket.socket, ready: Mapping[str, Any], tell: Tell) -> None:
    """Answer until told to stop; tells the one-time link as long as there is no administrator.

    ``ready`` is what everybody is told when Porion answers: its addresses are among it.
    """
    with opened(settings, reads_many=True) as porion, scratch(settings) as room:
        follow_parent()
        secret = open_setup(porion, the_clinic(porion))
        if secret:
            tell({"event": "setup", "url": f"{ready['http']}/setup?token={secret}"})
        look = Lookout(partial(_facts, porion, settings, ready))
        app = create_app(_door(porion, settings, room, look))
        calm()
        _Server(app, listener, tell, behind_proxy=bool(settings.hosts)).run()


def _facts(porion: Porion, settings: Settings, ready: Mapping[str, Any]) -> SystemFacts:
    """How the machine stands; DICOM over TLS is not knocked at, for that takes a certificate."""
    doors = [ready["dicom"]] if ready.get("dicom") else []
    title = see_network(porion, operator("web", the_clinic(porion))).ae_title
    return facts_of(settings, doors, title)


def _door(porion: Porion, settings: Settings, room: Path, machine: Callable[[], SystemFacts]) -> Door:
    return Door(
        porion=porion,
        unpack=partial(unpack, scratch=room),
        read_csv=_patient_table,
        scratch=room,
        machine=machine,
        settings=HttpSettings(
            hosts=frozenset((*LOOPBACK, *settings.hosts)),
            # Other names reach this machine through a proxy with TLS; without any, people sit at it.
            secure_cookies=bool(settings.hosts),
            upload_limit=settings.upload_limit,
        ),
        remotes=remotes_of(porion, settings),
    )


def _patient_table(data: bytes) -> PatientTable:
    table = parse_patients(data)
    return PatientTable(
        table.encoding, table.delimiter, table.date_format, table.ignored, register_rows(table)
    )


class _Server(uvicorn.Server):
    """uvicorn that tells when it really answers."""

    def __init__(self, app: Any, listener: socket.socket, tell: Tell, *, behind_proxy: bool) -> None:
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
        self._closing: asyncio.Event = app.state.closing
        self._tell = tell

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve at the listener that was handed over; SIGTERM ends it cleanly."""
        super().run(sockets or [self._listener])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams that would go on for minutes, then stop as uvicorn does."""
        self._closing.set()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell."""
        await super().startup(sockets)
        if self.started:
            self._tell({"event": "up"})
