"""What came over the network is indexed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from porion.dicom.file_meta import file_prefix
from porion.dicom.header import read_header
from porion.services.errors import StorageFailed
from porion.services.images import count_states, list_images
from porion.services.ports import Queue
from porion.services.queue import index_queue
from porion.services.records import ImageFilter, Origin
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_panoramic, file_bytes
from tests.world import World, a_porion

ORIGIN = Origin(door="dicom", label="PAN1 at 10.0.0.5", ae_title="PAN1")


def send(world: World, *contents: bytes) -> None:
    """What an association leaves in the spool."""
    inlet = world.porion.spool.inlet(world.clinic_id, ORIGIN)
    for content in contents:
        offset, syntax = 0, "1.2.840.10008.1.2.1"
        if content[128:132] == b"DICM":
            header = read_header(content)
            offset, syntax = header.data_set_offset, header.transfer_syntax
        intake = inlet.open(file_prefix("1.2", "1.3", syntax, sealable=True))
        intake.write(memoryview(content)[offset:])
        intake.seal()
    inlet.close()


@pytest.fixture
def queue(world: World) -> Iterator[Queue]:
    queue = world.porion.spool.queue()
    queue.await_turn()
    yield queue
    queue.close()


def test_an_image_knows_who_sent_it(world: World, queue: Queue) -> None:
    send(world, file_bytes(a_panoramic()))
    assert index_queue(world.porion, queue) == {"pending": 1}
    (view,) = list_images(world.porion, world.actor, ImageFilter())
    assert view.image.source["aeTitle"] == "PAN1"
    assert view.image.source["door"] == "dicom"
    assert index_queue(world.porion, queue) == {}


def test_a_repeated_object_is_a_duplicate_and_garbage_is_kept_aside(world: World, queue: Queue) -> None:
    content = file_bytes(a_panoramic())
    send(world, content, content, b"no data set at all")
    assert index_queue(world.porion, queue) == {"pending": 1, "duplicate": 1, "quarantined": 1}
    send(world, content)
    assert index_queue(world.porion, queue) == {"duplicate": 1}


def test_slices_that_come_over_days_are_one_volume(world: World, queue: Queue) -> None:
    for made in a_cbct_series(6):
        send(world, file_bytes(made))
        index_queue(world.porion, queue)
    (view,) = list_images(world.porion, world.actor, ImageFilter())
    assert view.image.slices == 6


def test_what_comes_while_a_batch_is_indexed_is_the_next_batch(tmp_path: Path) -> None:
    late = [file_bytes(made) for made in a_cbct_series(3)]

    def come_late(step: str) -> None:
        if step == "receive.indexed":
            while late:
                send(world, late.pop())

    world = a_porion(tmp_path, checkpoint=come_late)
    queue = world.porion.spool.queue()
    queue.await_turn()
    send(world, file_bytes(a_panoramic()))
    assert index_queue(world.porion, queue) == {"pending": 4}
    queue.close()
    trail = read_trail(world.porion, world.actor, before=None, limit=9, object_id=None)
    received = [one.detail for one in trail if one.action == "files received"]
    assert received == [{"pending": 3}, {"pending": 1}]


def test_a_database_that_refuses_loses_nothing(
    world: World, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(world, file_bytes(a_panoramic()))

    @contextmanager
    def refusing(_clinic_id: str) -> Iterator[None]:
        raise StorageFailed("The database refused.")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(type(world.porion.store), "write", lambda _self, clinic: refusing(clinic))
        with pytest.raises(StorageFailed):
            index_queue(world.porion, queue)
    assert index_queue(world.porion, queue) == {"pending": 1}


def test_what_a_power_cut_damaged_is_kept_aside(world: World) -> None:
    send(world, file_bytes(a_panoramic()))
    world.spool.close()
    (path,) = world.spool.root.glob("*/*.dcm")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    queue = world.porion.spool.queue()
    queue.await_turn()
    assert index_queue(world.porion, queue) == {"quarantined": 1}
    queue.close()
    assert dict(count_states(world.porion, world.actor))["quarantined"] == 1
