"""``porion model``, and what a model file changes at the desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model_text import model_text
from tests.builders import a_panoramic
from tests.cli.desk import Desk, a_file

SPLINK = Path(__file__).parents[1] / "clinic" / "splink_5.json"
STRICT = model_text(replace(DEFAULT_MODEL, version="strict", certain_bits=90.0, probable_bits=80.0))
BROKEN = STRICT.replace("reach = 20.0", "reach = -1")


def test_the_model_is_shown_with_bits_and_sources(desk: Desk) -> None:
    shown = desk.do("model", "show").out

    assert "porion-4, from Porion itself" in shown
    assert "+13.6" in shown
    assert "0.75" in shown
    assert "counted on pseudopeople's households" in shown


def test_machines_read_the_same(desk: Desk) -> None:
    told = desk.do("model", "show", "--json").document

    assert told["version"] == "porion-4"
    assert told["settings"]["certainBits"] == 14.0
    (swapped,) = (level for level in told["fields"]["birthDate"] if level["level"] == "swapped")
    assert swapped["words"] == "month and day swapped"
    (close,) = (level for level in told["fields"]["given"] if level["level"] == "close")
    assert (close["slips"], swapped["slips"]) == (0.75, 0.0)
    assert swapped["bits"] == DEFAULT_MODEL.weights[24].bits
    assert told["readings"]["comma"]["bits"] == 0.5
    assert [each["name"] for each in told["others"]] == ["relatives", "namesakes"]


def test_the_model_of_the_deployment_is_shown(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "strict.toml", STRICT.encode())

    assert desk.do("model", "show", "--json", PORION_MODEL=str(path)).document["version"] == "strict"


def test_a_good_file_is_told_as_good(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "strict.toml", STRICT.encode())

    assert "can be used as the model strict" in desk.do("model", "check", path).out


def test_each_mistake_of_a_file_is_a_line(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "bad.toml", BROKEN.replace("level_bits = 1.0", "level_bits = -1").encode())
    said = desk.run("model", "check", path)

    assert said.status == 2
    assert [line.split(":")[0] for line in said.err.splitlines()[:2]] == [
        "line 14, settings.level_bits",
        "line 16, settings.reach",
    ]


def test_a_model_of_splink_becomes_a_file_that_can_be_used(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "clinic-1.toml"
    said = desk.do("model", "convert", SPLINK, out, "--version", "clinic-1")

    assert "18.2 bits clamped to those of same_digits" in said.out
    assert "left out: no field of ours" in said.out
    assert "learned by Splink: “Exact match on first_name”" in out.read_text()
    assert "can be used as the model clinic-1" in desk.do("model", "check", out).out


def test_machines_hear_of_every_level(desk: Desk, tmp_path: Path) -> None:
    said = desk.do("model", "convert", SPLINK, tmp_path / "c.toml", "--version", "c", "--json").document

    (one_edit,) = (
        one for one in said["changes"] if (one["field"], one["level"]) == ("patientId", "one_edit")
    )
    assert one_edit["before"] == pytest.approx(5.6, abs=0.05)
    assert one_edit["after"] == pytest.approx(6.6, abs=0.05)


def test_a_conversion_goes_on_from_another_model(desk: Desk, tmp_path: Path) -> None:
    base, out = a_file(tmp_path, "strict.toml", STRICT.encode()), tmp_path / "c.toml"
    desk.do("model", "convert", SPLINK, out, "--version", "c", "--base", base)

    assert "certain_bits = 90.0" in out.read_text()


def test_no_model_is_written_over(desk: Desk, tmp_path: Path) -> None:
    out = a_file(tmp_path, "c.toml", b"mine")
    said = desk.run("model", "convert", SPLINK, out, "--version", "c")

    assert (said.status, out.read_bytes()) == (2, b"mine")
    assert "exists already" in said.err


@pytest.mark.parametrize(
    ("text", "version", "told"),
    [
        (b"{}", "c", "no list of comparisons"),
        (SPLINK.read_bytes(), "porion-4", "is the version of the model underneath"),
        (SPLINK.read_bytes(), "", "makes no model: line 6, version: is ''"),
    ],
)
def test_what_cannot_be_converted_says_why(
    desk: Desk, tmp_path: Path, text: bytes, version: str, told: str
) -> None:
    saved, out = a_file(tmp_path, "saved.json", text), tmp_path / "c.toml"
    said = desk.run("model", "convert", saved, out, "--version", version)

    assert said.status == 2
    assert told in said.err
    assert not out.exists()


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    said = desk.run("model", "convert", SPLINK, tmp_path / "none" / "c.toml", "--version", "c")

    assert (said.status, "cannot be written" in said.err) == (2, True)


def test_the_deployments_model_grades(desk: Desk, tmp_path: Path) -> None:
    path = str(a_file(tmp_path, "strict.toml", STRICT.encode()))
    desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    desk.do("import", a_file(tmp_path, "one.dcm", a_panoramic()))
    (usual,) = desk.do("pending", "list", "--json").lines
    (strict,) = desk.do("pending", "list", "--json", PORION_MODEL=path).lines

    assert [one["candidates"][0]["grade"] for one in (usual, strict)] == ["certain", "possible"]


def test_serving_with_a_model_that_cannot_be_used_says_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, "bad.toml", BROKEN.encode())
    said = desk.run("serve", PORION_MODEL=str(path))

    assert said.status == 2
    assert f"The model {path} cannot be used: line 16, settings.reach: is -1" in said.err
    assert not desk.data.exists()


def test_relatives_are_counted_in_a_register(desk: Desk, tmp_path: Path) -> None:
    lines = [
        "family,given,birth date",
        *(f"Family{n},Ben,{1930 + n % 80}-03-{1 + n % 28:02}" for n in range(500)),
    ]
    table, out = a_file(tmp_path, "register.csv", "\n".join(lines).encode()), tmp_path / "clinic-1.toml"
    said = desk.do("model", "relatives", table, out, "--version", "clinic-1").out

    assert "500 patients, 0 pairs of twins (0.0 would be by chance)." in said
    assert "holds the model clinic-1: 0.316 relatives of a claimed person, 1 before." in said
    assert "can be used as the model clinic-1" in desk.do("model", "check", out).out
    assert desk.run("model", "relatives", table, out, "--version", "clinic-1").status == 2
    again = desk.run("model", "relatives", table, tmp_path / "b.toml", "--version", "porion-4")
    assert "is the version of the model underneath" in again.err


def test_a_model_that_weighs_no_relatives_is_told(desk: Desk, tmp_path: Path) -> None:
    without = model_text(replace(DEFAULT_MODEL, version="none", others=DEFAULT_MODEL.others[1:]))
    base = a_file(tmp_path, "none.toml", without.encode())
    table = a_file(tmp_path, "register.csv", b"family,given,birth date\nWeber,Anna,2012-04-03\n")
    said = desk.run("model", "relatives", table, tmp_path / "c.toml", "--version", "c", "--base", base)

    assert (said.status, "weighs no relatives" in said.err) == (2, True)
