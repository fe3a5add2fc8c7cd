"""Processes that are kept running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from porion.cli.supervisor import follow_parent

SCRIPT = """
import json, os, signal, sys, threading
from porion.cli.log import log_to_standard_error
from porion.cli.supervisor import Part, Supervisor, follow_parent
from porion.services.errors import Conflict, StorageFailed

log_to_standard_error()

def tell(event):
    os.write(1, (json.dumps(event) + "\\n").encode())

def steady(say):
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    follow_parent()
    say({"event": "up"})
    stop.wait()
    tell({"event": "ended cleanly"})

def broken(say):
    raise Conflict("The port is taken.")

def mistaken(say):
    raise ZeroDivisionError

parts = {"steady": steady, "broken": broken, "mistaken": mistaken}
try:
    status = Supervisor([Part(name, parts[name]) for name in sys.argv[1:]], tell).run()
except (Conflict, StorageFailed) as error:
    tell({"event": "failed", "why": str(error)})
    status = 6
sys.exit(status)
"""


class Running:
    """A supervisor in a process of its own, and what it says."""

    def __init__(self, *parts: str) -> None:
        command = [sys.executable, "-c", SCRIPT, *parts]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def hear(self, event: str) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == event:
                return told
        raise AssertionError(f"it never told {event}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


@contextmanager
def running(*parts: str) -> Iterator[Running]:
    made = Running(*parts)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate()


def test_it_tells_when_all_parts_are_up_and_ends_them_cleanly() -> None:
    with running("steady", "steady") as made:
        told = made.hear("up")
        assert len(told["processes"]["steady"]) == 2
        made.process.send_signal(signal.SIGTERM)
        made.hear("ended cleanly")
        made.hear("ended cleanly")
        assert made.end(signal.SIGCONT) == signal.SIGTERM


def test_a_part_that_dies_is_started_anew() -> None:
    with running("steady") as made:
        (first,) = made.hear("up")["processes"]["steady"]
        os.kill(first, signal.SIGKILL)
        assert made.hear("restarted") == {"event": "restarted", "part": "steady", "status": -signal.SIGKILL}
        assert made.end(signal.SIGINT) == signal.SIGINT


def test_a_part_that_cannot_start_is_an_error_and_the_others_end() -> None:
    with running("steady", "broken") as made:
        assert made.hear("failed")["why"] == "The port is taken."
        assert made.end(signal.SIGCONT) == 6


def test_a_mistake_of_ours_is_no_stack_trace() -> None:
    with running("mistaken") as made:
        assert made.hear("failed")["why"].startswith("It failed with ZeroDivisionError")


def test_parts_end_with_a_supervisor_that_was_killed() -> None:
    with running("steady") as made:
        made.hear("up")
        made.process.kill()
        # The pipe ends when the last process that holds it has ended.
        made.process.communicate(timeout=60)


def test_whoever_has_no_supervisor_follows_nobody() -> None:
    before = threading.active_count()
    follow_parent()
    assert threading.active_count() == before
