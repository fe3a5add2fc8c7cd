"""A model read from the text of its file (docs/matching.md), and held against what every model must say."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.clinic.levels import Level
from porion.clinic.model import (
    LADDERS,
    NEUTRAL,
    RARE_FIELDS,
    Cost,
    Model,
    Others,
    Rarity,
    Weight,
    shared_as_one,
)
from porion.clinic.model_text import FORMAT
from porion.clinic.readings import Way
from porion.clinic.toml_tables import Notes, Table, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_SHARE = 1e-15
"""A share of nothing at all would be worth infinitely many bits."""

ROUNDING = 1e-3
"""Bits by which shares of few digits may be off."""

MOST_SLIPS = 0.99
"""Were all of them slips, one name that others bear would rule the patient out."""

MOST_BITS = 100.0
LONGEST_VERSION = 60


class BadModel(ValueError):
    """A text that is no model; ``problems`` are sentences with the line, the field and the level."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_model(text: str) -> Model:
    """The model of a file's text; BadModel says everything that is wrong with it."""
    try:
        document = parsed(text)
    except ValueError as error:
        raise BadModel((f"the text is no TOML: {error}",)) from None
    document.whole("format", FORMAT, FORMAT)
    version = document.words("version", LONGEST_VERSION)
    weights = tuple(_weights(document.table("fields")))
    model = _model(version, weights, document)
    document.finish()
    notes = document.notes
    if not notes.problems:
        _check(model, notes)
    if notes.problems:
        raise BadModel(tuple(notes.problems))
    return model


def _model(version: str, weights: tuple[Weight, ...], document: Table) -> Model:
    settings = document.table("settings")
    model = Model(
        version=version,
        weights=weights,
        reading_costs=MappingProxyType(_costs(document.table("readings"))),
        rarities=MappingProxyType(_rarities(document.table("rarity"))),
        others=tuple(_others(one, weights) for one in document.tables("others")),
        imagined=settings.whole("imagined", 1, 10**9),
        in_register=settings.number("in_register", LEAST_SHARE, 1),
        certain_bits=settings.number("certain_bits", 0, MOST_BITS),
        certain_gap=settings.number("certain_gap", 0, MOST_BITS),
        probable_bits=settings.number("probable_bits", 0, MOST_BITS),
        level_bits=settings.number("level_bits", 0, MOST_BITS),
        shortlist=settings.whole("shortlist", 1, 1_000),
        reach=settings.number("reach", 0, MOST_BITS),
    )
    settings.finish()
    return model


def _weights(fields: Table) -> Iterator[Weight]:
    for field, levels in LADDERS.items():
        rungs = fields.table(field)
        for level in levels:
            row = rungs.table(level.name.lower())
            m, u = row.number("m", LEAST_SHARE, 1), row.number("u", LEAST_SHARE, 1)
            slips = row.number("slips", 0, MOST_SLIPS) if "slips" in row.values else 0.0
            yield Weight(field, level, m, u, row.words("source"), slips)
            row.finish()
        rungs.finish()
    fields.finish()


def _costs(readings: Table) -> dict[Way, Cost]:
    costs = {}
    for way in Way:
        row = readings.table(way.name.lower())
        costs[way] = Cost(row.number("bits", 0, MOST_BITS), row.words("source"))
        row.finish()
    readings.finish()
    return costs


def _rarities(rarity: Table) -> dict[str, Rarity]:
    rarities = {}
    for field in RARE_FIELDS:
        row = rarity.table(field)
        rarest, fewest = row.number("rarest", LEAST_SHARE, 1), row.whole("fewest", 1, 10**6)
        rarities[field] = Rarity(rarest, fewest, row.words("source"))
        row.finish()
    rarity.finish()
    return rarities


def _others(row: Table, weights: tuple[Weight, ...]) -> Others:
    as_one, own = row.some_of("as_one", tuple(LADDERS)), _shares(row.table("shares"))
    for field in sorted({field for field, _ in own} & set(as_one)):
        row.notes.add((*row.path, "as_one"), f"{field} has shares of its own")
    others = Others(
        name=row.words("name"),
        expected=row.number("expected", LEAST_SHARE, 10**6),
        shares=MappingProxyType(shared_as_one(weights, as_one) | own),
        reason=row.words("reason"),
        source=row.words("source"),
        as_one=as_one,
    )
    row.finish()
    return others


def _shares(shares: Table) -> dict[tuple[str, Level], float]:
    """The shares of levels that are stated; the others are those of strangers."""
    found = {}
    for field in [field for field in LADDERS if field in shares.values]:
        rungs = shares.table(field)
        for level in [level for level in LADDERS[field] if level.name.lower() in rungs.values]:
            found[field, level] = rungs.number(level.name.lower(), LEAST_SHARE, 1)
        rungs.finish([level.name.lower() for level in LADDERS[field]])
    shares.finish(LADDERS)
    return found


def _check(model: Model, notes: Notes) -> None:
    """What no single value shows: agreement counts for more than less of it does."""
    for field, levels in LADDERS.items():
        rows = {level: model.bits(field, level) for level in levels}
        for level in NEUTRAL & rows.keys():
            if rows[level]:
                notes.add(_place(field, level), "says nothing: m and u have to be the same")
        for better, worse in pairwise(level for level in levels if level not in NEUTRAL):
            if rows[worse] > rows[better] + ROUNDING:
                told = f"{rows[worse]:.2f} bits are more than the {rows[better]:.2f} of {better.name.lower()}"
                notes.add(_place(field, worse), f"{told}, which agrees better")
        if rows.get(Level.SAME, 1) <= 0:
            notes.add(_place(field, Level.SAME), "has to speak for the same person: m above u")
        if rows[Level.OTHER] >= 0:
            notes.add(_place(field, Level.OTHER), "has to speak against the same person: m below u")
    if model.probable_bits > model.certain_bits:
        notes.add(("settings", "probable_bits"), "is above certain_bits")
    if not model.others:
        notes.add(("others",), "at least relatives or namesakes have to be weighed")


def _place(field: str, level: Level) -> tuple[str, ...]:
    return "fields", field, level.name.lower()
