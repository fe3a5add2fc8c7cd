"""``porion import``: an outcome for each file, for people and for machines."""

from __future__ import annotations

import os
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from porion.cli.bring import PATIENCE, counted
from porion.services.incoming import Skipped
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, file_bytes, uid
from tests.cli.desk import Desk, a_file

KEYS = ["path", "outcome", "reason", "sopInstanceUid", "imageId", "category"]


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    folder = tmp_path / "disc"
    a_file(folder, "a/pan.dcm", a_panoramic())
    a_file(folder, "a/pan2.dcm", a_panoramic())
    a_file(folder, "b/pan-other.dcm", a_panoramic(PatientName="Anders^Anna"))
    a_file(folder, "b/readme.txt", b"Open me with the viewer.")
    a_file(folder, "c/broken.dcm", bytes(128) + b"DICM" + bytes(40))
    with zipfile.ZipFile(folder / "volume.zip", "w") as archive:
        for n, made in enumerate(a_cbct_series(3)):
            archive.writestr(f"{n}.dcm", file_bytes(made))
    return folder


def test_each_file_has_a_line_and_the_last_line_counts_them(desk: Desk, disc: Path) -> None:
    *lines, last = desk.do("import", disc, "--json").lines
    assert all(list(line) == KEYS for line in lines)
    outcomes = {line["path"].removeprefix(f"{disc}/"): line["outcome"] for line in lines}
    assert outcomes == {
        "a/pan.dcm": "pending",
        "a/pan2.dcm": "duplicate",
        "b/pan-other.dcm": "conflict",
        "b/readme.txt": "skipped",
        "c/broken.dcm": "quarantined",
        "volume.zip!0.dcm": "pending",
        "volume.zip!1.dcm": "pending",
        "volume.zip!2.dcm": "pending",
    }
    assert last == {"summary": {"duplicate": 1, "pending": 4, "conflict": 1, "skipped": 1, "quarantined": 1}}


def test_a_line_names_the_image_and_what_it_shows(desk: Desk, disc: Path) -> None:
    lines = {Path(line["path"]).name: line for line in desk.do("import", disc, "--json").lines[:-1]}
    pan = lines["pan.dcm"]
    assert (pan["sopInstanceUid"], pan["category"], pan["reason"]) == (uid("panoramic", 1), "PANORAMIC", None)
    volume = [line for path, line in lines.items() if path.startswith("volume.zip!")]
    assert {line["category"] for line in volume} == {"CBCT"}
    assert len({line["imageId"] for line in volume}) == 1
    assert lines["broken.dcm"]["imageId"] is None


def test_whatever_was_not_taken_says_why(desk: Desk, disc: Path) -> None:
    lines = desk.do("import", disc, "--json").lines[:-1]
    assert all(line["reason"] for line in lines if line["outcome"] not in {"pending", "duplicate"})


def test_a_second_run_changes_nothing(desk: Desk, disc: Path) -> None:
    desk.do("import", disc)
    second = desk.do("import", disc, "--json").lines[-1]
    assert second == {"summary": {"duplicate": 6, "skipped": 1, "quarantined": 1}}


def test_people_read_what_needs_a_word_and_the_counts(desk: Desk, disc: Path) -> None:
    said = desk.do("import", disc)
    counts, shown, what_next = said.out.splitlines()[-3:]
    assert counts == "8 files: 1 conflict, 1 duplicate, 4 pending, 1 quarantined, 1 skipped."
    assert "PANORAMIC" in shown
    assert "porion pending list" in what_next
    assert "readme.txt" in said.out
    assert "pan.dcm" not in said.out
    assert said.err == ""


def test_an_empty_folder_is_no_error(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert desk.do("import", tmp_path / "empty").out == "0 files: nothing found.\n"


def test_nothing_is_taken_when_a_path_is_mistyped(desk: Desk, disc: Path) -> None:
    said = desk.run("import", disc, disc / "nowhere")
    assert said.status == 5
    assert said.err == f"There is nothing at {disc}/nowhere.\n"
    assert desk.do("pending", "list", "--json").lines == []


def test_a_name_that_would_steer_the_terminal_is_written_out(desk: Desk, tmp_path: Path) -> None:
    a_file(tmp_path, "disc/\x1b[31m[bold]:skull:.txt", b"text")
    said = desk.do("import", tmp_path / "disc")
    assert r"\x1b[31m[bold]:skull:.txt" in said.out
    assert "\x1b" not in said.out


def test_a_name_that_is_no_text_is_still_json(desk: Desk, tmp_path: Path) -> None:
    name = os.fsdecode(b"r\xf6ntgen.dcm")
    a_file(tmp_path, f"disc/{name}", a_lateral_ceph())
    (line, _) = desk.do("import", tmp_path / "disc", "--json").lines
    assert line["outcome"] == "pending"
    assert "ntgen.dcm" in line["path"]


def looked_through(console: Console, step: float) -> str:
    """What a console showed while three files were found, ``step`` seconds apart."""
    clock = iter(range(10))
    found = [Skipped(f"{n}.txt", "text") for n in range(3)]
    assert list(counted(found, console, lambda: next(clock) * step)) == found
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_counter_waits_a_moment_and_shows_only_at_a_terminal() -> None:
    assert "3 files" in looked_through(Console(file=StringIO(), force_terminal=True), PATIENCE * 2)
    assert looked_through(Console(file=StringIO(), force_terminal=True), PATIENCE / 10) == ""
    assert looked_through(Console(file=StringIO()), PATIENCE * 2) == ""


def test_the_counter_is_taken_away_when_the_work_stops_in_between() -> None:
    console = Console(file=StringIO(), force_terminal=True)
    clock = iter((0.0, 9.0))
    watched = counted([Skipped("a", "text"), Skipped("b", "text")], console, lambda: next(clock))
    next(watched)
    watched.close()
    assert isinstance(console.file, StringIO)
    assert "\x1b[?25h" in console.file.getvalue()  # The cursor is shown again.
