"""Reading a patients' table (CSV) that a practice program or a spreadsheet exported.

Every cell is data: a name may begin with ``=`` and stays as it is. A bad row never stops the others.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from porion.dicom.identity import SEXES
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.folder.birth_dates import DateColumn, date_column
from porion.folder.csv_columns import REQUIRED, column_of, columns_of, repeated
from porion.folder.csv_text import DELIMITERS, cells, decoded
from porion.folder.files import open_regular
from porion.folder.labels import shown, shown_error
from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_BYTES = 64 << 20

# Words of English, German, French and Spanish exports, beside the codes that a header may hold.
_SEX_WORDS = {
    "F": "weiblich, woman, girl, frau, femme, féminin, mujer, femenino",
    "M": "männlich, maennlich, man, boy, mann, h, homme, masculin, hombre, masculino",
    "O": "divers, non-binary, autre, otro",
    "": ", u, unknown, unbekannt, inconnu, desconocido, -, ?",
}
_SEX_OF = {code.casefold(): sex for code, sex in SEXES.items()}
_SEX_OF |= {word.strip(): sex for sex, words in _SEX_WORDS.items() for word in words.split(",")}
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


class UnreadableCsv(Invalid):
    """The file is no table of patients; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One person of the table.

    ``number`` counts rows as a spreadsheet does, the header being 1. ``id`` is the row's own ID, if it
    has one. ``problems`` are sentences for a person; what they speak of is left out of ``claim``.
    """

    number: int
    id: str | None
    claim: ClaimedIdentity
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A patients' table, and how it was read, to be shown before anything is taken over.

    ``date_format`` names the formats found, ``"DD/MM/YYYY or MM/DD/YYYY"`` when the column leaves that
    open. ``ignored`` are the columns that were not used.
    """

    encoding: str
    delimiter: str
    date_format: str
    rows: tuple[CsvRow, ...]
    ignored: tuple[str, ...] = ()


def read_patients(path: Path) -> CsvTable:
    """See :func:`parse_patients`; UnreadableCsv also when the file cannot be read or has more than 64 MiB."""
    try:
        with open_regular(path.resolve()) as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableCsv(f"The file cannot be read ({shown_error(error)}).") from error
    return parse_patients(data)


def parse_patients(data: bytes) -> CsvTable:
    """The table in these bytes; encoding, delimiter and date format are recognised.

    UnreadableCsv when it is no table of patients: binary data, too large, or columns missing.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableCsv(f"The file is larger than {MOST_BYTES >> 20} MiB; split it.")
    text, encoding = decoded(data)
    if "\0" in text:
        raise UnreadableCsv("The file holds binary data; save the table as CSV and try again.")
    skipped, text = _without_separator_line(text)
    delimiter = max(DELIMITERS, key=lambda one: len(columns_of(_header(text, one))))
    header = _header(text, delimiter)
    _must_be_patients(header)
    records = list(_records(text, delimiter, header, skipped + 2))
    dates = date_column(record.value("birth_date") for record in records)
    rows = _marked_repetitions(tuple(record.row(dates) for record in records))
    ignored = tuple(shown(name) for name in header if name.strip() and column_of(name) is None)
    return CsvTable(encoding, delimiter, dates.name, rows, ignored)


def _without_separator_line(text: str) -> tuple[int, str]:
    """The table without the line ``sep=;`` that spreadsheets understand, and how many lines that took."""
    match = re.match(r'"?sep=.?"?\r?\n', text, re.IGNORECASE)
    return (1, text[match.end() :]) if match else (0, text)


def _header(text: str, delimiter: str) -> list[str]:
    first = next(cells(text[:100_000], delimiter), [])
    return [] if isinstance(first, csv.Error) else first


def _must_be_patients(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns_of(header)]
    if missing:
        there = ", ".join(shown(name) for name in header[:20]) or "none"
        raise UnreadableCsv(
            f"This is no table of patients: missing columns {', '.join(missing)}; columns found: {there}."
        )
    if repeated(header):
        raise UnreadableCsv(
            f"Two columns say the same thing: remove or rename {', '.join(map(shown, repeated(header)))}."
        )


@dataclass(frozen=True, slots=True)
class _Record:
    """One row as text."""

    number: int
    values: Mapping[str, str]
    problems: tuple[str, ...] = ()

    def value(self, column: str) -> str:
        return self.values.get(column, "")

    def row(self, dates: DateColumn) -> CsvRow:
        """The row as a claim, with what is wrong with it."""
        birth = dates.read(self.value("birth_date"))
        sex = _SEX_OF.get(self.value("sex").casefold())
        patient_id = self.value("patient_id")
        claim = ClaimedIdentity(
            name=PersonName(
                family=self.value("family_name"),
                given=self.value("given_name"),
                middle=self.value("middle_name"),
                suffix=self.value("suffix"),
            ),
            identifiers=(Identifier(patient_id, self.value("issuer")),) if patient_id else (),
            birth_date=birth.value,
            sex=sex or "",
        )
        problems = (
            "" if claim.name.family or claim.name.given else "no name",
            birth.problem,
            "" if sex is not None else f"the sex {shown(self.value('sex'))} is not understood",
            _shortened(patient_id),
            *self.problems,
        )
        return CsvRow(self.number, self.value("id") or None, claim, tuple(filter(None, problems)))


def _shortened(patient_id: str) -> str:
    if not _SHORTENED.fullmatch(patient_id):
        return ""
    return f"a spreadsheet shortened the patient ID to {patient_id}; export that column as text"


def _records(text: str, delimiter: str, header: list[str], first: int) -> Iterator[_Record]:
    columns = columns_of(header)
    for number, row in enumerate(islice(cells(text, delimiter), 1, None), first):
        if isinstance(row, csv.Error):
            yield _Record(number, {}, (f"the table cannot be read from here on ({row})",))
        elif any(cell.strip() for cell in row):
            values = {name: row[index].strip() for name, index in columns.items() if index < len(row)}
            yield _Record(number, values, tuple(_damage(row, len(header))))


def _damage(row: list[str], width: int) -> Iterator[str]:
    if any(cell.strip() for cell in row[width:]):
        yield f"{len(row)} cells where the header has {width}: quotation marks may be missing"
    if any("\n" in cell or "\r" in cell for cell in row):
        yield "a cell holds a line break: a closing quotation mark may be missing, and rows with it"
    if any("\ufffd" in cell for cell in row):
        yield "holds characters that could not be read; save the table as UTF-8"


def _marked_repetitions(rows: tuple[CsvRow, ...]) -> tuple[CsvRow, ...]:
    """The rows, a problem added to each that repeats an earlier row's ID or patient ID."""
    first: dict[object, int] = {}
    marked = []
    for row in rows:
        keys = (*row.claim.identifiers, *filter(None, [row.id]))
        earlier = {first.setdefault(key, row.number) for key in keys} - {row.number}
        words = tuple(f"the same ID as in row {number}" for number in sorted(earlier))
        marked.append(replace(row, problems=row.problems + words))
    return tuple(marked)
