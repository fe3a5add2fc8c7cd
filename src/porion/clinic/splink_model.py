"""A model of Splink as one of ours: what it has learned, taken over level by level, and every change told.

Splink 5 writes its models as JSON (`linker.misc.save_model_to_json`): comparisons of columns, each with
levels from the most agreement to the least, and their m and u where training gave any.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from math import log2
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from porion.clinic.levels import Level
from porion.clinic.model import LADDERS, NEUTRAL, Cost, Model, Others, Weight, shared_as_one
from porion.clinic.model_file import MOST_SLIPS
from porion.clinic.readings import Way

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

SLIPPED = frozenset(product(("given", "family"), (Level.CLOSE, Level.SIMILAR, Level.OTHER)))
"""The levels that a slip of the pen may have made: they may be told apart by who else bears the spellings."""

HALVES: Mapping[str, bool] = MappingProxyType({"others bear both": False, "hardly anybody bears one": True})
"""What may follow such a level's label after a semicolon, and whether a slip of the pen would show it.

Somebody bears a spelling when the claim's is a patient's, and the patient's is another patient's too.
"""

READING = "reading"
"""The comparison of how a name has to be read; a label is one of our ways of reading, or none."""

LEAST = {"m_probability": 1e-3, "u_probability": 1e-9}
"""Expectation maximisation drives what it hardly saw towards nothing: below these it has learned nothing.

Some thousand true pairs show what one in a thousand of them shows a handful of times.
"""


_UNSEEN = "left out: Splink has hardly seen it"


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
    comparisons = tuple(_comparisons(text))
    learned = _learned(comparisons, base, changes)
    costs = dict(_costs(comparisons, base, changes))
    if not learned and not costs:
        raise NotSplink("none of its levels is trained and known here (docs/matching.md lists them)")
    weights: list[Weight] = []
    for field, levels in LADDERS.items():
        rows = {row.level: row for row in base.weights if row.field == field}
        weights += _ladder([rows[level] for level in levels], learned, base.version, changes)
    model = replace(
        base,
        version=version,
        weights=tuple(weights),
        reading_costs=MappingProxyType({**base.reading_costs, **costs}),
        others=tuple(_others(one, weights) for one in base.others),
    )
    return Converted(model, tuple(changes))


class _Comparison(NamedTuple):
    """What Splink compared, its labels each with its level but for what is not stated."""

    name: str
    levels: Sequence[tuple[str, Mapping[str, Any]]]


def _comparisons(text: str) -> Iterator[_Comparison]:
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
        known = [level for level in levels if not level.get("is_null_level")]
        labelled = [(str(level.get("label_for_charts", "")), level) for level in known]
        yield _Comparison(str(comparison.get("output_column_name", "")), labelled)


def _costs(
    comparisons: Sequence[_Comparison], base: Model, changes: list[Change]
) -> Iterator[tuple[Way, Cost]]:
    """What the readings cost of which training knows how many true pairs need them."""
    ways = {words: way for way in Way for words in (way.value, way.name.lower())}
    labelled = [level for name, levels in comparisons if name == READING for level in levels]
    for way, level in ((ways[label], level) for label, level in labelled if label in ways):
        m = _share(level.get("m_probability"), LEAST["m_probability"])
        if m is None:
            changes.append(Change(READING, way.name.lower(), None, None, _UNSEEN))
            continue
        # Against the name as stated; a reading that most names need costs nothing.
        bits = _digits(log2((1 - m) / m)) if m < 0.5 else 0.0
        before = base.reading_costs[way].bits
        changes.append(Change(READING, way.name.lower(), -before, -bits, "learned"))
        yield way, Cost(bits, f"learned by Splink: {m:.2g} of the true pairs")


_Learned = dict[tuple[str, Level], Weight]


class _Label(NamedTuple):
    """One level of Splink's that is one of ours, or a half of it; None for what was hardly seen."""

    text: str
    slipped: bool | None
    m: float | None
    u: float | None

    @property
    def is_known(self) -> bool:
        """Whether training gave both shares."""
        return self.m is not None and self.u is not None


def _learned(comparisons: Sequence[_Comparison], base: Model, changes: list[Change]) -> _Learned:
    """The weights of the levels that are trained and known here."""
    labels: defaultdict[tuple[str, Level], list[_Label]] = defaultdict(list)
    for name, levels in (each for each in comparisons if each.name != READING):
        field = COLUMNS.get(re.sub("[^a-z]", "", name.casefold()))
        if field is None:
            changes.append(Change(name, "", None, None, "left out: no field of ours"))
            continue
        for text, level in levels:
            ours = level_of(field, text)
            if ours is None:
                changes.append(Change(field, text, None, None, "left out: no level of ours"))
            else:
                shares = (_share(level.get(name), least) for name, least in LEAST.items())
                labels[field, ours].append(_Label(text, _parted(text)[1], *shares))
    slips = base.slipping
    told = {key: _added_up(key, those, slips.get(key, 0.0), changes) for key, those in labels.items()}
    return {key: weight for key, weight in told.items() if weight}


def _added_up(
    key: tuple[str, Level], labels: Sequence[_Label], slips: float, changes: list[Change]
) -> Weight | None:
    """The weight of a level of which Splink has one label or several; None where it has learned nothing."""
    told_apart = _are_told_apart(labels)
    if told_apart:
        # That hardly any true pair shows one half says something of the other.
        seldom = LEAST["m_probability"]
        labels = [each if each.slipped is None else each._replace(m=each.m or seldom) for each in labels]
    unseen = (each for each in labels if not each.is_known)
    changes += [Change(key[0], each.text, None, None, _UNSEEN) for each in unseen]
    known = [each for each in labels if each.is_known]
    if not known:
        return None
    m, u = (min(1.0, share) for share in _sums(known))
    source = "; ".join([f"“{each.text[:100]}”" for each in known])
    return Weight(*key, m, u, source, _slips(known) if told_apart else slips)


def _are_told_apart(labels: Sequence[_Label]) -> bool:
    """Whether strangers were seen to show both halves, and true pairs one of them."""
    halves = [each for each in labels if each.slipped is not None and each.u]
    return {each.slipped for each in halves} == {*HALVES.values()} and any(each.m for each in halves)


def _slips(known: Sequence[_Label]) -> float:
    """The share of the true pairs that a slip made (:meth:`porion.clinic.model.Model.slip_bits`).

    The others look as if one had made them as often as strangers' pairs do.
    """
    m, u = _sums([each for each in known if each.slipped is not None])
    slipped, by_chance = _sums([each for each in known if each.slipped])
    slipped, by_chance = slipped / m, by_chance / u
    return _digits(min(MOST_SLIPS, max(0.0, (slipped - by_chance) / (1 - by_chance))))


def _sums(labels: Sequence[_Label]) -> tuple[float, float]:
    return sum([each.m or 0.0 for each in labels]), sum([each.u or 0.0 for each in labels])


def level_of(field: str, label: str) -> Level | None:
    """Our level for Splink's label, if we have one; a half's label is its level's."""
    words, half = _parted(label)
    level = _level_of(field, words)
    return level if half is None or (field, level) in SLIPPED else None


def _level_of(field: str, words: str) -> Level | None:
    for level in LADDERS[field]:
        if words in (level.value, level.name.lower()):
            return level
    for wording in WORDINGS:
        if field in wording.fields and re.search(wording.label, words):
            return wording.level if wording.level in LADDERS[field] else None
    return None


def _parted(label: str) -> tuple[str, bool | None]:
    """A label's words in small letters, and which half of a level it is, if it is one."""
    words, _, half = label.casefold().rpartition("; ")
    return (words, HALVES[half]) if half in HALVES else (label.casefold(), None)


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
        why = _learning(row, new) if new else f"kept from {base}: Splink has not learned it"
        taken = _taken(row, new) if new else _kept(row, base)
        if above is not None and taken.bits > above.bits:
            clamp = f"{taken.bits:.1f} bits clamped to those of {above.level.name.lower()}"
            taken = _clamped(taken, above)._replace(source=f"{clamp}; {taken.source}"[:500])
            why = f"{why}; {clamp}"
        changes.append(Change(field, row.level.name.lower(), row.bits, taken.bits, why))
        above = taken
        yield taken


def _learning(row: Weight, new: Weight) -> str:
    return "learned" if new.slips == row.slips else f"learned; slips {row.slips:.3g} become {new.slips:.3g}"


def _taken(row: Weight, new: Weight) -> Weight:
    return row._replace(m=new.m, u=new.u, slips=new.slips, source=f"learned by Splink: {new.source}"[:500])


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
