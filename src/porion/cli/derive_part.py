"""What the worker does when nobody waits: copies of volumes and thumbnails, by a process of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from traceback import extract_tb

import structlog

from porion.services.derive import derive_round
from porion.services.errors import PorionError
from porion.services.ports import Porion

log = structlog.get_logger("porion.worker")

# Seconds between two looks while nothing is to do, and that the end of a round is waited for.
_LOOKS = 5.0
_ENDS = 2.0


@contextmanager
def deriving(porion: Porion) -> Iterator[None]:
    """A thread goes from round to round; what it was cut off in is begun anew next time."""
    over = threading.Event()
    thread = threading.Thread(target=derive, args=(porion, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_ENDS)


def derive(porion: Porion, over: threading.Event, looks: float = _LOOKS) -> None:
    """Round after round until it is over."""
    while not over.wait(0 if _round(porion) else looks):
        pass


def _round(porion: Porion) -> bool:
    """Whether there was anything to do, and so may be more."""
    try:
        made = derive_round(porion)
    except PorionError as error:
        log.warning("copies and thumbnails have to wait", kind=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the thread's outermost: without it nothing is made in advance
        where = [
            f"{PurePath(one.filename).name}:{one.lineno}" for one in extract_tb(error.__traceback__)[-8:]
        ]
        log.warning("unexpected error", kind=type(error).__name__, where=where)
    else:
        for digest in made.unshowable:
            log.warning("pixels cannot be shown", digest=digest[:12])
        return made.instances > 0
    return False
