"""A disk that is full, or fails, while devices send: 0xA700, no false success, and it goes on.

PORION_FULL_DISK_ROUNDS sets how often the disk is full.
"""

from __future__ import annotations

import errno
import os
import random
import signal
from pathlib import Path

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.services.images import count_states
from porion.store.space import why_distrusted
from tests.faults.judge import judge
from tests.faults.recorder import Recorder, Refuse, recorder
from tests.faults.serving import served
from tests.faults.traffic import Senders, senders

ROUNDS = int(os.environ.get("PORION_FULL_DISK_ROUNDS", "6"))
EACH = 20 * ROUNDS
GROWING = Refuse.WRITES | Refuse.NAMES
# Where it is full: everywhere, for receivers only, for the worker only, for both of them.
PLACES = ("*", "spool/*", "archive/*", "porion.sqlite*")


def test_what_is_refused_is_told_and_sent_again_when_there_is_room(tmp_path: Path) -> None:
    made = recorder(tmp_path / "made")
    with (
        senders(made.root, tmp_path / "files", EACH) as devices,
        served(made.root, tmp_path / "log", environment=made.environment()) as server,
    ):
        parts = set(server.parts())
        devices.send_to(server.port)
        refused = statuses_while_the_disk_is_full_at_times(made, devices)
        made.permit()
        assert refused == {"A700"}
        assert set(server.parts()) == parts
        assert server.end(signal.SIGTERM) == 0
        assert "Traceback" not in server.said()
        assert "unexpected" not in server.said()
    assert devices.acknowledged() == devices.known
    assert not judge(made.root, devices.acknowledged(), known=devices.known)


def test_no_write_of_an_instance_may_fail_unnoticed(tmp_path: Path) -> None:
    made, sensor = recorder(tmp_path / "made"), "DEVICE2"
    with (
        senders(made.root, tmp_path / "files", 20) as devices,
        served(made.root, tmp_path / "log", environment=made.environment()) as server,
    ):
        devices.send_to(server.port, sensor)
        # Each instance of this device is three writes and an association: the prefix, the data, the seal.
        for number, one in enumerate(devices.told()):
            if one.what == "done":
                break
            made.refuse(Refuse.WRITES, first=number % 4 + 1, count=1, pattern="spool/*.dcm")
        made.permit()
        assert server.end(signal.SIGTERM) == 0
    assert not judge(made.root, devices.acknowledged(), known=devices.known)


def statuses_while_the_disk_is_full_at_times(made: Recorder, devices: Senders) -> set[str]:
    """With what the devices were refused, until all is sent."""
    dice, kept, refused = random.Random(1), 0, set()
    for one in devices.told():
        if one.what == "refused":
            refused.add(one.detail)
        kept += one.what == "kept"
        if one.what == "kept" and kept % 20 == 0:
            place = PLACES[kept // 20 % len(PLACES)]
            made.refuse(GROWING, first=dice.randint(1, 60), count=dice.randint(1, 40), pattern=place)
    return refused


def test_after_a_flush_that_failed_no_receiver_takes_anything_until_a_restart(tmp_path: Path) -> None:
    made = recorder(tmp_path / "made")
    environment = made.environment()
    with senders(made.root, tmp_path / "files", 8) as devices:
        # Receivers alone: the worker flushes the same files, and one of its flushes might be the fifth.
        with served(made.root, tmp_path / "log", "receiver", environment=environment) as server:
            made.refuse(Refuse.SYNCS, error=errno.EIO, first=5, count=1, pattern="spool/*.dcm")
            devices.send_to(server.port)
            assert refusals_in_a_row(devices, 10) == {"A700"}
            # Whoever is started anew by the supervisor has not looked at the disk.
            for pid, name in server.parts().items():
                assert name == "receiver"
                os.kill(pid, signal.SIGKILL)
            assert refusals_in_a_row(devices, 10) == {"A700"}
            assert server.end(signal.SIGTERM) == 0
        kept = devices.acknowledged()
        assert kept < devices.known
        made.permit()
        finish(made, devices, tmp_path / "log")
    assert not judge(made.root, devices.acknowledged(), known=devices.known)


def test_after_a_flush_that_failed_nothing_is_indexed_until_a_restart(tmp_path: Path) -> None:
    made = recorder(tmp_path / "made")
    spool = made.root / "spool"
    with senders(made.root, tmp_path / "files", 8) as devices:
        with served(made.root, tmp_path / "log", environment=made.environment()) as server:
            made.refuse(Refuse.SYNCS, error=errno.ENOSPC, count=1, pattern="archive/*")
            devices.send_to(server.port)
            while not why_distrusted(spool):
                assert server.process.poll() is None
            assert server.end(signal.SIGTERM) == 0
            assert "Traceback" not in server.said()
        assert list(spool.glob("*/*.dcm"))
        with at_the_desk(read_settings(made.root, {})) as (porion, actor):
            assert not sum(count_states(porion, actor).values())
        finish(made, devices, tmp_path / "log")
    assert not judge(made.root, devices.acknowledged(), known=devices.known)


def refusals_in_a_row(devices: Senders, count: int) -> set[str]:
    """What the devices hear as soon as so many instances in a row were refused."""
    heard: list[str] = []
    for one in devices.told():
        heard = [*heard, one.detail] if one.what == "refused" else []
        if len(heard) == count:
            break
    assert len(heard) == count
    return set(heard)


def finish(made: Recorder, devices: Senders, log: Path) -> None:
    """Start again, and let the devices send the rest."""
    with served(made.root, log, environment=made.environment()) as server:
        devices.send_to(server.port)
        for one in devices.told():
            if one.what == "away":
                devices.send_to(server.port, one.title)
        assert server.end(signal.SIGTERM) == 0
    assert devices.acknowledged() == devices.known
