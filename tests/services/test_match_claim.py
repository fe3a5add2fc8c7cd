from __future__ import annotations

from porion.clinic.grade import Grade
from porion.dicom.person import ClaimedIdentity
from porion.services.match_claim import match_claim
from porion.services.trail import read_trail
from tests.services.scenes import ANNA, BERTA, register
from tests.world import World, another_clinic


def test_it_answers_as_the_inbox_does_and_says_so_in_the_trail(each_world: World) -> None:
    world = each_world
    anna = register(world)
    register(world, BERTA)
    claim = ClaimedIdentity(ANNA.name, identifiers=ANNA.identifiers, birth_date=ANNA.birth_date)
    found = match_claim(world.porion, world.actor, claim, 1)
    assert [(one.patient.id, one.grade) for one in found] == [(anna.id, Grade.CERTAIN)]
    latest = read_trail(world.porion, world.actor, before=None, limit=1, object_id=None)[0]
    assert (latest.action, latest.detail) == ("candidates shown", {"patients": [anna.id]})
    there = another_clinic(world)
    assert list(match_claim(there.porion, there.actor, claim, 5)) == []
