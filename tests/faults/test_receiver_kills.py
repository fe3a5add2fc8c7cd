"""Kill -9 of receivers, worker and supervisor while devices send: 0 acknowledged lost, 0 doubled.

PORION_KILLS sets how many processes are killed; the ledger of the senders says what was acknowledged.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.faults.judge import judge
from tests.faults.serving import Served, served
from tests.faults.traffic import Senders, Told, senders

KILLS = int(os.environ.get("PORION_KILLS", "20"))
# A part that dies again and again is started anew ever later: after so many, the whole server is killed.
PER_SERVER = 6
# Instances that are acknowledged between two kills, at most.
APART = 12
EACH = 6 * KILLS


def test_nothing_acknowledged_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    dice, data, kills = random.Random(os.environ.get("PORION_SEED", "1")), tmp_path / "data", 0
    with senders(data, tmp_path / "files", EACH) as devices:
        told = devices.told()
        while kills < KILLS:
            with served(data, tmp_path / "log") as server:
                devices.send_to(server.port)
                kills += kill_some(server, devices, told, dice, min(PER_SERVER, KILLS - kills))
        with served(data, tmp_path / "log") as server:
            devices.send_to(server.port)
            answer(server, devices, told)
            assert server.end(signal.SIGTERM) == 0
            assert "Traceback" not in server.said()
    assert devices.acknowledged() == devices.known
    assert not judge(data, devices.acknowledged(), known=devices.known)


def kill_some(server: Served, devices: Senders, told: Iterator[Told], dice: random.Random, count: int) -> int:
    """Kill so many processes, each after some more instances were acknowledged; the server goes last."""
    for number in range(count):
        acknowledged(server, devices, told, dice.randint(0, APART))
        if number == count - 1:
            server.end(signal.SIGKILL)
            return count
        victims = [pid for pid, name in server.parts().items() if name != "web"]
        if victims:
            with suppress(ProcessLookupError):
                os.kill(dice.choice(victims), signal.SIGKILL)
    return count


def acknowledged(server: Served, devices: Senders, told: Iterator[Told], count: int) -> None:
    """Wait until so many more instances were acknowledged."""
    while count:
        one = next(told, None)
        assert one, "the devices have sent everything: give them more"
        count -= one.what == "kept"
        if one.what == "away":
            devices.send_to(server.port, one.title)


def answer(server: Served, devices: Senders, told: Iterator[Told]) -> None:
    """Let the devices send the rest."""
    for one in told:
        if one.what == "away":
            devices.send_to(server.port, one.title)
