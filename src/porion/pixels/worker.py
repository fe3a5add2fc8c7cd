"""A worker's whole life: one task after the other from its pipe, within limits that the system enforces.

It may be brought down by what it decodes; whoever asked then hears so in a sentence. Its answers are
plain bytes: nothing that a worker says is executed.
"""

from __future__ import annotations

import json
import logging
import resource
from typing import TYPE_CHECKING, Any

from porion.dicom.pixel_form import NoPixels
from porion.pixels.tasks import perform

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Bytes of a request, and what a core file of somebody's X-ray may have.
MOST_ASKED = 1 << 20


def serve(pipe: Connection, memory: int) -> None:
    """Answer until the other end is gone; ``memory`` is how many bytes may be allocated."""
    logging.disable(logging.CRITICAL)
    _limit(memory)
    while True:
        try:
            asked = json.loads(pipe.recv_bytes(MOST_ASKED))
        except (EOFError, OSError):
            return
        _limit_time(asked["seconds"])
        _answer(pipe, asked)


def _answer(pipe: Connection, asked: dict[str, Any]) -> None:
    try:
        pieces = perform(asked["task"], asked["arguments"])
    except NoPixels as error:
        pipe.send_bytes(json.dumps({"refused": str(error)}).encode())
        return
    except FileNotFoundError:
        pipe.send_bytes(json.dumps({"missing": True}).encode())
        return
    pipe.send_bytes(json.dumps({"pieces": len(pieces)}).encode())
    for piece in pieces:
        pipe.send_bytes(piece)


def _limit(memory: int) -> None:
    """What is loaded by now counts apart; files that are mapped are not allocated."""
    taken = _allocated()
    resource.setrlimit(resource.RLIMIT_DATA, (taken + memory, taken + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _allocated() -> int:
    """Bytes of private writable memory (proc(5): data and stack, in pages)."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a file of the kernel's
        return int(file.read().split()[5]) * resource.getpagesize()


def _limit_time(seconds: float) -> None:
    """The system ends a worker that computes on when its parent is long gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soon = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soon, resource.RLIM_INFINITY))
