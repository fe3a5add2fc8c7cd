from __future__ import annotations

from pathlib import Path

import pytest

from porion.dimse.requestor_conformance import REQUESTOR_TABLES

STATEMENT = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text()


@pytest.mark.parametrize("name", REQUESTOR_TABLES)
def test_the_statement_has_the_table_as_the_code_has_it(name: str) -> None:
    assert f"<!-- table {name} -->\n\n{REQUESTOR_TABLES[name]()}\n\n<!-- end -->" in STATEMENT
