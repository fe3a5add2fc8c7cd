"""Senders find a directory of empty slots ready, and share it."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from porion.services.records import Origin
from porion.store.about import ABOUT, About, read_about
from porion.store.rooms import held
from porion.store.slots import FIRST, KEPT, MOST, RESTING, SPENT, SlotRoom, SlotRooms


def about(device: str) -> About:
    return About("clinic", Origin(door="dicom", ae_title=device), queue=True)


PAN = about("PAN1")


@pytest.fixture
def rooms(tmp_path: Path) -> SlotRooms:
    numbers = count()
    return SlotRooms(tmp_path, lambda: f"room-{next(numbers)}")


def fill(room: SlotRoom, many: int = 1) -> list[Path]:
    """Take slots and write into them, as into sealed instances."""
    taken = [room.take() for _ in range(many)]
    for slot in taken:
        assert slot.read_bytes() == b""
        slot.write_bytes(b"sealed")
    return taken


def flushes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The flushes from now on."""
    seen: list[int] = []
    really = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append(handle), really(handle)))
    return seen


def test_who_sends_nothing_leaves_nothing(rooms: SlotRooms, tmp_path: Path) -> None:
    rooms.leave(rooms.enter(PAN))
    assert list(tmp_path.iterdir()) == []


def test_a_directory_says_whose_it_is_and_is_held(rooms: SlotRooms) -> None:
    (slot,) = fill(rooms.enter(PAN))
    assert read_about(slot.parent) == PAN
    with pytest.raises(BlockingIOError), held(slot.parent):
        pass


def test_one_image_an_association_finds_its_slot_ready(
    rooms: SlotRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, paid = [], []
    seen = flushes(monkeypatch)
    for _ in range(4 * FIRST):
        room = rooms.enter(PAN)
        before = len(seen)
        taken += fill(room)
        paid.append(len(seen) - before)
        rooms.leave(room)
    assert len({slot.parent for slot in taken}) == 1
    assert [slot.stem for slot in taken] == [f"{number:08d}" for number in range(1, 4 * FIRST + 1)]
    # The directory, and then one flush for every few images.
    assert paid == [3, 0, 0, 0] + 3 * [1, 0, 0, 0]


def test_those_who_send_at_once_share_a_directory_and_never_a_slot(rooms: SlotRooms) -> None:
    gate = threading.Barrier(8)

    def send(_number: int) -> list[Path]:
        room = rooms.enter(PAN)
        gate.wait()
        try:
            return fill(room, 40)
        finally:
            rooms.leave(room)

    with ThreadPoolExecutor(8) as senders:
        taken = [slot for slots in senders.map(send, range(8)) for slot in slots]
    assert len(set(taken)) == 8 * 40
    assert len({slot.parent for slot in taken}) == 1


def test_senders_and_clinics_have_directories_of_their_own(rooms: SlotRooms) -> None:
    other_clinic = About("another", PAN.origin, queue=True)
    taken = [fill(rooms.enter(each))[0] for each in (PAN, about("PAN2"), other_clinic)]
    assert [read_about(slot.parent) for slot in taken] == [PAN, about("PAN2"), other_clinic]


def test_more_are_made_the_more_is_sent_and_few_wait_for_the_next(rooms: SlotRooms) -> None:
    room = rooms.enter(PAN)
    (first, *_) = fill(room, MOST + 1)
    assert len(list(first.parent.glob("*.dcm"))) == 2 * MOST
    rooms.leave(room)
    empty = [path for path in first.parent.glob("*.dcm") if not path.stat().st_size]
    assert len(empty) == KEPT
    again = rooms.enter(PAN)
    assert fill(again, KEPT) == sorted(empty)


def test_a_slot_that_was_given_back_is_taken_again(rooms: SlotRooms) -> None:
    room = rooms.enter(PAN)
    slot = room.take()
    room.give_back(slot)
    assert room.take() == slot


def test_a_spent_directory_is_left_to_those_who_are_in_it(rooms: SlotRooms) -> None:
    room = rooms.enter(PAN)
    (early, *_) = fill(room, SPENT)
    other = rooms.enter(PAN)
    assert fill(other)[0].parent != early.parent
    assert fill(room)[0].parent == early.parent
    rooms.leave(room)
    assert all(path.stat().st_size for path in early.parent.glob("*.dcm"))
    with held(early.parent):
        pass


def test_only_so_many_wait_for_senders_who_have_gone(rooms: SlotRooms, tmp_path: Path) -> None:
    working = rooms.enter(about("working"))
    (kept,) = fill(working)
    for number in range(RESTING + 3):
        room = rooms.enter(about(f"D{number}"))
        room.give_back(room.take())
        rooms.leave(room)
    there = {found.origin.ae_title for path in tmp_path.iterdir() if (found := read_about(path))}
    assert there == {"working", *(f"D{number}" for number in range(3, RESTING + 3))}
    assert fill(working)[0].parent == kept.parent


def test_at_the_end_what_is_empty_goes_and_who_is_there_stays(rooms: SlotRooms) -> None:
    working = rooms.enter(about("working"))
    (under_way,) = fill(working)
    resting = rooms.enter(PAN)
    (sealed,) = fill(resting)
    rooms.leave(resting)
    rooms.close()
    assert list(sealed.parent.glob("*.dcm")) == [sealed]
    with held(sealed.parent):
        pass
    with pytest.raises(BlockingIOError), held(under_way.parent):
        pass
    rooms.leave(working)
    with held(under_way.parent):
        pass


@pytest.mark.parametrize("damage", ["gone", "described wrongly"])
def test_what_was_damaged_while_nobody_was_there_is_not_used_again(rooms: SlotRooms, damage: str) -> None:
    room = rooms.enter(PAN)
    (before,) = fill(room)
    rooms.leave(room)
    if damage == "gone":
        before.unlink()
        for path in before.parent.iterdir():
            path.unlink()
        before.parent.rmdir()
    else:
        (before.parent / ABOUT).write_bytes(b"{")
    (after,) = fill(rooms.enter(PAN))
    assert after.parent != before.parent
    assert read_about(after.parent) == PAN
    if damage != "gone":
        # Nobody holds it any more, and what was acknowledged is still there.
        with held(before.parent):
            assert before.read_bytes() == b"sealed"


def test_after_a_failure_the_next_sender_begins_anew(
    rooms: SlotRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms.enter(PAN)
    (before,) = fill(room)
    fill(room, FIRST - 1)

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            room.take()
    rooms.leave(room)
    (after,) = fill(rooms.enter(PAN))
    assert after.parent != before.parent
