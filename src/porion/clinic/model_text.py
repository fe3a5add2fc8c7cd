"""A model as the text of its file (docs/matching.md): TOML that a person can read, compare and correct."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from porion.clinic.model import LADDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from porion.clinic.model import Model, Others

FORMAT = 1

SETTINGS = (
    (
        "imagined",
        "people from outside who are counted with the register's when a value's commonness is taken",
    ),
    ("in_register", "share of claimed people whom the register holds"),
    ("certain_bits", "open-set log2 odds that *certain* takes"),
    ("certain_gap", "bits ahead of the next answer that *certain* takes"),
    ("probable_bits", "log2 odds that *probable* takes"),
    ("level_bits", "candidates nearer to one another than this are told as ambiguous"),
    ("shortlist", "the most candidates that are weighed against one another"),
    ("reach", "bits behind the best up to which candidates are weighed"),
)
"""The model's single numbers, each with what it means."""

_HEAD = """\
# A model of Porion's matcher: what agreement and disagreement are worth (docs/matching.md).
# m is the share of true pairs that show a level, u the share of strangers that do; log2(m/u) are its bits.
# `porion model check FILE` says what is wrong with a model, `porion model show` reads it aloud.
"""


_SLIPS = "  # slips: the share of the true pairs that a slip of the pen made"


def model_text(model: Model) -> str:
    """The file of a model; read again, it is the same model."""
    return "\n".join((_HEAD, *_lines(model))) + "\n"


def _lines(model: Model) -> Iterator[str]:
    yield f"format = {FORMAT}"
    yield f"version = {_string(model.version)}"
    yield "\n[settings]"
    yield from (f"{name} = {_number(getattr(model, name))}  # {meaning}" for name, meaning in SETTINGS)
    for field in LADDERS:
        slips = any(row.slips for row in model.weights if row.field == field)
        yield f"\n[fields.{field}]{_SLIPS if slips else ''}"
        yield from _aligned(_ladder(model, field))
    yield "\n[rarity]  # of values that the register counts"
    for field, rarity in model.rarities.items():
        share = f"rarest = {_number(rarity.rarest)}, fewest = {rarity.fewest}"
        yield f"{field} = {{ {share}, source = {_string(rarity.source)} }}"
    yield "\n[readings]  # what a reading of a name costs against the name as stated"
    for way, cost in model.reading_costs.items():
        stated = f"bits = {_number(cost.bits)}, source = {_string(cost.source)}"
        yield f"{way.name.lower()} = {{ {stated} }}  # {way}"
    for others in model.others:
        yield from _others(others)


def _ladder(model: Model, field: str) -> Iterator[tuple[str, ...]]:
    rows = {row.level: row for row in model.weights if row.field == field}
    for level in LADDERS[field]:
        row = rows[level]
        share = f"= {{ m = {_number(row.m)},", f"u = {_number(row.u)},"
        slips = f"slips = {_number(row.slips)}," if row.slips else ""
        source = f"source = {_string(row.source)} }}"
        yield level.name.lower(), *share, slips, source, f"# {row.bits:+.1f}: {level}"


def _aligned(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width)
        yield " ".join(cells).rstrip()


def _others(others: Others) -> Iterator[str]:
    yield "\n[[others]]"
    yield f"name = {_string(others.name)}"
    yield f"expected = {_number(others.expected)}  # how many of them the register holds of a claimed person"
    yield f"reason = {_string(others.reason)}"
    yield f"source = {_string(others.source)}"
    if others.as_one:
        yield f"as_one = {json.dumps(others.as_one)}  # fields in which they agree as one person does"
    for field, levels in LADDERS.items():
        stated = [level for level in levels if (field, level) in others.shares]
        if stated and field not in others.as_one:
            yield f"\n[others.shares.{field}]  # shares of pairs of {others.name}, where strangers' differ"
            yield from (f"{level.name.lower()} = {_number(others.shares[field, level])}" for level in stated)


def _number(value: float) -> str:
    """All digits, and none of them behind an exponent."""
    return f"{Decimal(repr(value)):f}"


def _string(text: str) -> str:
    # A JSON string without escaped letters is a TOML string, but for one control character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
