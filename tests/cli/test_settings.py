"""Settings: one table, read once, each mistake a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from porion.cli.settings import TABLE, read_settings
from porion.services.errors import Invalid

SOURCES = Path(__file__).parents[2] / "src" / "porion"


def test_every_setting_says_what_it_is() -> None:
    for row in TABLE:
        assert row.help.endswith("."), row.name
        assert row.variable == f"PORION_{row.name.upper()}"


def test_no_other_variable_is_read_anywhere() -> None:
    used = {
        variable
        for path in SOURCES.rglob("*.py")
        for variable in re.findall(r"\bPORION_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert used == {row.variable for row in TABLE}


def test_without_any_variable_everything_has_a_default() -> None:
    settings = read_settings(environment={})
    assert settings.data.is_absolute()
    assert settings.data.name == "porion"
    assert (settings.database, settings.hosts, settings.crash_at) == ("", (), "")
    assert settings.workers >= 1
    assert settings.upload_limit == 4 << 30


@pytest.mark.parametrize(("cores", "receivers"), [(None, 2), (1, 2), (2, 2), (8, 4)])
def test_half_the_cores_receive_and_never_one_alone(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, receivers: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert read_settings(environment={}).receivers == receivers
    assert read_settings(environment={"PORION_RECEIVERS": "1"}).receivers == 1


def test_an_empty_variable_is_the_same_as_none() -> None:
    empty = {row.variable: "" for row in TABLE}
    assert read_settings(environment=empty) == read_settings(environment={})


def test_the_command_line_goes_before_the_environment(tmp_path: Path) -> None:
    environment = {"PORION_DATA": "/somewhere/else"}
    assert read_settings(tmp_path, environment).data == tmp_path
    assert read_settings(None, environment).data == Path("/somewhere/else")


def test_a_data_directory_may_begin_with_the_home_directory() -> None:
    assert read_settings(environment={"PORION_DATA": "~/xrays"}).data == Path.home().resolve() / "xrays"


def test_hosts_are_separated_by_commas() -> None:
    settings = read_settings(environment={"PORION_HOSTS": "xrays.clinic.example, , 10.0.0.5 "})
    assert settings.hosts == ("xrays.clinic.example", "10.0.0.5")


@pytest.mark.parametrize("variable", ["PORION_WORKERS", "PORION_UPLOAD_LIMIT"])
@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "²", " "])
def test_a_count_that_is_none_is_told_with_its_name(variable: str, text: str) -> None:
    with pytest.raises(Invalid, match=variable):
        read_settings(environment={variable: text})
