"""The score of one comparison, field by field, in bits and in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log2
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.folding import LOST, Folded
from porion.clinic.levels import Level, Levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from porion.clinic.comparison import Comparison, Names
    from porion.clinic.model import Model
    from porion.clinic.profile import Profile
    from porion.clinic.readings import Reading


class FieldEvidence(NamedTuple):
    """What one field says: both raw values, the level in words, bits for (+) or against (-), and why.

    ``field`` is given, family, birthDate, patientId, sex, suffix, otherScript, ``reading`` (the name
    had to be read otherwise than stated), ``register`` (the prior of one among so many) or ``others`` (what
    relatives and namesakes may share).
    """

    field: str
    claimed: str
    registered: str
    level: str
    bits: float
    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the register says of the values: its size and how many patients carry a term that counts."""

    size: int
    carriers: Mapping[str, int]
    model: Model


def rarity_terms(comparison: Comparison) -> tuple[str, ...]:
    """The terms whose commonness bears on the score: those of fields that agree."""
    names, registered = comparison.names, comparison.names.registered
    shared = (
        (registered.given_term, names.given),
        (registered.family_term, names.family),
        (comparison.profile.birth_date_term, comparison.birth_date),
    )
    return tuple([term for term, level in shared if term and level not in _NOT_RARE])


def counted_terms(comparison: Comparison, model: Model) -> tuple[str, ...]:
    """All terms whose carriers bear on the score: the rarity terms, and both spellings of unlike names."""
    unlike = _unlike(comparison, model)
    return (*rarity_terms(comparison), *[term for each in unlike for term in (each.claimed, each.registered)])


class _Unlike(NamedTuple):
    """A name that a slip of the pen may have made unlike: the terms of both spellings."""

    field: str
    level: Level
    claimed: str
    registered: str

    def alone(self, carriers: Mapping[str, int]) -> bool:
        """Whether hardly anybody bears one of the spellings; the candidate bears the registered one."""
        return not carriers[self.claimed] or carriers[self.registered] <= 1


def _unlike(comparison: Comparison, model: Model) -> list[_Unlike]:
    names, slipping = comparison.names, model.slipping
    one, other = names.claimed, names.registered
    found = []
    if ("given", names.given) in slipping:
        found.append(_Unlike("given", names.given, one.given_term, other.given_term))
    if ("family", names.family) in slipping:
        found.append(_Unlike("family", names.family, one.family_term, other.family_term))
    return found


def _slips(unlike: Iterable[_Unlike], context: Context) -> dict[str, float]:
    """The bits that it adds to each name whether others bear its spellings."""
    model, carriers, size = context.model, context.carriers, context.size
    return {
        each.field: model.slip_bits(each.field, each.level, alone=each.alone(carriers), size=size)
        for each in unlike
    }


Against = tuple[tuple[str, float], ...]
"""Log2 odds against each kind of people who may agree as much, strangers first, each with its reason."""


def score(against: Against) -> float:
    """Log2 odds that claim and patient are one; prior, commonness, relatives and namesakes counted."""
    return -_log2_sum([-bits for _, bits in against])


def weighed(comparison: Comparison, context: Context) -> Against:
    """What speaks for one person, against strangers, relatives and namesakes."""
    return tuple(_hypotheses(comparison, context))


def _hypotheses(comparison: Comparison, context: Context) -> Iterator[tuple[str, float]]:
    """The log2 odds against a stranger's agreeing as much, then against each kind of others'."""
    model, levels = context.model, comparison.levels
    cost, slips = model.cost(comparison.names.claimed.ways), _slips(_unlike(comparison, model), context)
    yield "strangers", model.prior(context.size) - cost + fsum(_bits(comparison, levels, context, slips))
    for others, bits in model.against(levels):
        # Who bears the same name has it misspelled as often as the same person does.
        unlike = sum([slips[field] for field in slips if not others.bear_the_same(field)])
        yield others.reason, bits - cost + unlike


def _log2_sum(terms: Sequence[float]) -> float:
    most = max(terms)
    return most + log2(fsum([2.0 ** (each - most) for each in terms]))


def evidence(
    claimed: Profile, comparison: Comparison, context: Context, against: Against
) -> tuple[FieldEvidence, ...]:
    """A line for every field that either side states, the reading and the prior: together the score."""
    levels, terms, rare = comparison.levels, _terms(comparison), rarity_terms(comparison)
    unlike = _unlike(comparison, context.model)
    borne = {each.field: _borne(each, context) for each in unlike}
    worth = _bits(comparison, levels, context, _slips(unlike, context))
    lines: list[FieldEvidence] = []
    for (field, level), bits in zip(levels, worth, strict=True):
        one, other = VALUES[field](claimed, comparison)
        if one or other:
            carriers = borne.get(field) or _commonness(terms.get(field, ""), rare, context)
            writing = _writing(field, comparison)
            reason = f"{writing}; {carriers}" if writing and carriers else writing or carriers
            lines.append(FieldEvidence(field, one, other, _WORDS[level], bits, reason))
    readings = _reading_line(comparison, context.model)
    return (*lines, *readings, _register_line(context), _others_line(against))


_NOT_RARE = frozenset({Level.OTHER, Level.MISSING, Level.TWO_EDITS, Level.SAME_YEAR, Level.FIRST_ONLY})
_WORDS = {level: level.value for level in Level}


def _terms(comparison: Comparison) -> dict[str, str]:
    registered = comparison.names.registered
    return {
        "given": registered.given_term,
        "family": registered.family_term,
        "birthDate": comparison.profile.birth_date_term,
    }


def _bits(
    comparison: Comparison, levels: Levels, context: Context, slips: Mapping[str, float]
) -> list[float]:
    """What each level is worth against a stranger's."""
    model, size, carriers, terms = context.model, context.size, context.carriers, _terms(comparison)
    return [
        model.bits_among(field, level, carriers.get(terms[field], 0), size, slips.get(field, 0.0))
        if field in terms
        else model.bits(field, level)
        for field, level in levels
    ]


Values = tuple[str, str]


def _further(names: Names) -> Values:
    """The given names after the first, for lines that say something."""
    if names.middle is Level.MISSING:
        return "", ""
    return _further_shown(names, names.claimed), _further_shown(names, names.registered)


def _given(names: Names) -> Values:
    """The given names as written; none where only further ones are stated and were taken for such."""
    return _given_shown(names, names.claimed), _given_shown(names, names.registered)


def _given_shown(names: Names, reading: Reading) -> str:
    return "" if _states_further_only(names, reading) else reading.given.raw


def _further_shown(names: Names, reading: Reading) -> str:
    words = reading.given.plain
    return " ".join(words if _states_further_only(names, reading) else words[1:])


def _states_further_only(names: Names, reading: Reading) -> bool:
    return reading.further_only and names.given is Level.MISSING


def _names_elsewhere(claimed: Profile, comparison: Comparison) -> Values:
    if len(claimed.scripts & comparison.profile.scripts) < 2:
        return "", ""
    compared = comparison.names.claimed.script
    one = next(each for each in claimed.readings if each.script is not compared)
    other = next((each for each in comparison.profile.readings if each.script is one.script), None)
    return _written(one), _written(other) if other else ""


VALUES: Mapping[str, Callable[[Profile, Comparison], Values]] = {
    "given": lambda _, to: _given(to.names),
    "middle": lambda _, to: _further(to.names),
    "family": lambda _, to: (to.names.claimed.family.raw, to.names.registered.family.raw),
    "birthDate": lambda claimed, to: (str(claimed.birth_date or ""), str(to.profile.birth_date or "")),
    "patientId": lambda _, to: (to.patient_id.claimed, to.patient_id.registered),
    "sex": lambda claimed, to: (claimed.sex, to.profile.sex),
    "suffix": lambda _, to: (to.names.claimed.suffix, to.names.registered.suffix),
    "otherScript": _names_elsewhere,
}
"""Both raw values of every field."""


def _commonness(term: str, rare: tuple[str, ...], context: Context) -> str:
    if term not in rare:
        return ""
    count = context.carriers.get(term, 0)
    return f"shared by {count} patients" if count > 1 else "carried by this patient only"


def _borne(unlike: _Unlike, context: Context) -> str:
    """Who else bears two unlike names: a slip of the pen makes one that nobody does."""
    if not context.carriers[unlike.claimed]:
        return "no patient bears the name as claimed"
    if unlike.alone(context.carriers):
        return "no other patient bears the name as registered"
    return "other patients bear either name"


def _writing(field: str, comparison: Comparison) -> str:
    """Why two values count as agreeing although they are written differently."""
    names = comparison.names
    if field == "patientId" and comparison.patient_id.level is Level.SAME:
        return f"within issuer “{comparison.patient_id.issuer}”"
    if field == "given" and all(_given(names)):
        return _spelling(names.given, names.claimed.given, names.registered.given)
    if field == "family":
        return _spelling(names.family, names.claimed.family, names.registered.family)
    return ""


def _spelling(level: Level, one: Folded, other: Folded) -> str:
    if level is Level.SAME and one.raw.casefold() != other.raw.casefold():
        return "accents, umlauts or separators written differently"
    if level is Level.CLOSE and LOST in one.whole + other.whole:
        return f"“{LOST}” stands for a lost letter"
    if level is Level.CLOSE and (one.cut or other.cut):
        return "one side is cut off where a field was full"
    if level is Level.MISSING and one and other:
        return "written in different scripts, which are not compared"
    return ""


def _reading_line(comparison: Comparison, model: Model) -> list[FieldEvidence]:
    one, other = comparison.names.claimed, comparison.names.registered
    if not one.ways:
        return []
    words = ", ".join(one.ways)
    return [FieldEvidence("reading", _written(one), _written(other), words, -model.cost(one.ways), "")]


def _register_line(context: Context) -> FieldEvidence:
    reason = f"one of {context.size} patients, who may not be among them at all"
    return FieldEvidence("register", "", "", "before looking", context.model.prior(context.size), reason)


def _others_line(against: Against) -> FieldEvidence:
    (_, strangers), *others = against
    reason, _ = min(others, key=lambda each: each[1])
    return FieldEvidence("others", "", "", "others counted", score(against) - strangers, reason)


def _written(reading: Reading) -> str:
    return f"{reading.family.raw}, {reading.given.raw}".strip(", ")
