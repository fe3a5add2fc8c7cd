"""Identifiers of any bytes, and what the extended negotiation comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porion.dicom.encode import element, elements, encode
from porion.dicom.habits import Habits
from porion.dicom.message import read_message
from porion.dimse.call import Call, TooLarge
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door, Peer
from porion.dimse.find import find
from porion.dimse.identifier import UnreadableIdentifier, read_identifier, rules_of, written_for
from porion.dimse.negotiation import PATIENT_ROOT_FIND, STUDY_ROOT_FIND
from porion.dimse.protocol.commands import Command, Field
from porion.services.find_keys import Rules
from tests.dimse.house import EXPLICIT, IMPLICIT
from tests.world import World

REQUEST = Command(Field.C_FIND_RQ, 1, affected_sop_class_uid=STUDY_ROOT_FIND, data_set_type=0)
WHOLE = encode(elements([element("QueryRetrieveLevel", "STUDY"), element("PatientName", "A*")]), IMPLICIT)


def call(world: World, content: bytes, extended: bytes = b"", model: str = STUDY_ROOT_FIND) -> Call:
    peer = Peer(world.clinic_id, "device", "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3")
    inlet = world.spool.inlet(world.clinic_id, None)
    return Call(REQUEST, model, IMPLICIT, peer, iter([memoryview(content)]), inlet, None, extended)


def door(world: World) -> Door:
    return Door(world.porion, service_for)


def test_what_is_no_data_set_is_told(world: World) -> None:
    for content in (b"", b"garbage", WHOLE[:-1]):
        with pytest.raises(UnreadableIdentifier):
            read_identifier(door(world), call(world, content))
    with pytest.raises(TooLarge):
        read_identifier(door(world), call(world, bytes((1 << 20) + 1)))
    assert [one.status for one in find(door(world), call(world, b"garbage"))] == [0xC000]
    assert [one.status for one in find(door(world), call(world, bytes((1 << 20) + 1)))] == [0xA700]


def test_what_was_agreed_on_is_read(world: World) -> None:
    assert rules_of(call(world, WHOLE)) == Rules()
    assert rules_of(call(world, WHOLE, b"\1")) == Rules(relational=True)
    assert rules_of(call(world, WHOLE, b"\0\1", PATIENT_ROOT_FIND)) == Rules(patient_root=True, combined=True)


def test_an_answer_is_written_in_a_set_that_the_asker_has(world: World) -> None:
    peer, answer = call(world, b"").peer, elements([element("PatientName", "Müller^Łucja")])

    def told(character_set: str, *asked: str) -> tuple[str | None, str | None]:
        known = replace(peer, habits=Habits(character_set))
        read = read_message(written_for(known, answer, EXPLICIT, asked), EXPLICIT)
        return read.text("SpecificCharacterSet"), read.text("PatientName")

    assert told("") == ("ISO_IR 192", "Müller^Łucja")
    assert told("", "ISO_IR 100") == ("ISO_IR 192", "Müller^Łucja")
    assert told("", "ISO_IR 101") == ("ISO_IR 101", "Müller^Łucja")
    assert told("ISO_IR 100", "ISO_IR 192") == ("ISO_IR 100", "Müller^Lucja")
    assert told("ISO_IR 6") == (None, "Muller^Lucja")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.binary(max_size=60), st.integers(0, len(WHOLE)))
def test_any_bytes_are_answered(world: World, content: bytes, at: int) -> None:
    damaged = WHOLE[:at] + content + WHOLE[at + len(content) :]
    (reply,) = find(door(world), call(world, damaged))
    assert reply.status in (0, 0xA900, 0xC000)
