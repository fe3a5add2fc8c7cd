"""How the machine stands, looked at once for many who ask."""

from __future__ import annotations

import signal
from pathlib import Path

from porion.cli.machine import Lookout, facts_of
from porion.cli.settings import read_settings
from porion.services.system_facts import SystemFacts
from tests.cli.desk import Desk
from tests.cli.server import calling, serving
from tests.cli.test_acceptance import set_up
from tests.cli.test_worker_part import spool_one


def test_a_closed_door_and_what_lies_in_the_spool_are_seen(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.do("pending", "list")
    spool_one(desk.data)
    facts = facts_of(read_settings(desk.data), ["127.0.0.1:1"], "PORION")
    assert 0 < facts.free < facts.total
    assert facts.oldest_in_spool
    ((door, why),) = facts.listening
    assert door == "127.0.0.1:1"
    assert "Nobody listens" in str(why)


def test_one_look_serves_all_who_ask_within_half_a_minute() -> None:
    looks: list[SystemFacts] = []
    now = [0.0]

    def look() -> SystemFacts:
        looks.append(SystemFacts(1, 1, None, (), ()))
        return looks[-1]

    ask = Lookout(look, lambda: now[0])
    assert ask() is ask()
    now[0] = 31
    assert ask() is looks[1]


def test_a_served_porion_is_well_and_ends_its_streams_when_it_stops(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with calling(server) as nobody:
            token = set_up(nobody, str((server.told("setup") or {})["url"]))
        with calling(server, token) as client, client.stream("GET", "/api/events") as events:
            assert client.get("/api/overview").json()["health"] == "ok"
            assert next(events.iter_lines()).startswith("retry:")
            assert server.end(signal.SIGTERM)[0] == 0
