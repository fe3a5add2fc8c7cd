"""The conformance statement says what the tables say."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from porion.dimse.conformance import filled
from porion.dimse.limits import Limits
from porion.dimse.negotiation import DEFLATED, storage_classes, storage_syntaxes
from porion.dimse.statuses import Status
from porion.http.dicomweb.conformance import TABLES

STATEMENT = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text()


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert filled(STATEMENT, TABLES) == STATEMENT, "run script/conformance"


def test_every_table_is_in_it() -> None:
    for uid in (*storage_classes(), *storage_syntaxes(), *DEFLATED):
        assert f"`{uid}`" in STATEMENT
    for status in Status:
        assert f"| {status.value:04X}H |" in STATEMENT
    for limit in fields(Limits):
        assert f"| {limit.name} |" in STATEMENT


def test_a_table_that_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="colours"):
        filled("<!-- table colours --><!-- end -->", {})
