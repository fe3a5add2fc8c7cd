"""``porion pending``: see what waits, decide, and take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_lateral_ceph, a_panoramic
from tests.cli.desk import Desk, a_file

BOTH = ("--verified", "name", "--verified", "birthDate")


@pytest.fixture
def anna(desk: Desk) -> str:
    return desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")


@pytest.fixture
def item(desk: Desk, anna: str, tmp_path: Path) -> Any:
    """One study of Anna with two images."""
    desk.do(
        "import", a_file(tmp_path, "pan.dcm", a_panoramic()), a_file(tmp_path, "ceph.dcm", a_lateral_ceph())
    )
    (waiting,) = desk.do("pending", "list", "--json").lines
    return waiting


def states(desk: Desk) -> dict[str, int]:
    listed = {word: desk.do("pending", "list", "--status", word, "--json").lines for word in STATES}
    return {word: len(items) for word, items in listed.items() if items}


STATES = ("pending", "linked", "quarantined")


def test_an_item_shows_its_images_and_its_candidates_with_reasons(desk: Desk, item: Any, anna: str) -> None:
    assert {image["category"] for image in item["images"]} == {"PANORAMIC", "CEPHALOMETRIC_LATERAL"}
    best = item["candidates"][0]
    assert (best["patientId"], best["grade"], best["rank"]) == (anna, "certain", 1)
    assert best["explanation"]
    assert {"name", "birthDate"} <= {line["field"] for line in best["evidence"]} | {"name", "birthDate"}
    assert desk.do("pending", "show", item["id"], "--json").document["snapshot"] == item["snapshot"]


def test_people_read_the_candidates_field_by_field(desk: Desk, item: Any) -> None:
    told = desk.do("pending", "show", item["id"]).out
    assert "claims Beispiel, Anna *2012-04-03 #P-1" in told
    assert "1 Beispiel, Anna *2012-04-03 #P-1  certain" in told
    assert item["id"] in desk.do("pending", "list").out


def test_linking_and_undoing(desk: Desk, item: Any, anna: str) -> None:
    words = ("--patient", anna, *BOTH, "--snapshot", item["snapshot"])
    decision = desk.do("pending", "link", item["id"], *words, "--json").document
    assert (decision["kind"], decision["patientId"]) == ("link", anna)
    assert states(desk) == {"linked": 1}
    undone = desk.do("pending", "undo", decision["id"], "--json").document
    assert undone["undoes"] == decision["id"]
    assert states(desk) == {"pending": 1}


def test_a_person_is_told_how_to_take_it_back(desk: Desk, item: Any, anna: str) -> None:
    told = desk.do("pending", "link", item["id"], "--patient", anna, *BOTH).out
    assert told.startswith("Done: link (decision ")
    assert "`porion pending undo` takes it back" in told


def test_nothing_is_linked_without_saying_what_was_verified(desk: Desk, item: Any, anna: str) -> None:
    assert desk.run("pending", "link", item["id"], "--patient", anna).status == 2
    said = desk.run("pending", "link", item["id"], "--patient", anna, "--verified", "hunch")
    assert said.status == 2
    assert "choose among name, birthDate" in said.err
    assert states(desk) == {"pending": 1}


def test_an_outdated_look_is_refused(desk: Desk, item: Any, anna: str) -> None:
    said = desk.run("pending", "link", item["id"], "--patient", anna, *BOTH, "--snapshot", "older")
    assert said.status == 6
    assert "look again" in said.err


def test_images_move_to_another_patient(desk: Desk, item: Any, anna: str) -> None:
    berta = desk.add_patient("Muster", "Berta")
    desk.do("pending", "link", item["id"], "--patient", anna, *BOTH)
    words = ("--patient", berta, *BOTH, "--reason", "the wrong card")
    moved = desk.do("pending", "reassign", item["id"], *words, "--json").document
    assert (moved["kind"], moved["patientId"]) == ("link", berta)
    assert states(desk) == {"linked": 1}


def test_the_claimed_patient_can_be_added(desk: Desk, tmp_path: Path) -> None:
    desk.do("import", a_file(tmp_path, "pan.dcm", a_panoramic()))
    (waiting,) = desk.do("pending", "list", "--json").lines
    desk.do("pending", "create", waiting["id"], *BOTH)
    assert [p["family"] for p in desk.do("patients", "list", "--json").lines] == ["Beispiel"]
    assert states(desk) == {"linked": 1}


def test_images_of_nobody_are_put_aside_with_a_reason(desk: Desk, item: Any) -> None:
    assert desk.run("pending", "reject", item["id"]).status == 2
    desk.do("pending", "reject", item["id"], "--reason", "a phantom")
    assert states(desk) == {"quarantined": 1}
    assert len(desk.do("pending", "list", "--status", "all", "--json").lines) == 1


def test_a_candidate_who_was_ruled_out_stays_so(desk: Desk, item: Any, anna: str) -> None:
    desk.do("pending", "reject", item["id"], "--reason", "her cousin", "--patient", anna)
    seen = desk.do("pending", "show", item["id"], "--json").document
    assert seen["status"] == "pending"
    assert {c["grade"] for c in seen["candidates"] if c["patientId"] == anna} <= {"certainly-not"}


def test_an_image_of_somebody_else_is_split_off(desk: Desk, item: Any) -> None:
    desk.do("pending", "split", item["id"], "--image", item["images"][0]["id"])
    assert states(desk) == {"pending": 2}


def test_a_state_that_nothing_has_is_wrong_usage(desk: Desk) -> None:
    assert desk.run("pending", "list", "--status", "lost").status == 2


def test_hostile_names_are_printed_as_they_are(desk: Desk, tmp_path: Path) -> None:
    a_file(tmp_path, "d/pan.dcm", a_panoramic(PatientName="[red]Bei[/]spiel^:skull:Anna"))
    desk.do("import", tmp_path / "d")
    assert "[red]Bei[/]spiel, :skull:Anna" in desk.do("pending", "list").out
