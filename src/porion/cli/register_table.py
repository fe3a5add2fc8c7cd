"""A table of patients, as the register takes it over."""

from __future__ import annotations

from porion.folder.csv_rows import CsvTable
from porion.services.import_patients import RegisterRow


def register_rows(table: CsvTable) -> tuple[RegisterRow, ...]:
    """A table's rows as the register takes them over."""
    return tuple(RegisterRow(row.number, row.claim, row.problems) for row in table.rows)
