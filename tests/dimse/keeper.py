"""A node that keeps what is sent to it, and answers as a test says."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.presentation import AllStoragePresentationContexts

from tests.dimse.house import EXPLICIT, IMPLICIT

Answer = Callable[[int], int]


@dataclass
class Keeper:
    """What came, in order; ``answers`` gives the status for the n-th instance, from 1."""

    answers: Answer = lambda _number: 0
    kept: list[Dataset] = field(default_factory=list)
    syntaxes: list[str] = field(default_factory=list)
    originators: list[tuple[str | None, int | None]] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    seen: int = 0

    def keep(self, event: evt.Event) -> int:
        """pynetdicom's handler of C-STORE."""
        self.seen += 1
        self.came.set()
        status = self.answers(self.seen)
        if status == 0:
            self.kept.append(event.dataset)
            self.syntaxes.append(str(event.context.transfer_syntax))
        request = event.request
        self.originators.append(
            (request.MoveOriginatorApplicationEntityTitle, request.MoveOriginatorMessageID)
        )
        return status


@contextmanager
def listening(
    keeper: Keeper,
    title: str = "KEEPER",
    syntaxes: Sequence[str] = (EXPLICIT, IMPLICIT),
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """The keeper as a server; its port."""
    entity = AE(ae_title=title)
    for context in AllStoragePresentationContexts:
        entity.add_supported_context(str(context.abstract_syntax), list(syntaxes))
    server = entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, keeper.keep)], ssl_context=tls
    )
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
