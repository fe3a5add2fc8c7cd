"""Receivers and worker under the recorder, while devices send."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.faults.cuts import Recording
from tests.faults.power_cut import snapshot
from tests.faults.recorder import recorder
from tests.faults.serving import served
from tests.faults.traffic import senders


def record_reception(folder: Path, each: int, *, first: str = "") -> Recording:
    """A recording of three devices that send so many files each, all of them kept in the end."""
    made = recorder(folder)
    data = made.root
    environment = made.environment()
    with senders(data, folder / "files", each, ledger=made.ledger, environment=environment) as devices:
        begin = snapshot(data)
        with served(data, folder / "log", environment=environment, first=first) as server:
            devices.send_to(server.port)
            told = list(devices.told())
            assert {one.what for one in told} == {"kept", "done"}
            assert server.end(signal.SIGTERM) == 0
    return Recording(begin, "", list(made.records()), lambda line: line.decode().split(), devices.known)
