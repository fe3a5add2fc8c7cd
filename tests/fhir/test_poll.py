from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from porion.clinic.permissions import feeder
from porion.fhir.poll import poll
from porion.services.errors import Invalid, SourceFailed
from porion.services.patients import list_patients
from porion.services.register_feed import FeedOutcome, position_of
from tests.builders import a_panoramic
from tests.fhir.resources import SOURCE, a_patient
from tests.fhir.server import FhirServer
from tests.services.scenes import dump, inbox, link_to, waiting
from tests.world import NOON, World

REGISTER = ("patients", "patient_keys", "patient_counts", "items", "decisions")


@pytest.fixture
def server() -> FhirServer:
    """A server that is asked without a network."""
    held = FhirServer()
    held.base = SOURCE
    return held


def ask(world: World, server: FhirServer) -> dict[str, int]:
    """Poll once."""

    def fetch(address: str) -> dict[str, Any]:
        status, body = server.answer(address)
        if status != 200:
            raise SourceFailed("The server answers 500.")
        return dict(body)

    found = poll(world.porion, feeder(SOURCE, world.clinic_id), SOURCE, fetch, {})
    return {outcome.value: count for outcome, count in found.items()}


def put(server: FhirServer, number: int, hours: float, version: int, **changes: Any) -> None:
    """A patient changes at the server, so many hours before noon."""
    moment = (NOON - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = {"versionId": str(version), "lastUpdated": moment}
    server.patients[str(number)] = a_patient(str(number), meta=meta, **changes)


def test_all_pages_are_read_and_the_next_time_only_what_changed(
    each_world: World, server: FhirServer
) -> None:
    world = each_world
    for number in range(5):
        put(server, number, 48, 1, name=[{"family": f"Name{number}", "given": ["Kind"]}])
    assert ask(world, server) == {"added": 5}
    put(server, 2, -1, 2, name=[{"family": "Neu", "given": ["Kind"]}])
    world.clock.pass_by(timedelta(hours=2))
    assert ask(world, server) == {"updated": 1}
    assert "Neu" in {one.name.family for one in list_patients(world.porion, world.actor)}
    assert server.asked[-1]["_lastUpdated"][0].startswith("ge2026-03-02T11:55")


def test_a_poll_that_breaks_off_is_done_again_from_where_it_began(world: World, server: FhirServer) -> None:
    for number in range(6):
        put(server, number, 48, 1)
    good = server.answer
    server.answer = lambda path: (500, {}) if "at=2" in path else good(path)  # type: ignore[method-assign]
    with pytest.raises(SourceFailed):
        ask(world, server)
    assert position_of(world.porion, world.actor, SOURCE) is None
    server.answer = good  # type: ignore[method-assign]
    assert ask(world, server) == {"replayed": 2, "added": 4}


def test_nobody_is_followed_elsewhere(world: World, server: FhirServer) -> None:
    for number in range(3):
        put(server, number, 48, 1)
    server.elsewhere = "https://evil.example"
    with pytest.raises(Invalid, match=r"evil\.example.* not followed"):
        ask(world, server)


def test_a_server_that_goes_round_in_circles_is_left(world: World) -> None:
    circle = {"resourceType": "Bundle", "link": [{"relation": "next", "url": f"{SOURCE}/Patient?x"}]}
    with pytest.raises(SourceFailed, match="again and again"):
        poll(world.porion, world.actor, SOURCE, lambda _: circle, {})


def test_changes_and_merges_while_images_arrive_leave_no_orphan(
    each_world: World, server: FhirServer
) -> None:
    world, random = each_world, Random(5)
    active, versions = list(range(12)), dict.fromkeys(range(12), 1)
    for number in active:
        put(server, number, 200, 1, name=[{"family": f"Name{number}", "given": ["Kind"]}])
    ask(world, server)
    for step in range(1, 25):
        number = random.choice(active)
        versions[number] += 1
        if step % 4 == 0 and len(active) > 3:
            active.remove(number)
            stays = random.choice(active)
            link = [{"type": "replaced-by", "other": {"reference": f"Patient/{stays}"}}]
            put(server, number, 0.5 - step, versions[number], active=False, link=link)
        else:
            put(
                server,
                number,
                0.5 - step,
                versions[number],
                name=[{"family": f"Neu{step}", "given": ["Kind"]}],
            )
        if step % 3 == 0:
            person = random.choice(list_patients(world.porion, world.actor))
            view = waiting(
                world, a_panoramic(step, study=f"s{step}", PatientName="Nobody^Known", PatientID=str(step))
            )
            link_to(world, view, person, reason="asked")
        world.clock.pass_by(timedelta(hours=1))
        assert "refused" not in ask(world, server)

    people = {one.id for one in list_patients(world.porion, world.actor)}
    assert len(people) == len(active)
    linked = inbox(world, "linked")
    assert len(linked) == 8
    assert {view.item.patient_id for view in linked} <= people
    before = {name: rows for name, rows in dump(world).items() if name in REGISTER}
    assert set(ask(world, server)) <= {FeedOutcome.REPLAYED.value, FeedOutcome.UNCHANGED.value}
    assert {name: rows for name, rows in dump(world).items() if name in REGISTER} == before
