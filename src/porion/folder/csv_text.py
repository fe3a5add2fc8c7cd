"""From the bytes of a table to its cells: which encoding, which delimiter, one row after the other."""

from __future__ import annotations

import codecs
import csv
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = (",", ";", "\t")

# The marks of The Unicode Standard section 23.8; UTF-32 first, for its mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was in; a byte that the encoding lacks becomes U+FFFD.

    A mark decides; without one, UTF-16 if every other byte of the beginning is zero, UTF-8 if it is
    that throughout, else Windows-1252, which European spreadsheets write.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _without_mark(data)
    return data.decode(encoding, "replace"), encoding


def _without_mark(data: bytes) -> str:
    start = data[:200]
    if start[1::2].count(0) > len(start) // 3:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 3:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def cells(text: str, delimiter: str) -> Iterator[list[str] | csv.Error]:
    """The rows from the first on; an error that ends the table is its last row."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from rows
    except csv.Error as error:
        yield error
