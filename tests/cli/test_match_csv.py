"""``porion match``: two tables of patients, and each row's candidates, best first."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model_text import model_text
from tests.cli.desk import Desk

HEADER = "id,family_name,given_name,middle_name,birth_date,sex,patient_id,issuer"
DIRECTORY = (
    "d1,Müller,Anna,,2012-04-03,F,10442,CLINIC",
    "d2,Okafor,Daniel,,2010-11-21,M,10517,CLINIC",
    "d3,García López,Sofía,,2013-07-09,F,10618,CLINIC",
    "d4,Jørgensen,Emil,,2009-01-30,M,10702,CLINIC",
    "d5,Meier,Elisabeth,,2011-08-15,F,10801,CLINIC",
    "d6,Smith,Jordan,,2008-02-02,,10900,CLINIC",
)


def a_table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def matched(desk: Desk, folder: Path, *incoming: str) -> dict[str, list[dict[str, str]]]:
    """Each incoming row's candidates, in the order of the result."""
    result = folder / "result.csv"
    desk.do(
        "match", a_table(folder / "d.csv", *DIRECTORY), a_table(folder / "i.csv", *incoming), "--out", result
    )
    found = defaultdict(list)
    with result.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["id"]].append(row)
    return found


def test_another_model_grades_otherwise(desk: Desk, tmp_path: Path) -> None:
    strict = replace(DEFAULT_MODEL, version="strict", certain_bits=90.0, probable_bits=80.0)
    (tmp_path / "strict.toml").write_text(model_text(strict), encoding="utf-8")
    table, out = a_table(tmp_path / "d.csv", *DIRECTORY), tmp_path / "o.csv"
    desk.do("match", table, table, "--out", out, "--model", tmp_path / "strict.toml")

    assert "certain" not in out.read_text(encoding="utf-8")
    assert "possible" in out.read_text(encoding="utf-8")


def test_the_result_has_its_columns_even_without_a_candidate(desk: Desk, tmp_path: Path) -> None:
    assert not matched(desk, tmp_path, "i1,Unheard,Of,,1990-01-01,M,,")
    header = (tmp_path / "result.csv").read_text().splitlines()
    assert header == ["id,rank,grade,patient,bits,vetoes,explanation"]


@pytest.mark.parametrize(
    ("incoming", "patient"),
    [
        ("x,Müller,Anna,,2012-04-03,F,10442,CLINIC", "d1"),
        ("x,Mueller,Anna,,2012-04-03,F,,", "d1"),
        ("x,MULLER,ANNA,,2012-04-03,F,,", "d1"),
        ("x,Anna,Müller,,2012-04-03,F,,", "d1"),
        ("x,Okafor,Dan,,2010-11-21,M,,", "d2"),
        ("x,Garcia Lopez,Sofia,,2013-07-09,F,,", "d3"),
        ("x,Jorgensen,Emil,,2009-01-30,M,,", "d4"),
        ("x,Joergensen,Emil,,2009-01-30,M,,", "d4"),
        ("x,Meyer,Lisa,,2011-08-15,F,,", "d5"),
        ("x,Smith,Jordan,,2008-02-02,,10900,CLINIC", "d6"),
    ],
)
def test_a_name_as_another_device_writes_it_finds_its_patient(
    desk: Desk, tmp_path: Path, incoming: str, patient: str
) -> None:
    best = matched(desk, tmp_path, incoming)["x"][0]
    assert (best["patient"], best["rank"]) == (patient, "1")
    assert best["grade"] in {"certain", "probable"}
    assert best["explanation"]


def test_candidates_come_best_first(desk: Desk, tmp_path: Path) -> None:
    rows = matched(desk, tmp_path, "x,Müller,Anna,,2012-04-03,F,10517,CLINIC")["x"]
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, len(rows) + 1)]
    bits = [float(row["bits"]) for row in rows if not row["vetoes"]]
    assert bits == sorted(bits, reverse=True)


def test_a_row_without_an_id_is_told_and_left_out(desk: Desk, tmp_path: Path) -> None:
    directory = a_table(tmp_path / "d.csv", *DIRECTORY)
    incoming = a_table(tmp_path / "i.csv", "x,Okafor,Daniel,,2010-11-21,M,,", ",Meier,Elisabeth,,never,F,,")
    said = desk.do("match", directory, incoming, "--out", tmp_path / "r.csv")
    assert "i.csv: row 3 has no id and is left out" in said.err
    assert "the birth date never cannot be read" in said.err
    assert said.out.startswith("1 rows against 6 patients;")


def test_of_very_many_mistakes_the_first_are_told(desk: Desk, tmp_path: Path) -> None:
    directory = a_table(tmp_path / "d.csv", *DIRECTORY)
    incoming = a_table(tmp_path / "i.csv", *(f"x{n},Meier,Elisabeth,,never,F,," for n in range(30)))
    said = desk.do("match", directory, incoming, "--out", tmp_path / "r.csv")
    assert said.err.count("\n") == 11
    assert "i.csv: 20 more like these." in said.err


@pytest.mark.parametrize(
    ("directory", "words"),
    [
        ([HEADER, ",Meier,Elisabeth,,,,,"], "no filled column `id`"),
        ([HEADER, "a,Meier,Eva,,,,,", "a,Meier,Ida,,,,,"], "rows 2 and 3 have the same id a"),
        (["id,colour", "1,red"], "no table of patients"),
    ],
)
def test_a_directory_that_cannot_be_matched_against_is_told(
    desk: Desk, tmp_path: Path, directory: list[str], words: str
) -> None:
    (tmp_path / "d.csv").write_text("\n".join(directory))
    incoming = a_table(tmp_path / "i.csv", *DIRECTORY)
    said = desk.run("match", tmp_path / "d.csv", incoming, "--out", tmp_path / "r.csv")
    assert said.status == 2
    assert words in said.err
    assert not (tmp_path / "r.csv").exists()


def test_a_result_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    directory = a_table(tmp_path / "d.csv", *DIRECTORY)
    said = desk.run("match", directory, directory, "--out", tmp_path / "nowhere" / "r.csv")
    assert said.status == 2
    assert said.err.endswith("r.csv cannot be written: No such file or directory.\n")


def test_an_older_result_is_replaced_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_text("old\n" * 1000)
    matched(desk, tmp_path, "x,Okafor,Daniel,,2010-11-21,M,,")
    assert "old" not in (tmp_path / "result.csv").read_text()
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3"])
def test_an_id_that_a_spreadsheet_would_reckon_with_stays_text(
    desk: Desk, tmp_path: Path, hostile: str
) -> None:
    directory = a_table(tmp_path / "d.csv", f'"{hostile}",Okafor,Daniel,,2010-11-21,M,,')
    incoming = a_table(tmp_path / "i.csv", f'"{hostile}",Okafor,Daniel,,2010-11-21,M,,')
    desk.do("match", directory, incoming, "--out", tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["patient"]) == (f"'{hostile}", f"'{hostile}")
