"""Sources that run beside each other, each in a thread, and give what they give as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Answer = TypeVar("Answer")
_WAITING = 200
_ROOM = 0.2


class _End:
    """A source has ended, or was ended by an error."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def at_once(sources: Sequence[Callable[[Callable[[], bool]], Iterator[Answer]]], /) -> Iterator[Answer]:
    """What the sources give, as it comes; when nobody takes it any more, all of them are told to stop."""
    waiting: queue.Queue[Answer | _End] = queue.Queue(_WAITING)
    over = threading.Event()
    threads = [threading.Thread(target=_run, args=(source, waiting, over), daemon=True) for source in sources]
    for thread in threads:
        thread.start()
    try:
        left = len(threads)
        while left:
            found = waiting.get()
            if not isinstance(found, _End):
                yield found
                continue
            if found.error is not None:
                raise found.error
            left -= 1
    finally:
        over.set()


def _run(
    source: Callable[[Callable[[], bool]], Iterator[Answer]],
    waiting: queue.Queue[Answer | _End],
    over: threading.Event,
) -> None:
    error: BaseException | None = None
    try:
        for found in source(over.is_set):
            if not _put(waiting, found, over):
                return
    except Exception as raised:  # noqa: BLE001 - it is raised again where the answers are taken
        error = raised
    _put(waiting, _End(error), over)


def _put(waiting: queue.Queue[Answer | _End], found: Answer | _End, over: threading.Event) -> bool:
    while not over.is_set():
        try:
            waiting.put(found, timeout=_ROOM)
        except queue.Full:
            continue
        return True
    return False
