"""What a service is given."""

from __future__ import annotations

import pytest

from porion.dimse.call import Call, TooLarge
from porion.dimse.door import Peer
from porion.dimse.protocol.commands import Command

PEER = Peer("clinic", "device", "PAN1", "PORION", "10.0.0.5", tls=False, certificate=None, implementation="")


class NoInlet:
    def open(self, prefix: bytes) -> None:
        raise AssertionError(prefix)

    def close(self) -> None: ...


def a_call(*pieces: bytes) -> Call:
    return Call(Command(1, 1), "1.2", "1.3", PEER, iter([memoryview(one) for one in pieces]), NoInlet())


def test_a_data_set_is_gathered_up_to_a_limit() -> None:
    assert a_call(b"da", b"ta").data_set(4) == b"data"
    with pytest.raises(TooLarge, match="longer than 3 bytes"):
        a_call(b"da", b"ta").data_set(3)
