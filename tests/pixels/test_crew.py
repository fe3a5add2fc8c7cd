"""Workers are real processes here: what they do, and what becomes of those who asked when they cannot."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from socket import SHUT_WR, socketpair

import pytest

from porion.pixels.crew import Crew, _Worker
from porion.services.errors import NotFound, Unshowable
from tests.pixels.pictures import drawn, ramp, written


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    made = Crew(2)
    yield made
    made.close()


def coded(path: Path, *numbers: int) -> dict[str, object]:
    return {"path": str(path), "numbers": list(numbers)}


def test_a_task_is_done_by_a_worker(crew: Crew, tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()))
    assert crew("coded", coded(path, 1), 60) == [ramp().tobytes()]


def test_many_callers_are_served_by_few_workers(crew: Crew, tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()))
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: crew("coded", coded(path, 1), 60), range(24)))
    assert answers == [[ramp().tobytes()]] * 24


def test_what_a_worker_refuses_is_told_in_its_words(crew: Crew, tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp(), Rows=60000))
    with pytest.raises(Unshowable, match="Frame 1 of 1 is not in the file"):
        crew("coded", coded(path, 1), 60)
    with pytest.raises(NotFound, match="lost the file"):
        crew("coded", coded(tmp_path / "none.dcm", 1), 60)


def test_a_worker_that_was_ended_is_replaced(crew: Crew, tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()))
    crew("coded", coded(path, 1), 60)
    for worker in crew._idle:
        signal.pidfd_send_signal(worker.handle, signal.SIGKILL)
    assert crew("coded", coded(path, 1), 60) == [ramp().tobytes()]
    assert crew._nursery is not None
    crew._nursery.kill()
    for worker in crew._idle:
        signal.pidfd_send_signal(worker.handle, signal.SIGKILL)
    assert crew("coded", coded(path, 1), 60) == [ramp().tobytes()]


def test_a_worker_that_talks_nonsense_is_not_believed(tmp_path: Path) -> None:
    """Whatever a file made of the worker that decoded it: its words are data."""
    crew = Crew(1)
    path = written(tmp_path, drawn(ramp()))
    try:
        for nonsense in (b"\xff", b"[]", b'{"pieces": "many"}', b'{"pieces": 3}'):
            ours, theirs = socketpair()
            theirs.sendall(struct.pack("!i", len(nonsense)) + nonsense)
            theirs.shutdown(SHUT_WR)
            with theirs, subprocess.Popen(["sleep", "60"]) as somebody:
                handle = os.pidfd_open(somebody.pid)
                crew._idle.append(_Worker(handle, Connection(ours.detach()), 1))
                assert crew("coded", coded(path, 1), 60) == [ramp().tobytes()]
    finally:
        crew.close()


def test_none_is_left_when_the_crew_is_dismissed(tmp_path: Path) -> None:
    crew = Crew(1)
    path = written(tmp_path, drawn(ramp()))
    crew("coded", coded(path, 1), 60)
    (worker,) = crew._idle
    watch = os.dup(worker.handle)
    crew.close()
    ended, _, _ = select.select([watch], [], [], 30)
    os.close(watch)
    assert ended
