"""C-STORE as a service: success means safe, and nothing else is success."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from porion.dicom.file_meta import read_seal
from porion.dimse.call import Call
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door
from porion.dimse.protocol.commands import Command
from porion.dimse.storage import store
from porion.services.errors import OutOfSpace
from porion.services.records import Origin
from tests.dimse.test_call import PEER
from tests.world import World

STORE = Command(
    1,
    1,
    affected_sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
    affected_sop_instance_uid="1.2.3",
    data_set_type=1,
)


def told(world: World, command: Command = STORE, data: Iterator[memoryview] | None = None) -> list[int]:
    inlet = world.spool.inlet(world.clinic_id, Origin(door="dicom"))
    pieces = iter([memoryview(b"data")]) if data is None else data
    try:
        call = Call(command, "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2", PEER, pieces, inlet)
        return [reply.status for reply in store(Door(world.porion, service_for), call)]
    finally:
        inlet.close()


def files(world: World) -> list[bytes]:
    """What is in the spool; its empty slots are none."""
    return list(filter(None, [path.read_bytes() for path in world.spool.root.glob("*/*.dcm")]))


def test_success_is_a_sealed_file(world: World) -> None:
    assert told(world) == [0]
    (content,) = files(world)
    begin, seal = read_seal(content)
    assert content[begin:] == b"data"
    assert seal is not None
    assert b"PAN1" in content[:begin]


@pytest.mark.parametrize(
    "command",
    [
        replace(STORE, affected_sop_instance_uid=None),
        replace(STORE, affected_sop_class_uid=""),
        replace(STORE, affected_sop_instance_uid="1" * 129),
        replace(STORE, data_set_type=0x0101),
    ],
)
def test_what_is_no_object_is_an_error(world: World, command: Command) -> None:
    assert told(world, command) == [0xC000]
    assert files(world) == []


def test_an_empty_data_set_is_an_error(world: World) -> None:
    assert told(world, data=iter([])) == [0xC000]
    assert files(world) == []


def test_an_interrupted_object_leaves_nothing(world: World) -> None:
    def broken() -> Iterator[memoryview]:
        yield memoryview(b"half")
        raise OutOfSpace("full")

    with pytest.raises(OutOfSpace):
        told(world, data=broken())
    assert files(world) == []
