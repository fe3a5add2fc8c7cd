"""Messages and their replies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from porion.dimse import storage
from porion.dimse.call import Call, Reply
from porion.dimse.door import Door
from porion.dimse.protocol.commands import Command, read_command, write_command
from porion.dimse.protocol.pdus import Fragment
from porion.services.errors import OutOfSpace
from tests.builders import a_panoramic
from tests.dimse.house import CT, ECHO, House, Services, a_house
from tests.world import World


def failing_with(error: Exception) -> Services:
    def service(_door: Door, _call: Call) -> Iterator[Reply]:
        raise error
        yield

    return lambda _field, _abstract: service


@pytest.mark.parametrize(
    ("error", "status", "comment"),
    [
        (OutOfSpace("The disk is full."), 0xA700, "The disk is full."),
        (RuntimeError("secret"), 0x0110, "A mistake of Porion's"),
        (FileNotFoundError("secret"), 0x0110, "A mistake of Porion's"),
    ],
)
def test_errors_are_statuses_with_their_sentence(
    world: World, error: Exception, status: int, comment: str
) -> None:
    with a_house(world, services=failing_with(error)) as house:
        with house.association(ECHO) as held:
            told = held.send_c_echo()
            assert held.send_c_echo().Status == status
        assert told.Status == status
        assert told.ErrorComment.startswith(comment)
        assert "secret" not in told.ErrorComment
        house.stop()
        device = house.device()
        assert device.failed == 2
        assert device.last_error is not None


def test_what_is_not_offered_is_told(house: House) -> None:
    peer = house.raw().associate(CT)
    find = Command(field=0x20, message_id=5, affected_sop_class_uid=CT)
    peer.layer.send(1, write_command(find), is_command=True)
    peer.flush()
    answer = peer.next()
    assert isinstance(answer, Fragment)
    response = read_command(answer.data)
    assert (response.field, response.message_id_responded_to, response.status) == (0x8020, 5, 0x0211)


def test_a_service_need_not_read_what_it_refuses(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_LONGEST_UID", 3)
    assert house.send(a_panoramic(), a_panoramic(2)) == [0xC000, 0xC000]
    monkeypatch.undo()
    assert house.send(a_panoramic()) == [0]
