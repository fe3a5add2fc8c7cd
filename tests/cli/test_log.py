"""The log: standard error, JSON, and nobody's name."""

from __future__ import annotations

import json
from contextlib import redirect_stderr
from io import StringIO

import pytest
import structlog

from porion.cli.log import ALLOWED, log_to_standard_error, only_allowed


@pytest.fixture(autouse=True)
def _defaults_afterwards() -> object:
    yield
    structlog.reset_defaults()


def test_a_line_is_json_on_standard_error_and_nothing_is_on_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_standard_error()
    structlog.get_logger("x").error("unexpected error", number="1", kind="KeyError")

    out, err = capsys.readouterr()
    line = json.loads(err)
    assert (out, line["event"], line["level"], line["kind"]) == ("", "unexpected error", "error", "KeyError")


def test_what_is_not_allowed_is_left_out_and_counted() -> None:
    kept = only_allowed(None, "error", {"event": "odd", "patient": "Beispiel^Anna", "kind": "KeyError"})

    assert kept == {"event": "odd (1 values left out)", "kind": "KeyError"}
    assert set(kept) <= ALLOWED


def test_the_log_follows_standard_error_and_outlives_a_closed_one(capsys: pytest.CaptureFixture[str]) -> None:
    with redirect_stderr(StringIO()) as gone:
        log_to_standard_error()
    gone.close()

    structlog.get_logger("x").error("unexpected error")

    assert "unexpected error" in capsys.readouterr().err
