"""A table's rows for the register."""

from __future__ import annotations

from porion.cli.register_table import register_rows
from porion.folder.csv_rows import parse_patients


def test_each_row_keeps_its_number_and_its_problems() -> None:
    table = parse_patients(
        b"family_name,given_name,birth_date\nM\xc3\xbcller,Anna,2012-04-03\n,,\nBerg,Tom,soon\n"
    )
    rows = register_rows(table)
    assert [row.number for row in rows] == [one.number for one in table.rows]
    assert rows[0].person.name.family == "Müller"
    assert [bool(row.problems) for row in rows] == [bool(one.problems) for one in table.rows]
