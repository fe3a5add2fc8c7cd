"""A model of Splink as one of ours: what it has learned, taken over level by level, and every change told.

Splink 5 writes its models as JSON (`linker.misc.save_model_to_json`): comparisons of columns, each with
levels from the most agreement to the least, and their m and u where training gave any.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from porion.clinic.levels import Level
from porion.clinic.model import LADDERS, NEUTRAL, Model, Others, Weight, shared_as_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "given": "given",
        "givenname": "given",
        "firstname": "given",
        "forename": "given",
        "middle": "middle",
        "middlename": "middle",
        "family": "family",
        "familyname": "family",
        "lastname": "family",
        "surname": "family",
        "birthdate": "birthDate",
        "dateofbirth": "birthDate",
        "dob": "birthDate",
        "born": "birthDate",
        "patientid": "patientId",
        "number": "patientId",
        "mrn": "patientId",
        "sex": "sex",
        "gender": "sex",
        "suffix": "suffix",
    }
)
"""Our field for a comparison's name, without case and whatever is no letter."""


class Wording(NamedTuple):
    """What a label of Splink's own comparisons means in some of our fields."""

    label: str
    fields: tuple[str, ...]
    level: Level


WORDINGS = (
    Wording(r"exact match", tuple(LADDERS), Level.SAME),
    Wording(r"jaro.?winkler.*>= *(1|0\.9[2-9])", ("given", "middle", "family"), Level.CLOSE),
    Wording(r"jaro.?winkler.*>= *0\.[89]", ("given", "family"), Level.SIMILAR),
    Wording(r"levenshtein.*<= *1\b", ("birthDate", "patientId"), Level.ONE_EDIT),
    Wording(r"levenshtein.*<= *2\b", ("birthDate",), Level.TWO_EDITS),
    Wording(r"all other comparisons|else", tuple(LADDERS), Level.OTHER),
)
"""The first that fits counts. Before these, a label that is a level's own name or words is that level."""

LEAST = {"m_probability": 1e-3, "u_probability": 1e-9}
"""Expectation maximisation drives what it hardly saw towards nothing: below these it has learned nothing.

Some thousand true pairs show what one in a thousand of them shows a handful of times.
"""


class NotSplink(ValueError):
    """A text that is no model of Splink; the message says why."""


class Change(NamedTuple):
    """What became of one level: its bits before and after (None where it has none), and why."""

    field: str
    level: str
    before: float | None
    after: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Converted:
    """Our model with what Splink has learned, and all that was changed, kept or left out."""

    model: Model
    changes: tuple[Change, ...]


def convert(text: str, base: Model, version: str) -> Converted:
    """The model of a text that Splink saved, on top of ours; NotSplink says why it cannot be one."""
    changes: list[Change] = []
    learned = _learned(_comparisons(text), changes)
    if not learned:
        raise NotSplink("none of its levels is trained and known here (docs/matching.md lists them)")
    weights: list[Weight] = []
    for field, levels in LADDERS.items():
        rows = {row.level: row for row in base.weights if row.field == field}
        weights += _ladder([rows[level] for level in levels], learned, base.version, changes)
    others = tuple(_others(one, weights) for one in base.others)
    return Converted(replace(base, version=version, weights=tuple(weights), others=others), tuple(changes))


def _comparisons(text: str) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """The comparisons' names, each with its levels."""
    try:
        saved = json.loads(text)
    except (ValueError, RecursionError):
        raise NotSplink("the text is no JSON") from None
    comparisons = saved.get("comparisons") if isinstance(saved, dict) else None
    if not isinstance(comparisons, list):
        raise NotSplink("it has no list of comparisons")
    for comparison in comparisons:
        levels = comparison.get("comparison_levels") if isinstance(comparison, dict) else None
        if not isinstance(levels, list) or not all(isinstance(level, dict) for level in levels):
            raise NotSplink("a comparison has no list of levels")
        yield str(comparison.get("output_column_name", "")), levels


_Learned = dict[tuple[str, Level], Weight]


def _learned(
    comparisons: Iterator[tuple[str, Sequence[Mapping[str, Any]]]], changes: list[Change]
) -> _Learned:
    """The weights of the levels that are trained and known here; those that are one of ours are added up."""
    learned: _Learned = {}
    for name, levels in comparisons:
        field = COLUMNS.get(re.sub("[^a-z]", "", name.casefold()))
        if field is None:
            changes.append(Change(name, "", None, None, "left out: no field of ours"))
            continue
        for level in (level for level in levels if not level.get("is_null_level")):
            label = str(level.get("label_for_charts", ""))
            ours = level_of(field, label)
            shares = _shares(level)
            if ours is None or shares is None:
                why = "no level of ours" if ours is None else "Splink has hardly seen it"
                changes.append(Change(field, label, None, None, f"left out: {why}"))
                continue
            before = learned.get((field, ours), Weight(field, ours, 0, 0, ""))
            m, u = (min(1.0, old + new) for old, new in zip(before[2:4], shares, strict=True))
            source = "; ".join(filter(None, (before.source, f"“{label[:100]}”")))
            learned[field, ours] = Weight(field, ours, m, u, source)
    return learned


def level_of(field: str, label: str) -> Level | None:
    """Our level for Splink's label, if we have one."""
    for level in LADDERS[field]:
        if label.casefold() in (level.value, level.name.lower()):
            return level
    for wording in WORDINGS:
        if field in wording.fields and re.search(wording.label, label, re.IGNORECASE):
            return wording.level if wording.level in LADDERS[field] else None
    return None


def _shares(level: Mapping[str, Any]) -> tuple[float, float] | None:
    """Its m and u, in six digits, if a level was trained."""
    m, u = (_share(level.get(name), least) for name, least in LEAST.items())
    return None if m is None or u is None else (m, u)


def _share(value: Any, least: float) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= 1:
        return None
    return _digits(value)


def _ladder(rows: Sequence[Weight], learned: _Learned, base: str, changes: list[Change]) -> Iterator[Weight]:
    """One field's weights from the most agreement to the least, none above what agrees better."""
    field = rows[0].field
    if _upside_down(field, learned):
        changes.append(Change(field, "", None, None, f"kept from {base}: Splink has it upside down"))
        learned = {}
    above: Weight | None = None
    for row in rows:
        if row.level in NEUTRAL:
            yield row
            continue
        new = learned.get((field, row.level))
        why = "learned" if new else f"kept from {base}: Splink has not learned it"
        taken = _taken(row, new) if new else _kept(row, base)
        if above is not None and taken.bits > above.bits:
            clamp = f"{taken.bits:.1f} bits clamped to those of {above.level.name.lower()}"
            taken = _clamped(taken, above)._replace(source=f"{clamp}; {taken.source}"[:500])
            why = f"{why}; {clamp}"
        changes.append(Change(field, row.level.name.lower(), row.bits, taken.bits, why))
        above = taken
        yield taken


def _taken(row: Weight, new: Weight) -> Weight:
    """The row as learned; who else bears a spelling is nothing that Splink looks at."""
    return row._replace(m=new.m, u=new.u, source=f"learned by Splink: {new.source}"[:500])


def _clamped(row: Weight, above: Weight) -> Weight:
    """The row with the bits of the one above: strangers may show a level more often than a sample of them.

    Its m stays where it can, as it is held against the shares of relatives and namesakes too.
    """
    ratio = above.m / above.u
    u = min(1.0, _digits(row.m / ratio))
    return row._replace(u=u, m=row.m if u < 1 else _digits(ratio))


def _digits(share: float) -> float:
    return float(f"{share:.6g}")


def _upside_down(field: str, learned: _Learned) -> bool:
    """Whether agreement speaks against the same person, or disagreement for it: then nothing was learned."""
    same, other = (learned.get((field, level)) for level in (Level.SAME, Level.OTHER))
    return (same is not None and same.bits <= 0) or (other is not None and other.bits >= 0)


def _kept(row: Weight, base: str) -> Weight:
    if row.source.startswith("kept from"):
        return row
    return row._replace(source=f"kept from {base}: {row.source}"[:500])


def _others(others: Others, weights: Sequence[Weight]) -> Others:
    own = {key: share for key, share in others.shares.items() if key[0] not in others.as_one}
    shares = shared_as_one(weights, others.as_one) | own
    return others._replace(shares=MappingProxyType(shares))
