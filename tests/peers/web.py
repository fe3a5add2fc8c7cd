"""A clinic's HTTP door on a port of this machine, for programs that speak over the network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn

from porion.http.app import create_app
from porion.services.accounts import create_token, create_user
from tests.http.house import PASSWORD, SETTINGS, House, a_door


@dataclass(frozen=True)
class Served:
    """Where the door is, and an administrator's token."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a caller sends."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def served(house: House, around: Callable[[Any, str], Any] = lambda app, _token: app) -> Iterator[Served]:
    """Serve until the block ends; ``around`` may put other things beside the application, with the token."""
    settings = replace(SETTINGS, hosts=frozenset({"127.0.0.1"}))
    app = create_app(a_door(house.world, house.scratch, settings))
    user = create_user(house.world.porion, house.world.admin, "peer@clinic.example", "admin", PASSWORD)
    _, secret = create_token(house.world.porion, house.world.admin, "peer", user.email)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(around(app, secret), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=[[listener]], daemon=True)
    thread.start()
    try:
        # The listener is open: who connects early waits until the server accepts.
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", secret)
    finally:
        server.should_exit = True
        thread.join(60)
        listener.close()
