"""One commit for all who wait: what many say at the same time is written by the one whose turn it is.

A commit that survives a power cut costs a flush of the disk, and SQLite has one writer at a time. Looks
come in crowds, and each must leave its link in the audit chain before anything is shown.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from porion.services.ports import Transaction

    Write = Callable[[Transaction, Sequence[Any]], None]

LATELY = 600.0
"""How long what was said under a key need not be said again, in seconds."""

_MOST = 20_000


@dataclass
class _Ticket:
    """One who waits, and what became of it."""

    said: Any
    write: Write
    done: bool = False
    error: BaseException | None = None


class Together:
    """See :meth:`porion.services.ports.Store.together`."""

    def __init__(
        self,
        open_transaction: Callable[[str], AbstractContextManager[Transaction]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = open_transaction
        self._clock = clock
        self._noting = threading.Lock()
        self._waiting: defaultdict[str, list[_Ticket]] = defaultdict(list)
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lately: OrderedDict[tuple[str, Any], float] = OrderedDict()

    def say(self, clinic_id: str, said: Any, write: Write, key: Any = None) -> None:
        """Return when ``said`` is committed or was lately under that key; raises what the commit raised."""
        if key is not None and self._was_said(clinic_id, key):
            return
        ticket = _Ticket(said, write)
        with self._noting:
            self._waiting[clinic_id].append(ticket)
            turn = self._turns[clinic_id]
        with turn:
            if not ticket.done:
                self._write_all(clinic_id)
        if ticket.error is not None:
            raise ticket.error
        if key is not None:
            self._remember(clinic_id, key)

    def _was_said(self, clinic_id: str, key: Any) -> bool:
        with self._noting:
            at = self._lately.get((clinic_id, key))
        return at is not None and self._clock() - at < LATELY

    def _remember(self, clinic_id: str, key: Any) -> None:
        with self._noting:
            self._lately[clinic_id, key] = self._clock()
            self._lately.move_to_end((clinic_id, key))
            if len(self._lately) > _MOST:
                self._lately.popitem(last=False)

    def _write_all(self, clinic_id: str) -> None:
        with self._noting:
            tickets = self._waiting.pop(clinic_id)
        self._write(clinic_id, tickets)
        if len(tickets) > 1 and tickets[0].error is not None:
            # One of them may be what the database refuses: the others need not fail with it.
            for ticket in tickets:
                self._write(clinic_id, [ticket])

    def _write(self, clinic_id: str, tickets: Sequence[_Ticket]) -> None:
        by_write: dict[Write, list[Any]] = {}
        for ticket in tickets:
            by_write.setdefault(ticket.write, []).append(ticket.said)
        error = None
        try:
            with self._open(clinic_id) as tx:
                for write, said in by_write.items():
                    write(tx, said)
        except BaseException as raised:  # noqa: BLE001 - each who waits must hear it, whatever it is
            error = raised
        for ticket in tickets:
            ticket.error, ticket.done = error, True
