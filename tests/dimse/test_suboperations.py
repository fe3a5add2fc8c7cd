"""Counting sub-operations, and what a retrieval may name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from porion.dicom.encode import element, elements, encode
from porion.dicom.message import read_message
from porion.dimse.call import Call, TooLarge
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Peer
from porion.dimse.identifier import UnreadableIdentifier
from porion.dimse.negotiation import STUDY_ROOT_GET
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.suboperations import Counters, last_reply, read_retrieval, replies, status_of
from porion.services.errors import Invalid, NodeFailed, StorageFailed
from porion.services.hand_out import TooManyInstances
from porion.services.outgoing import Outgoing
from porion.services.search_rows import Person
from porion.services.send import Sent
from tests.dimse.house import EXPLICIT
from tests.world import World

STORED, FAILED, WARNED = Sent(0), Sent(0xA700, "full"), Sent(0xB000)


def some(count: int) -> list[Outgoing]:
    return [Outgoing("1.2", "1.3", f"1.4.{n}", EXPLICIT, "", Person()) for n in range(count)]


def call(world: World, content: bytes = b"") -> Call:
    peer = Peer(world.clinic_id, "device", "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3")
    request = Command(Field.C_GET_RQ, 1, affected_sop_class_uid=STUDY_ROOT_GET, data_set_type=0)
    inlet = world.spool.inlet(world.clinic_id, None)
    return Call(request, STUDY_ROOT_GET, EXPLICIT, peer, iter([memoryview(content)]), inlet)


@pytest.mark.parametrize(
    ("sent", "status", "counts"),
    [
        ([], 0x0000, (0, 0, 0)),
        ([STORED] * 3, 0x0000, (3, 0, 0)),
        ([STORED, WARNED], 0xB000, (1, 0, 1)),
        ([WARNED], 0xB000, (0, 0, 1)),
        ([STORED, FAILED], 0xB000, (1, 1, 0)),
        ([FAILED, FAILED], 0xA702, (0, 2, 0)),
        ([Sent(None, "lost")], 0xA702, (0, 1, 0)),
    ],
)
def test_how_it_ended_follows_from_the_counts(
    world: World, sent: list[Sent], status: int, counts: tuple[int, ...]
) -> None:
    left = iter(sent)
    *between, last = replies(call(world), some(len(sent)), lambda _one: next(left))
    assert [one.status for one in between] == [0xFF00] * max(0, len(sent) - 1)
    assert [one.fields["remaining_suboperations"] for one in between] == list(range(len(sent) - 1, 0, -1))
    assert (last.status, tuple(last.fields.values())) == (status, counts)
    assert (last.data_set is None) == (status == 0)


def test_a_node_that_goes_fails_the_rest(world: World) -> None:
    def gone_at_the_third() -> Iterator[Sent]:
        yield from (STORED, STORED)
        raise NodeFailed("It has gone.")

    left = gone_at_the_third()
    *_, last = replies(call(world), some(5), lambda _one: next(left))
    assert (last.status, last.comment) == (0xB000, "It has gone.")
    assert tuple(last.fields.values()) == (2, 3, 0)
    assert last.data_set is not None
    listed = read_message(last.data_set, EXPLICIT).texts("FailedSOPInstanceUIDList")
    assert listed == ("1.4.2", "1.4.3", "1.4.4")


def test_counts_and_lists_stay_within_what_their_elements_hold(world: World) -> None:
    counters = Counters(0)
    counters.give_up(some(70_000), "away")
    last = last_reply(call(world), counters)
    assert last.fields["failed_suboperations"] == 0xFFFF
    assert last.data_set is not None
    assert len(last.data_set) < 0xFFFF
    assert Counters(70_000).fields["remaining_suboperations"] == 0xFFFF


@pytest.mark.parametrize("value", ["*", "1.2*", "?"])
def test_a_retrieval_has_no_wildcards(world: World, value: str) -> None:
    asked = elements([element("QueryRetrieveLevel", "STUDY"), element("StudyInstanceUID", value)])
    with pytest.raises(Invalid, match="without wildcards"):
        read_retrieval(Door(world.porion, service_for), call(world, encode(asked, EXPLICIT)))


def test_what_is_no_unique_key_is_left_aside(world: World) -> None:
    keys = [element("QueryRetrieveLevel", "STUDY"), element("StudyInstanceUID", "1.2", "1.3")]
    asked = encode(elements([*keys, element("PatientName", "A*"), element("StudyDate", "x")]), EXPLICIT)
    read = read_retrieval(Door(world.porion, service_for), call(world, asked))
    assert [one.keyword for one in read.wanted.conditions] == ["StudyInstanceUID"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TooManyInstances("many"), 0xA701),
        (TooLarge("long"), 0xA700),
        (UnreadableIdentifier("garbage"), 0xC000),
        (Invalid("level"), 0xA900),
        (StorageFailed("disk"), 0xA702),
    ],
)
def test_every_failure_has_a_status_of_the_standard(error: Exception, status: int) -> None:
    assert status_of(error) == status
