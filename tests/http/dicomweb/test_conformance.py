from __future__ import annotations

from pathlib import Path

from porion.dimse.conformance import filled
from porion.http.dicomweb.conformance import TABLES
from porion.services.search_keys import KEYS

STATEMENT = (Path(__file__).parents[3] / "docs" / "conformance.md").read_text()


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert filled(STATEMENT, TABLES) == STATEMENT, "run script/conformance"
    for name, make in TABLES.items():
        assert f"<!-- table {name} -->\n\n{make()}\n" in STATEMENT


def test_every_key_is_in_it() -> None:
    for key in KEYS:
        assert f"| {key.keyword} |" in STATEMENT
