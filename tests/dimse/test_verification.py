"""C-ECHO as a service."""

from __future__ import annotations

from porion.dimse.dispatch import service_for
from porion.dimse.door import Door
from porion.dimse.verification import verify
from tests.dimse.test_call import a_call
from tests.world import World


def test_an_echo_is_a_success(world: World) -> None:
    assert [reply.status for reply in verify(Door(world.porion, service_for), a_call())] == [0]
