"""The command itself: its help, its errors, and terminals that lack a letter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.desk import Desk

COMMANDS = [
    "demo",
    "serve",
    "import",
    "inspect",
    "match",
    "patients",
    "pending",
    "user",
    "token",
    "audit",
]


def test_help_names_every_command(desk: Desk) -> None:
    told = desk.do("--help").out
    assert all(command in told for command in COMMANDS)
    assert desk.do("-h").out == told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(desk: Desk, command: str) -> None:
    assert "Usage: " in desk.do(command, "--help").out


@pytest.mark.parametrize("words", [["imprt"], ["import"], ["patients", "show"], ["match", "--out"]])
def test_a_mistyped_command_is_wrong_usage(desk: Desk, words: list[str]) -> None:
    said = desk.run(*words)
    assert said.status == 2
    assert "Traceback" not in said.err


def test_an_error_is_a_sentence_on_standard_error(desk: Desk) -> None:
    said = desk.run("pending", "show", "[red]nothing[/red]")
    assert (said.status, said.out) == (5, "")
    assert said.err == "There is no pending item [red]nothing[/red] in this clinic.\n"


def test_a_data_directory_that_is_a_file_is_told(desk: Desk) -> None:
    desk.data.write_text("a file")
    said = desk.run("patients", "list")
    assert said.status == 7
    assert str(desk.data) in said.err


def test_a_database_that_is_none_is_told(desk: Desk) -> None:
    desk.data.mkdir()
    (desk.data / "porion.sqlite").write_text("These are not the rows you are looking for. " * 100)
    said = desk.run("patients", "list")
    assert said.status == 7
    assert "database" in said.err


def test_a_terminal_without_umlauts_gets_their_numbers(desk: Desk) -> None:
    desk.add_patient("Müller", "Zoë")
    told = in_a_process(desk.data, "patients", "list", PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr) == (0, "")
    assert r"M\xfcller, Zo\xeb" in told.stdout


def test_a_reader_that_goes_away_is_no_stack_trace(desk: Desk) -> None:
    told = subprocess.run(
        ["bash", "-c", f"{sys.executable} -c '{RUN}' --help | true"],  # `true` reads nothing.
        env=os.environ | {"PORION_DATA": str(desk.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in told.stderr


RUN = "from porion.cli.main import run; run()"


def in_a_process(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    environment = {**os.environ, "PORION_DATA": str(data), "PORION_WORKERS": "1", **environment}
    command = [sys.executable, "-c", RUN, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
