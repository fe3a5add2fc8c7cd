"""A PACS that does what a script says, however wrong that is. It speaks through Porion's protocol core."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.filebase import DicomIO
from pydicom.filewriter import write_dataset

from porion.dimse.protocol.commands import NO_DATA_SET, Command, Field, read_command, write_command
from porion.dimse.protocol.items import ContextAnswer, RoleSelection, UserInformation
from porion.dimse.protocol.pdus import (
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    Fragment,
    ReleaseRequest,
)
from porion.dimse.protocol.upper_layer import Lost, Role, UpperLayer

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
Script = Callable[["Talk"], None]
_PATIENCE = 20


class Over(Exception):
    """The other side has ended the association."""


def as_bytes(data_set: Dataset, transfer_syntax: str) -> bytes:
    """A data set in an uncompressed transfer syntax."""
    out = DicomIO(BytesIO())
    out.is_implicit_VR, out.is_little_endian = transfer_syntax == IMPLICIT, True
    write_dataset(out, data_set)
    return out.parent.getvalue()  # type: ignore[no-any-return]


class Talk:
    """One association from the PACS's side; ``command`` and ``identifier`` are the last request."""

    def __init__(self, pacs: FakePacs, sock: socket.socket) -> None:
        self.pacs = pacs
        self.sock = sock
        self.layer = UpperLayer(Role.ACCEPTOR)
        self.contexts: dict[int, tuple[str, str]] = {}
        self.request: AssociateRequest | None = None
        self.context = 1
        self.command = Command(Field.C_ECHO_RQ)
        self.identifier = b""
        self._queue: list[object] = []

    def run(self) -> None:
        event = self.next()
        assert isinstance(event, AssociateRequest)
        self.request = event
        if self.pacs.on_associate is not None:
            self.pacs.on_associate(self)
        else:
            self.accept()
        while True:
            self.read_request()
            self.pacs.heard.append(self.command)
            if self.command.field == Field.C_CANCEL_RQ:
                continue
            script = self.pacs.scripts.get(Field(self.command.field))
            if script is None:
                self.answer(status=0)
            else:
                script(self)

    def accept(self, *, roles: bool = True, only: str = "", without: Sequence[str] = ()) -> None:
        """Accept what is asked for in its first syntax, ``only`` what begins so, ``without`` some."""
        assert self.request
        answers = []
        for one in self.request.contexts:
            fits = one.abstract_syntax.startswith(only) and one.abstract_syntax not in without
            answers.append(ContextAnswer(one.number, 0 if fits else 3, one.transfer_syntaxes[0]))
            if fits:
                self.contexts[one.number] = (one.abstract_syntax, one.transfer_syntaxes[0])
        granted = self.request.user.roles if roles else ()
        user = UserInformation(
            maximum_length=16_384,
            implementation_class_uid="1.2.3",
            roles=tuple(RoleSelection(role.sop_class_uid, scu=role.scu, scp=role.scp) for role in granted),
        )
        self.layer.accept(
            AssociateAccept(self.request.called, self.request.calling, tuple(answers), user),
            peer_takes=self.request.user.maximum_length,
        )
        self.flush()

    def reject(self, result: int, source: int, reason: int) -> None:
        """Reject the association."""
        self.layer.reject(AssociateReject(result, source, reason))
        self.flush()
        raise Over

    def read_request(self) -> None:
        """The next message."""
        self.context, self.command = self._command()
        self.identifier = b""
        while self.command.has_data_set:
            fragment = self._fragment()
            self.identifier += bytes(fragment.data)
            if fragment.is_last:
                return

    def _command(self) -> tuple[int, Command]:
        content = b""
        while True:
            fragment = self._fragment()
            content += bytes(fragment.data)
            if fragment.is_last:
                return fragment.context, read_command(content)

    def _fragment(self) -> Fragment:
        event = self.next()
        if isinstance(event, ReleaseRequest):
            self.layer.confirm_release()
            self.flush()
        if not isinstance(event, Fragment):
            raise Over
        return event

    def next(self) -> object:
        while True:
            for event in self.layer.events():
                if isinstance(event, (Abort, Lost)):
                    raise Over
                return event
            self.flush()
            if self.layer.closing:
                raise Over
            count = self.sock.recv_into(self.layer.room())
            if not count:
                raise Over
            self.layer.received(count)

    def flush(self) -> None:
        self.sock.sendall(self.layer.output())

    def send(self, command: Command, data: bytes | None = None, context: int | None = None) -> None:
        """Send any message."""
        number = self.context if context is None else context
        self.layer.send(number, write_command(command), is_command=True)
        if data is not None:
            self.layer.send(number, data, is_command=False)
        self.flush()

    def answer(self, *, status: int, data: Dataset | bytes | None = None, **fields: object) -> None:
        """Respond to the last request."""
        content = as_bytes(data, self.contexts[self.context][1]) if isinstance(data, Dataset) else data
        response = Command(
            **{
                "field": self.command.field | 0x8000,
                "message_id_responded_to": self.command.message_id,
                "affected_sop_class_uid": self.command.affected_sop_class_uid,
                "data_set_type": NO_DATA_SET if content is None else 0,
                "status": status,
                **fields,
            }  # type: ignore[arg-type]
        )
        self.send(response, content)

    def pending(self, data: Dataset | bytes) -> None:
        """An answer to a query."""
        self.answer(status=0xFF00, data=data)

    def progress(self, status: int, left: int, done: int, failed: int = 0) -> None:
        """The counts of a retrieve."""
        self.answer(
            status=status,
            remaining_suboperations=left,
            completed_suboperations=done,
            failed_suboperations=failed,
            warning_suboperations=0,
        )

    def store(self, data_set: Dataset, message_id: int = 100) -> int:
        """Send an instance on this association; the status that comes back, noted in the ledger."""
        number, syntax = next(
            (number, syntax)
            for number, (abstract, syntax) in self.contexts.items()
            if abstract == data_set.SOPClassUID and syntax in (EXPLICIT, IMPLICIT)
        )
        command = Command(
            field=Field.C_STORE_RQ,
            message_id=message_id,
            affected_sop_class_uid=data_set.SOPClassUID,
            affected_sop_instance_uid=data_set.SOPInstanceUID,
            priority=0,
            data_set_type=0,
        )
        self.pacs.sent.append(str(data_set.SOPInstanceUID))
        self.send(command, as_bytes(data_set, syntax), context=number)
        _, response = self._command()
        status = response.status if response.status is not None else -1
        if status == 0:
            self.pacs.kept.append(str(data_set.SOPInstanceUID))
        return status

    def abort(self) -> None:
        """End the association rudely."""
        self.layer.abort()
        self.flush()
        raise Over

    def close(self) -> None:
        """End the connection without a word."""
        self.sock.shutdown(socket.SHUT_RDWR)
        raise Over

    def garbage(self, content: bytes) -> None:
        """Send bytes that are no PDU."""
        self.sock.sendall(content)

    def wait(self) -> None:
        """Say nothing more, until the other side ends it or something comes."""
        self.read_request()
        self.pacs.heard.append(self.command)


@dataclass
class FakePacs:
    """``scripts`` by command; ``sent`` and ``kept`` are instances sent, and those acknowledged."""

    port: int
    scripts: dict[Field, Script]
    on_associate: Script | None = None
    heard: list[Command] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def fields(self) -> list[int]:
        """The kinds of commands that were heard."""
        return [command.field for command in self.heard]


@contextmanager
def a_pacs(
    scripts: dict[Field, Script] | None = None, on_associate: Script | None = None
) -> Iterator[FakePacs]:
    """A PACS on this machine, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pacs = FakePacs(listener.getsockname()[1], scripts or {}, on_associate)
        over = threading.Event()
        threads = [threading.Thread(target=_serve, args=(pacs, listener, over), daemon=True)]
        threads[0].start()
        try:
            yield pacs
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", pacs.port), 1).close()
            threads[0].join(_PATIENCE)


def _serve(pacs: FakePacs, listener: socket.socket, over: threading.Event) -> None:
    while True:
        sock, _ = listener.accept()
        if over.is_set():
            sock.close()
            return
        threading.Thread(target=_talk, args=(pacs, sock), daemon=True).start()


def _talk(pacs: FakePacs, sock: socket.socket) -> None:
    sock.settimeout(_PATIENCE)
    with sock, suppress(Over, OSError):
        Talk(pacs, sock).run()
