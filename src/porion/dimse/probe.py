"""Knock at a DICOM node, our own or a remote one, and name the leg that fails."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

from porion.dicom.file_meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from porion.dimse.negotiation import IMPLICIT_LITTLE, VERIFICATION
from porion.dimse.protocol.commands import Command, Field, read_command, write_command
from porion.dimse.protocol.errors import ProtocolError
from porion.dimse.protocol.items import ProposedContext, UserInformation
from porion.dimse.protocol.pdus import AssociateAccept, AssociateReject, AssociateRequest, Fragment
from porion.dimse.protocol.upper_layer import Role, UpperLayer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from porion.dimse.protocol.upper_layer import Event

# PS3.8 table 9-21: source and reason of an A-ASSOCIATE-RJ.
REJECTIONS: Mapping[tuple[int, int], str] = {
    (1, 1): "it gives no reason",
    (1, 2): "it does not speak DICOM's application context",
    (1, 3): "it does not know the calling AE title {calling!r}",
    (1, 7): "it does not know the called AE title {called!r}",
    (2, 1): "it gives no reason",
    (2, 2): "it does not speak this version of the protocol",
    (3, 1): "it is too busy at the moment",
    (3, 2): "it has as many associations as it takes",
}


def probe(host: str, port: int, *, calling: str, called: str, seconds: float = 5) -> str | None:
    """Associate and echo; None when that succeeds, else what failed, as a sentence."""
    try:
        sock = socket.create_connection((host, port), seconds)
    except socket.gaierror:
        return f"The name {host} is not known here."
    except TimeoutError:
        return f"{host} does not answer at port {port}: switched off, or a firewall lies in between."
    except OSError as error:
        return f"Nobody listens at {host}:{port} ({error.strerror or error})."
    with closing(sock):
        try:
            return _Visit(sock, calling, called).told()
        except TimeoutError:
            return "It accepts the connection and says nothing: does that port want TLS?"
        except (ConnectionError, ProtocolError):
            return "It breaks the connection off: it does not speak DICOM there, or wants TLS."


def turned_away_by_porion(sentence: str | None) -> bool:
    """Whether the failure is that of a stranger at a DICOM node's door: somebody takes associations there."""
    return sentence is not None and sentence.startswith("It rejects")


class _Visit:
    """One short association as requestor."""

    def __init__(self, sock: socket.socket, calling: str, called: str) -> None:
        self._sock = sock
        self._calling, self._called = calling, called
        self._layer = UpperLayer(Role.REQUESTOR)

    def told(self) -> str | None:
        answer = self._associated()
        if isinstance(answer, AssociateReject):
            why = REJECTIONS.get((answer.source, answer.reason), "for a reason of its own")
            return f"It rejects the association: {why.format(calling=self._calling, called=self._called)}."
        if not isinstance(answer, AssociateAccept):
            return "What answers there does not speak DICOM."
        if not self._layer.contexts:
            return "It takes associations, and does not offer Verification (C-ECHO)."
        status = self._echoed()
        return None if status == 0 else f"It answers the echo with status {status}."

    def _associated(self) -> Event | None:
        user = UserInformation(
            maximum_length=self._layer.lengths.data,
            implementation_class_uid=IMPLEMENTATION_CLASS_UID,
            implementation_version=IMPLEMENTATION_VERSION,
        )
        context = ProposedContext(1, VERIFICATION, (IMPLICIT_LITTLE,))
        self._layer.associate(AssociateRequest(self._called, self._calling, (context,), user))
        return self._next()

    def _echoed(self) -> int | None:
        echo = Command(field=Field.C_ECHO_RQ, message_id=1, affected_sop_class_uid=VERIFICATION)
        self._layer.send(1, write_command(echo), is_command=True)
        answer = self._next()
        status = read_command(answer.data).status if isinstance(answer, Fragment) else None
        self._layer.abort()
        self._sock.sendall(self._layer.output())
        return status

    def _next(self) -> Event | None:
        self._sock.sendall(self._layer.output())
        while True:
            for event in self._layer.events():
                return event
            count = self._sock.recv_into(self._layer.room())
            if not count:
                raise ConnectionError
            self._layer.received(count)
