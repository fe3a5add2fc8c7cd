"""``porion serve`` as a process of its own, and somebody who calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

_RUN = "from porion.cli.main import run; run()"


@dataclass
class Server:
    """A running server; ``events`` are what it has told so far."""

    process: subprocess.Popen[str]
    events: list[dict[str, Any]] = field(default_factory=list)

    def told(self, event: str) -> dict[str, Any] | None:
        """The event of that name, if it was told."""
        return next((one for one in self.events if one["event"] == event), None)

    @property
    def url(self) -> str:
        """Where it answers."""
        return str((self.told("ready") or {})["http"])

    def listen(self) -> None:
        """Hear what is told until it is ready; what went wrong when it never is."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if self.told("ready"):
                return
        raise AssertionError(self.process.communicate()[1])

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; answers the exit status and what was written to standard error.

        Both come only when every process that holds the pipes has ended, the workers too.
        """
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err


@contextmanager
def serving(data: Path, *words: str, workers: int = 1, **environment: str) -> Iterator[Server]:
    """A server on a data directory that answers; killed at the end if it still runs."""
    own = ["--http", "127.0.0.1:0", "--dicom", "127.0.0.1:0", "--json", "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, "serve", *own, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PORION_WORKERS": str(workers), **environment},
    )
    server = Server(process)
    try:
        server.listen()
        yield server
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=60)


@contextmanager
def calling(server: Server, token: str = "") -> Iterator[httpx2.Client]:
    """Somebody who calls the server, with a token if there is one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client
