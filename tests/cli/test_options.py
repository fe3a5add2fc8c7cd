"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk import Desk


def test_the_data_directory_comes_from_the_option_or_else_from_the_environment(
    desk: Desk, tmp_path: Path
) -> None:
    desk.add_patient("Beispiel", "Anna")
    other = tmp_path / "other"
    assert desk.do("patients", "list", "--data", other, "--json").lines == []
    assert len(desk.do("patients", "list", "--data", desk.data, "--json", PORION_DATA=str(other)).lines) == 1
    assert len(desk.do("patients", "list", "--json").lines) == 1


@pytest.mark.parametrize("command", [["patients", "list"], ["pending", "list"], ["audit", "list"]])
def test_a_list_shows_at_least_one_and_not_endlessly_many(desk: Desk, command: list[str]) -> None:
    for limit in ("0", "-1", "100000000000000000000"):
        assert desk.run(*command, "--limit", limit).status == 2


def test_a_list_ends_at_its_limit(desk: Desk) -> None:
    for given in ("Anna", "Berta", "Carla"):
        desk.add_patient("Beispiel", given)
    assert len(desk.do("patients", "list", "--limit", "2", "--json").lines) == 2
