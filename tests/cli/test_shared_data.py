"""Files of real devices: what Porion makes of them is what a clinician would say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import Desk

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real devices' files is not here")


@pytest.fixture
def inspect(desk: Desk) -> Any:
    return lambda name: desk.do("inspect", SHARED / name, "--json").document


def test_the_panoramic_of_a_newtom(inspect: Any) -> None:
    told = inspect("dental/PX-Im-NewTom_Go.dcm")
    assert (told["category"], told["modality"], told["needsReview"]) == ("PANORAMIC", "OPG", False)
    exposure = told["exposure"]
    assert [exposure[key] for key in ("dapMgycm2", "kvp", "tubeMa", "timeMs")] == [81, 85, 9, 6800]
    assert told["claimedIdentity"]["birthDate"] is None
    assert any("(0010,0030)" in (problem["tag"] or "") for problem in told["problems"])


def test_the_panoramic_of_a_cassette_reader(inspect: Any) -> None:
    told = inspect("dental/CR-ModalitySequenceLUT.dcm")
    assert told["ranking"][0]["category"] == "PANORAMIC"
    assert told["category"] == "PANORAMIC" or told["needsReview"]


@pytest.mark.parametrize("name", ["traps/dentascan-ct-slice.dcm", "traps/profile-drawing.dcm"])
def test_what_only_looks_dental_is_other(inspect: Any, name: str) -> None:
    assert inspect(name)["category"] == "OTHER"


def test_every_file_of_the_folder_is_accounted_for(desk: Desk) -> None:
    *lines, last = desk.do("import", SHARED, "--json").lines
    sources = sorted(str(path) for path in SHARED.rglob("*") if path.is_file())
    assert sorted(line["path"] for line in lines) == sources
    assert last["summary"]["skipped"] == 1
    assert "quarantined" not in last["summary"]
