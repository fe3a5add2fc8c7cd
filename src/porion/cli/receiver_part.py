"""A receiver part of ``porion serve``: takes associations until told to stop."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from functools import partial

from porion.cli.compose import opened
from porion.cli.identities import identity_of
from porion.cli.remotes import remotes_of
from porion.cli.settings import Settings
from porion.cli.supervisor import Tell, follow_parent
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Listener, WayOut
from porion.dimse.sending import DimseSending
from porion.dimse.server import Server


def run_receiver(settings: Settings, listeners: Sequence[Listener], tell: Tell) -> None:
    """Receive; SIGTERM lets what is under way finish."""
    with opened(settings) as porion:
        way_out = WayOut(remotes_of(porion, settings), DimseSending(partial(identity_of, settings)))
        server = Server(Door(porion, service_for, way_out=way_out), listeners)
        signal.signal(signal.SIGTERM, lambda _number, _frame: server.stop())
        follow_parent()
        tell({"event": "up"})
        server.run()
