"""``porion patients``: the register from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import a_panoramic
from tests.cli.desk import Desk, a_file

TABLE = """Patient ID;Family name;Given name;Birth date;Sex
10442;Müller;Anna;03.04.2012;w
10443;;;04.04.2012;w
10444;Okafor;Daniel;21.11.2010;m
"""


def test_a_patient_is_added_found_and_shown(desk: Desk) -> None:
    anna = desk.add_patient("Müller", "Anna", "2012-04-03", "10442")
    desk.add_patient("Okafor", "Daniel", "2010-11-21", "10517")
    (found,) = desk.do("patients", "list", "mueller", "--json").lines
    assert (found["id"], found["given"], found["birthDate"]) == (anna, "Anna", "2012-04-03")
    assert found["identifiers"] == [{"value": "10442", "issuer": "CLINIC"}]
    assert desk.do("patients", "show", anna).out.startswith("Müller, Anna *2012-04-03 #10442\n")
    assert "Okafor, Daniel *2010-11-21 #10517" in desk.do("patients", "list").out


def test_an_exposure_stands_under_its_patient(desk: Desk, tmp_path: Path) -> None:
    anna = desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    desk.do("import", a_file(tmp_path, "pan.dcm", a_panoramic()))
    (item,) = desk.do("pending", "list", "--json").lines
    desk.do("pending", "link", item["id"], "--patient", anna, "--verified", "name", "--verified", "birthDate")
    (told,) = desk.do("patients", "show", anna, "--json").document["exposures"]
    assert (told["category"], told["dapMgycm2"], told["kvp"]) == ("PANORAMIC", 81, 85)
    assert "PANORAMIC" in desk.do("patients", "show", anna).out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--birth-date", "03.04.2012"], "03.04.2012 is no date: write it as YYYY-MM-DD."),
        (["--sex", "unicorn"], "unicorn is no sex that DICOM knows: write F, M or O"),
    ],
)
def test_what_cannot_be_a_patient_is_told(desk: Desk, options: list[str], words: str) -> None:
    said = desk.run("patients", "add", "--family", "Müller", *options)
    assert said.status == 2
    assert words in said.err


@pytest.mark.parametrize(("word", "sex"), [("f", "F"), ("female", "F"), ("w", "F"), ("O", "O"), ("", None)])
def test_a_sex_is_taken_as_people_write_it(desk: Desk, word: str, sex: str | None) -> None:
    assert desk.do("patients", "add", "--family", "A", "--sex", word, "--json").document["sex"] == sex


def test_two_entries_become_one(desk: Desk) -> None:
    stays, goes = desk.add_patient("Müller", "Anna"), desk.add_patient("Mueller", "Anna")
    said = desk.do("patients", "merge", stays, goes, "--reason", "entered twice")
    assert said.out == f"{goes} was merged into Müller, Anna.\n"
    assert desk.do("patients", "show", goes, "--json").document["mergedInto"] == stays


def test_a_merge_is_taken_back(desk: Desk) -> None:
    stays, goes = desk.add_patient("Müller", "Anna"), desk.add_patient("Miller", "Anna")
    desk.do("patients", "merge", stays, goes, "--reason", "entered twice")
    said = desk.do("patients", "unmerge", goes, "--reason", "cousins")
    assert said.out == "Miller, Anna is back with 0 items; Müller, Anna stays.\n"
    assert desk.do("patients", "show", goes, "--json").document["mergedInto"] is None


def test_an_unknown_patient_is_told(desk: Desk) -> None:
    assert desk.run("patients", "show", "nobody").status == 5


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return a_file(tmp_path, "register.csv", TABLE.encode("cp1252"))


def test_a_register_comes_in_with_a_report_for_each_row(desk: Desk, table: Path) -> None:
    *rows, last = desk.do("patients", "import", table, "--json").lines
    assert [(row["number"], row["result"]) for row in rows] == [(2, "added"), (3, "refused"), (4, "added")]
    assert last == {"summary": {"added": 2, "refused": 1}}
    assert "no name" in rows[1]["reason"]


def test_people_read_how_it_was_read_and_what_was_refused(desk: Desk, table: Path) -> None:
    said = desk.do("patients", "import", table)
    assert "DD.MM.YYYY" in said.out
    assert "no name" in said.out
    assert said.out.endswith("2 added, 1 refused.\n")


def test_a_dry_run_changes_nothing(desk: Desk, table: Path) -> None:
    assert desk.do("patients", "import", table, "--dry-run").out.endswith("Would be: 2 added, 1 refused.\n")
    assert desk.do("patients", "list", "--json").lines == []


def test_a_table_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("patients", "import", tmp_path / "nowhere.csv").status == 2
