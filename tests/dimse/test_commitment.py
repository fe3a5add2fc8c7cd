"""The request of storage commitment, from bytes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porion.dimse.call import Call, TooLarge
from porion.dimse.commitment import WELL_KNOWN_INSTANCE, commit
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Peer
from porion.dimse.negotiation import STORAGE_COMMITMENT
from porion.dimse.protocol.commands import Command
from porion.services.commitment import MOST_REFERENCES, list_commitments
from porion.services.errors import Conflict, Invalid
from tests.dicom.raw_elements import implicit, item
from tests.world import World

PEER = Peer("", "device", "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3")


def request(*references: str, transaction: str = "1.2.3") -> bytes:
    named = [item(uid(0x00081150, "1.2"), uid(0x00081155, one)) for one in references]
    return uid(0x00081195, transaction) + implicit(0x00081199, b"".join(named))


def uid(tag: int, text: str) -> bytes:
    value = text.encode("latin-1")
    return implicit(tag, value + b"\0" * (len(value) % 2))


def asked(world: World, content: bytes) -> list[int]:
    command = Command(0x130, 1, requested_sop_instance_uid=WELL_KNOWN_INSTANCE, action_type_id=1)
    peer = Peer(world.clinic_id, *(getattr(PEER, name) for name in Peer.__slots__[1:]))
    call = Call(
        command,
        STORAGE_COMMITMENT,
        "1.2.840.10008.1.2",
        peer,
        iter([memoryview(content)]),
        world.spool.inlet("", None),
    )
    return [reply.status for reply in commit(Door(world.porion, service_for), call)]


def test_a_request_is_kept_with_where_its_answer_goes(world: World) -> None:
    assert asked(world, request("1.3", "1.4")) == [0]
    (row,) = list_commitments(world.porion, world.actor)
    assert row.asked == [["1.2", "1.3"], ["1.2", "1.4"]]
    assert row.peer == {"address": "10.0.0.5", "calling": "PAN1", "called": "PORION", "tls": False}


UNREADABLE = {
    "empty": b"",
    "garbage": b"garbage",
    "no references": request(),
    "no transaction": request("1.3", transaction=""),
    "cut off": request("1.3")[:-2],
    "an empty UID": request("1.3", ""),
    "a zero byte": request("1.3", "1.2\0003"),
    "letters": request("1.3", "no uid"),
    "two UIDs": request("1.3", "1.2\\1.3"),
    "not ASCII": request("1.3", "é"),
    "too long": request("1.3", "1" * 65),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_told(each_world: World, content: bytes) -> None:
    with pytest.raises(Invalid):
        asked(each_world, content)
    assert list_commitments(each_world.porion, each_world.actor) == []


def test_a_request_has_at_most_so_many_references(each_world: World) -> None:
    longest = [f"2.25.{10**56 + n}" for n in range(MOST_REFERENCES)]
    assert asked(each_world, request(*longest)) == [0]
    with pytest.raises(Invalid, match="10000 references, not 10001"):
        asked(each_world, request(*longest, "1.3", transaction="1.2.4"))
    with pytest.raises(TooLarge):
        asked(each_world, bytes(300 * MOST_REFERENCES + 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=80), st.integers(0, 60))
def test_any_bytes_are_a_request_or_one_error(world: World, content: bytes, at: int) -> None:
    whole = request("1.3")
    try:
        asked(world, whole[:at] + content + whole[at + len(content) :])
    except (Invalid, Conflict):
        return
