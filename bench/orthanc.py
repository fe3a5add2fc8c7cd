"""An Orthanc of this run's own: a fresh database, its own defaults, loopback only."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Seconds to start and to end: more than a machine with much else to do needs.
PATIENCE = 120


@dataclass(frozen=True)
class Running:
    """Where it answers, and its process."""

    http: int
    dicom: int
    pid: int


@contextmanager
def orthanc(data: Path, **settings: Any) -> Iterator[Running]:
    """Start it and wait until it answers."""
    http, dicom = free_port(), free_port()
    config = data / "orthanc.json"
    own = {
        "StorageDirectory": str(data / "storage"),
        "IndexDirectory": str(data / "storage"),
        "HttpPort": http,
        "DicomPort": dicom,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "KeepAlive": True,
        "Plugins": [],
    }
    config.write_text(json.dumps({**own, **settings}))
    quiet = subprocess.DEVNULL
    command = [shutil.which("Orthanc") or "/usr/sbin/Orthanc", str(config)]
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    try:
        await_port(http)
        yield Running(http, dicom, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        finally:
            server.kill()


# Connections that go out get the ports above: one of them may be taken again before a server is there.
_NOT_GIVEN_OUT = range(10_240, 32_768)


def free_port() -> int:
    """A port that nobody has at the moment."""
    while True:
        port = random.choice(_NOT_GIVEN_OUT)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def await_port(port: int) -> None:
    """Return when somebody listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody listens at port {port}")
