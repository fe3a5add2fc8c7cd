"""``porion demo``: a clinic in one command, filled or with devices that send."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from porion.emulator.people import HOW_MANY
from tests.cli.desk import Desk
from tests.cli.server import Server, calling

ROUND = ("demo", "--no-serve", "--studies", 10, "--slices", 12)
SMALL = ("demo", "--no-serve", "--studies", 1)


def test_the_demo_fills_a_clinic_and_shows_what_waits(desk: Desk) -> None:
    said = desk.do(*ROUND, "--data", desk.data)
    assert said.out.startswith("The demo's devices sent 21 files: 21 pending.\n")
    items = desk.do("pending", "list", "--json").lines
    shown = Counter((image["category"], image["needsReview"]) for item in items for image in item["images"])
    assert shown == {
        ("PANORAMIC", False): 2,
        ("CEPHALOMETRIC_LATERAL", False): 1,
        ("CEPHALOMETRIC_PA", False): 1,
        ("BITEWING", False): 2,
        ("PERIAPICAL", False): 2,
        ("PERIAPICAL", True): 1,
        ("CBCT", False): 1,
    }
    best = [item["candidates"][0]["grade"] for item in items if item["candidates"]]
    assert len(best) == 9
    assert set(best) <= {"certain", "probable"}
    assert len(desk.do("patients", "list", "--limit", 400, "--json").lines) == HOW_MANY
    assert desk.do("audit", "verify", "--json").document["whole"]


def test_machines_get_the_counts_and_what_waits(desk: Desk) -> None:
    counts, item = desk.do(*SMALL, "--json").lines
    assert counts == {"summary": {"pending": 1}}
    assert item["images"][0]["category"] == "PANORAMIC"


def test_the_demo_does_not_mix_with_a_clinic_that_has_users(desk: Desk) -> None:
    words = ("user", "create", "--email", "a@clinic.example", "--role", "admin", "--password-stdin")
    desk.do(*words, typed="correct horse battery\n")
    said = desk.run(*SMALL, "--data", desk.data)
    assert said.status == 6
    assert desk.do("patients", "list", "--json").lines == []


def test_the_demo_does_not_mix_with_real_patients(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    assert desk.run(*SMALL, "--data", desk.data).status == 6
    assert len(desk.do("patients", "list", "--json").lines) == 1


def test_a_second_demo_finds_its_own_clinic(desk: Desk) -> None:
    for _ in range(2):
        desk.do(*SMALL, "--data", desk.data)
    assert len(desk.do("patients", "list", "--limit", 400, "--json").lines) == HOW_MANY


def test_without_a_data_directory_the_demo_leaves_nothing_behind(desk: Desk) -> None:
    desk.do(*SMALL, PORION_DATA="")
    assert not desk.data.exists()


def test_devices_send_over_the_network_and_the_log_in_shows_what_waits(tmp_path: Path) -> None:
    server, sent = Server(a_demo(tmp_path / "data")), []
    try:
        assert server.process.stdout is not None
        for line in server.process.stdout:
            event = json.loads(line)
            (sent if event["event"] == "sent" else server.events).append(event)
            if len(sent) == 4:
                break
        assert [one["instances"] for one in sent] == [1, 1, 1, 6]
        assert not sum(one["refused"] for one in sent)
        assert [one["byWorklist"] for one in sent] == [True, False, False, True]
        log_in = server.told("log-in") or {}
        with calling(server) as client:
            who = {"email": log_in["email"], "password": log_in["password"]}
            assert client.post("/api/session", json=who).status_code == 201
            items: list[Any] = []
            while len(items) < 4 or not all(item["images"] for item in items):
                items = client.get("/api/imaging/pending").json()["items"]
            steps = client.get("/api/imaging/worklist", params={"state": "completed"}).json()["items"]
        grades = {
            image["category"]: item["candidates"][0]["grade"]
            for item in items
            for image in item["images"]
            if image["category"] in ("CBCT", "PANORAMIC")
        }
        assert grades == {"CBCT": "certain", "PANORAMIC": "certain"}
        assert {step["category"] for step in steps} == set(grades)
        shown = {image["category"] for item in items for image in item["images"]}
        assert shown == {"PANORAMIC", "CEPHALOMETRIC_LATERAL", "PERIAPICAL", "CBCT"}
        assert server.end(signal.SIGINT) == (130, "")
    finally:
        server.process.kill()
        server.process.communicate(timeout=60)


def a_demo(data: Path) -> subprocess.Popen[str]:
    """The demo as a process of its own: four studies, then silence."""
    words = ("--studies", "4", "--slices", "6", "--morning-only", "--json", "--data", str(data))
    run = "from porion.cli.main import run; run()"
    return subprocess.Popen(
        [sys.executable, "-c", run, "demo", "--http", "127.0.0.1:0", "--dicom", "127.0.0.1:0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
