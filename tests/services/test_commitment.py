"""Storage commitment: a promise only after the files were read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from porion.clinic.permissions import Actor, Permission
from porion.services.commitment import (
    GIVEN_UP_AFTER,
    INDEXED_WITHIN,
    Reason,
    Reference,
    answering_port,
    begin_attempt,
    clinics_with_due,
    is_whole,
    list_commitments,
    note_delivered,
    note_undelivered,
    request_commitment,
    settle,
)
from porion.services.devices import DeviceChange, add_device, edit_device, see_device
from porion.services.errors import Conflict, NotFound, NotPermitted
from porion.services.records import CommitmentRow
from tests.builders import a_panoramic
from tests.world import World

PEER = {"address": "10.0.0.5", "calling": "PAN1", "called": "PORION", "tls": False}


def ask(world: World, *references: Reference, transaction: str = "1.2.3") -> str:
    """A device asks; answers the device's identifier."""
    known = add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "", port=104)
    request_commitment(world.porion, world.clinic_id, known.id, transaction, references, PEER)
    return known.id


def held(n: int = 1) -> Reference:
    made = a_panoramic(n)
    return Reference(str(made.SOPClassUID), str(made.SOPInstanceUID))


def archived(world: World, reference: Reference) -> list[Path]:
    """The files of an instance, the first received first."""
    with world.porion.store.read(world.clinic_id) as tx:
        rows = tx.imaging.instances_by_uid([reference.sop_instance_uid])[reference.sop_instance_uid]
    return [world.archive.path(world.clinic_id, row.digest) for row in rows]


def damage(path: Path) -> None:
    """Turn a bit of a file's last byte."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def settled(world: World) -> CommitmentRow:
    (row,) = settle(world.porion, world.clinic_id)
    return row


def test_what_is_held_and_whole_is_promised(each_world: World) -> None:
    each_world.bring(a_panoramic())
    ask(each_world, held())
    assert clinics_with_due(each_world.porion) == [each_world.clinic_id]
    row = settled(each_world)
    assert (row.state, row.failed) == ("ready", [])
    assert begin_attempt(each_world.porion, each_world.clinic_id, row)
    note_delivered(each_world.porion, each_world.clinic_id, row)
    assert settle(each_world.porion, each_world.clinic_id) == []
    assert clinics_with_due(each_world.porion) == []


def test_what_is_not_indexed_yet_is_waited_for(world: World) -> None:
    ask(world, held())
    assert settle(world.porion, world.clinic_id) == []
    world.bring(a_panoramic())
    world.clock.pass_by(timedelta(seconds=5))
    assert settled(world).failed == []


def test_each_failure_has_its_reason(world: World) -> None:
    world.bring(a_panoramic(1), a_panoramic(2, study="other"))
    damaged = held(2)
    damage(archived(world, damaged)[0])
    unknown = Reference(held().sop_class_uid, "1.2.3.4")
    ask(world, held(1), damaged, unknown, Reference("1.2.840.10008.5.1.4.1.1.2", held(1).sop_instance_uid))
    world.clock.pass_by(INDEXED_WITHIN)
    assert [one[2] for one in settled(world).failed] == [
        Reason.PROCESSING_FAILURE,
        Reason.NO_SUCH_INSTANCE,
        Reason.CLASS_INSTANCE_CONFLICT,
    ]


def test_of_a_conflict_every_data_set_must_be_whole(world: World) -> None:
    first, second = a_panoramic(), a_panoramic()
    second.PatientComments = "sent again, and it is not the same"
    world.bring(first, second)
    device = ask(world, held())
    assert settled(world).failed == []
    kept, other = archived(world, held())
    damage(other)
    request_commitment(world.porion, world.clinic_id, device, "1.2.4", [held()], PEER)
    assert settle(world.porion, world.clinic_id)[-1].failed[0][2] == Reason.PROCESSING_FAILURE
    assert kept.exists()


@pytest.mark.parametrize("content", [None, b"", b"no DICOM at all", b"\0" * 128 + b"DICM"])
def test_a_file_that_has_gone_or_is_cut_off_is_not_promised(world: World, content: bytes | None) -> None:
    path = world.archive.path(world.clinic_id, "ab" * 32)
    path.parent.mkdir(parents=True)
    if content is not None:
        path.write_bytes(content)
    assert not is_whole(world.porion, world.clinic_id, "ab" * 32)


def test_a_file_that_cannot_be_read_is_not_promised(world: World) -> None:
    world.bring(a_panoramic())
    (path,) = archived(world, held())
    assert is_whole(world.porion, world.clinic_id, path.stem)
    path.unlink()
    path.mkdir()
    assert not is_whole(world.porion, world.clinic_id, path.stem)


def test_who_asks_again_is_answered_again(each_world: World) -> None:
    each_world.bring(a_panoramic())
    device = ask(each_world, held())
    first = settled(each_world)
    assert begin_attempt(each_world.porion, each_world.clinic_id, first)
    note_delivered(each_world.porion, each_world.clinic_id, first)
    damage(archived(each_world, held())[0])
    elsewhere = {**PEER, "address": "10.0.0.6"}
    request_commitment(each_world.porion, each_world.clinic_id, device, "1.2.3", [held()], elsewhere)
    again = settled(each_world)
    assert (again.id, again.attempts, again.peer) == (first.id, 0, elsewhere)
    assert [one[2] for one in again.failed] == [Reason.PROCESSING_FAILURE]


def test_asking_again_while_an_answer_waits_hastens_it(world: World) -> None:
    world.bring(a_panoramic())
    device = ask(world, held())
    row = settled(world)
    begin_attempt(world.porion, world.clinic_id, row)
    note_undelivered(world.porion, world.clinic_id, row, "nobody answers.")
    assert settle(world.porion, world.clinic_id) == []
    request_commitment(world.porion, world.clinic_id, device, "1.2.3", [held()], PEER)
    assert settled(world).attempts == 1


def test_a_transaction_stands_for_the_same_instances(world: World) -> None:
    device = ask(world, held())
    with pytest.raises(Conflict, match="1\\.2\\.3 stands for other instances"):
        request_commitment(world.porion, world.clinic_id, device, "1.2.3", [held(), held(2)], PEER)
    (row,) = list_commitments(world.porion, world.actor)
    assert len(row.asked) == 1


def test_an_answer_is_delivered_by_one_process_only(each_world: World) -> None:
    each_world.bring(a_panoramic())
    ask(each_world, held())
    row = settled(each_world)
    assert begin_attempt(each_world.porion, each_world.clinic_id, row)
    assert not begin_attempt(each_world.porion, each_world.clinic_id, row)


def test_telling_where_a_device_listens_hastens_its_answers(each_world: World) -> None:
    each_world.bring(a_panoramic())
    device = ask(each_world, held())
    row = settled(each_world)
    begin_attempt(each_world.porion, each_world.clinic_id, row)
    note_undelivered(each_world.porion, each_world.clinic_id, row, "nobody answers.")
    edit_device(each_world.porion, each_world.actor, device, DeviceChange(name="Pan"))
    assert settle(each_world.porion, each_world.clinic_id) == []
    edit_device(each_world.porion, each_world.actor, device, DeviceChange(port=11112))
    assert settled(each_world).id == row.id


def test_an_answer_that_cannot_be_delivered_is_tried_for_days(world: World) -> None:
    world.bring(a_panoramic())
    device = ask(world, held())
    pauses = []
    for _ in range(9):
        row = settled(world)
        begin_attempt(world.porion, world.clinic_id, row)
        note_undelivered(world.porion, world.clinic_id, row, "nobody answers.")
        (row,) = list_commitments(world.porion, world.actor)
        assert row.next_attempt_at is not None
        pause = row.next_attempt_at - world.clock()
        pauses.append(round(pause.total_seconds() / 60))
        world.clock.pass_by(pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert "nobody answers" in (see_device(world.porion, world.actor, device).last_error or "")
    world.clock.pass_by(GIVEN_UP_AFTER)
    row = settled(world)
    begin_attempt(world.porion, world.clinic_id, row)
    note_undelivered(world.porion, world.clinic_id, row, "nobody answers.")
    (row,) = list_commitments(world.porion, world.actor)
    assert (row.state, row.next_attempt_at, row.attempts) == ("given up", None, 10)


def test_where_the_answer_goes_must_be_known(world: World) -> None:
    known = add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    with pytest.raises(NotFound, match="device edit AET --port"):
        answering_port(world.porion, world.clinic_id, known.id)
    other = add_device(world.porion, world.actor, "PAN2", "10.0.0.5", "", port=104)
    assert answering_port(world.porion, world.clinic_id, other.id) == 104


def test_only_administrators_see_them(world: World) -> None:
    with pytest.raises(NotPermitted):
        list_commitments(world.porion, Actor("r", world.clinic_id, frozenset({Permission.CAPTURE})))
