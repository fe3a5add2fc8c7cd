from __future__ import annotations

import threading

import pytest

from porion.dimse.limits import Limits
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.requestor import Proposal, associated
from porion.services.errors import NodeFailed
from porion.services.node_records import NodeRow
from porion.services.remote_ports import Target
from tests.asked import no_identity
from tests.dimse.fake_pacs import EXPLICIT, Script, Talk, a_pacs
from tests.dimse.house import nobody_there
from tests.world import NOON

ECHO = "1.2.840.10008.1.1"
SILENT = "was silent"
# Whoever answers has all the time that a busy machine needs, and whoever is silent is not awaited.
PATIENT, HASTY = Limits(), Limits(idle=0.3, pdu=0.3, farewell=0.05)


def target(port: int, host: str = "127.0.0.1", *, tls: bool = False) -> Target:
    """A node at that port."""
    node = NodeRow("1", "PACS", "THEIRS", host, port, NOON, NOON, tls=tls)
    return Target(node, host, "OURS", "OURS")


def echo(port: int, limits: Limits = PATIENT) -> int | None:
    """An association with one echo."""
    with associated(target(port), [Proposal(ECHO, (EXPLICIT,))], no_identity, limits) as requestor:
        context = requestor.context_of("1.2.3", ECHO)
        assert context == 1
        requestor.send(context, Command(Field.C_ECHO_RQ, message_id=1, affected_sop_class_uid=ECHO))
        return next(requestor.messages()).command.status


def test_both_sides_hear_their_names_and_part_in_peace() -> None:
    heard = []

    def on_associate(talk: Talk) -> None:
        assert talk.request
        heard.append((talk.request.called, talk.request.calling))
        talk.accept()

    with a_pacs(on_associate=on_associate) as pacs:
        assert echo(pacs.port) == 0
    assert heard == [("THEIRS", "OURS")]


@pytest.mark.parametrize(
    ("on_associate", "told"),
    [
        (lambda talk: talk.reject(1, 1, 3), "PACS: it rejects the association: it does not know the calling"),
        (lambda talk: talk.reject(2, 3, 1), "too busy"),
        (lambda talk: talk.abort(), "aborted the association"),
        (lambda talk: talk.close(), "closed the connection"),
        (lambda talk: talk.garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "broke the protocol"),
        (lambda talk: talk.garbage(b"\x02\x00\xff\xff\xff\xff"), "broke the protocol"),
        (lambda talk: talk.wait(), SILENT),
        (lambda talk: talk.garbage(b"\x02\x00\x00\x00"), SILENT),
    ],
)
def test_whatever_answers_the_request_ends_in_words(on_associate: Script, told: str) -> None:
    with a_pacs(on_associate=on_associate) as pacs, pytest.raises(NodeFailed, match=told):
        echo(pacs.port, HASTY if told == SILENT else PATIENT)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (lambda talk: talk.abort(), "aborted"),
        (lambda talk: talk.close(), "closed the connection"),
        (lambda talk: talk.garbage(b"\xff" * 64), "broke the protocol"),
        (lambda talk: talk.wait(), SILENT),
    ],
)
def test_whatever_answers_a_message_ends_in_words(script: Script, told: str) -> None:
    with a_pacs({Field.C_ECHO_RQ: script}) as pacs, pytest.raises(NodeFailed, match=told):
        echo(pacs.port, HASTY if told == SILENT else PATIENT)


def test_where_nobody_listens_is_told() -> None:
    with nobody_there() as port, pytest.raises(NodeFailed, match="cannot be reached"):
        echo(port)


def test_a_node_that_speaks_no_tls_is_told(tmp_path: object) -> None:
    with pytest.raises(Exception, match="cannot be used"), associated(target(1, tls=True), [], no_identity):
        raise AssertionError


def test_no_thread_and_no_connection_is_left() -> None:
    before = threading.active_count()
    with a_pacs({Field.C_ECHO_RQ: lambda talk: talk.abort()}) as pacs, pytest.raises(NodeFailed):
        echo(pacs.port)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon and thread.name.endswith("(_talk)"):
            thread.join(20)
    assert threading.active_count() <= before


def test_a_role_that_is_not_granted_is_no_context() -> None:
    with a_pacs(on_associate=lambda talk: talk.accept(roles=False)) as pacs:
        proposals = [
            Proposal(ECHO, (EXPLICIT,)),
            Proposal("1.2.840.10008.5.1.4.1.1.2", (EXPLICIT,), as_scp=True),
        ]
        with associated(target(pacs.port), proposals, no_identity) as requestor:
            assert [abstract for abstract, _ in requestor.contexts.values()] == [ECHO]
