"""``porion serve`` as processes that can be killed one by one, and looked into."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_RUN = "from porion.cli.main import run; run()"


@dataclass
class Served:
    """A server that answers; ``ready`` is its event of that name."""

    process: subprocess.Popen[str]
    ready: Mapping[str, Any]
    log: Path

    @property
    def port(self) -> int:
        """Where it receives DICOM."""
        return int(self.ready["dicom"].rpartition(":")[2])

    @property
    def tls_port(self) -> int:
        """Where it receives DICOM over TLS, if it does."""
        return int(self.ready["dicomTls"].rpartition(":")[2])

    def parts(self) -> dict[int, str]:
        """The parts that run now by process number; one that was started anew is a ``receiver or worker``."""
        names = {pid: name for name, pids in self.ready["processes"].items() for pid in pids}
        return {pid: names.get(pid, "receiver or worker") for pid in children(self.process.pid)}

    def end(self, number: signal.Signals) -> int:
        """Send a signal; answers the exit status when all of its processes have ended."""
        self.process.send_signal(number)
        self.process.communicate(timeout=120)
        return self.process.returncode

    def said(self) -> str:
        """What it wrote to standard error."""
        return self.log.read_text()


@contextmanager
def served(
    data: Path,
    log: Path,
    *words: str,
    environment: Mapping[str, str] = os.environ,
    first: str = "",
    **more: str,
) -> Iterator[Served]:
    """A server on a data directory; ``first`` is Python that runs before it. Killed at the end."""
    doors = ["--http", "127.0.0.1:0", "--dicom", "127.0.0.1:0", "--json", "--data", str(data)]
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{first}\n{_RUN}", "serve", *doors, *words],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**environment, "PORION_WORKERS": "1", "PORION_RECEIVERS": "2", **more},
        )
    try:
        assert process.stdout is not None
        events = (json.loads(line) for line in process.stdout)
        ready = next((event for event in events if event["event"] == "ready"), None)
        assert ready, log.read_text()
        yield Served(process, ready, log)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=60)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found
