"""``porion demo``: a filled clinic in one command."""

from __future__ import annotations

from porion.cli.demo_clinic import REGISTER, SLICES
from tests.cli.desk import Desk


def test_the_demo_fills_a_clinic_and_shows_what_waits(desk: Desk) -> None:
    said = desk.do("demo", "--no-serve", "--data", desk.data)
    assert said.out.startswith(f"The demo's devices sent {5 + SLICES} files: {5 + SLICES} pending.\n")
    items = desk.do("pending", "list", "--json").lines
    shown = sorted((i["images"][0]["category"], i["images"][0]["needsReview"]) for i in items)
    assert shown == [
        ("BITEWING", False),
        ("CBCT", False),
        ("CEPHALOMETRIC_LATERAL", False),
        ("PANORAMIC", False),
        ("PANORAMIC", True),
        ("PERIAPICAL", True),
    ]
    best = [i["candidates"][0]["grade"] for i in items if i["candidates"]]
    assert len(best) == 5
    assert set(best) <= {"certain", "probable", "possible"}
    assert len(desk.do("patients", "list", "--json").lines) == len(REGISTER)
    assert desk.do("audit", "verify", "--json").document["whole"]


def test_the_demo_does_not_mix_with_a_clinic_that_has_users(desk: Desk) -> None:
    words = ("user", "create", "--email", "a@clinic.example", "--role", "admin", "--password-stdin")
    desk.do(*words, typed="correct horse battery\n")
    said = desk.run("demo", "--no-serve", "--data", desk.data)
    assert said.status == 6
    assert desk.do("patients", "list", "--json").lines == []


def test_the_demo_does_not_mix_with_real_patients(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    assert desk.run("demo", "--no-serve").status == 6
    assert len(desk.do("patients", "list", "--json").lines) == 1


def test_a_second_demo_finds_its_own_clinic(desk: Desk) -> None:
    desk.do("demo", "--no-serve")
    assert desk.do("demo", "--no-serve").out.startswith("The demo's devices sent 53 files: 53 duplicate.")
    assert len(desk.do("patients", "list", "--json").lines) == len(REGISTER)


def test_without_a_data_directory_the_demo_leaves_nothing_behind(desk: Desk) -> None:
    desk.do("demo", "--no-serve", PORION_DATA="")
    assert not desk.data.exists()
