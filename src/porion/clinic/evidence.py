"""The score of one comparison, field by field, in bits and in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log2
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.folding import LOST, Folded
from porion.clinic.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from porion.clinic.comparison import Comparison, Names, Unlike
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


def counted_terms(comparison: Comparison) -> tuple[str, ...]:
    """All terms whose carriers bear on the score: the rarity terms, and both spellings of unlike names."""
    unlike = comparison.unlike
    return (*rarity_terms(comparison), *[term for each in unlike for term in (each.claimed, each.registered)])


Against = tuple[tuple[str, float], ...]
"""Log2 odds against each kind of people who may agree as much, strangers first, each with its reason."""


class Weighed(NamedTuple):
    """What a comparison comes to when the register has been asked, prior, commonness and others counted.

    ``bits`` are the log2 odds that claim and patient are one, ``worth`` the bits of each level against a
    stranger's, ``against`` what speaks for one person against strangers, relatives and namesakes.
    """

    bits: float
    worth: Sequence[float]
    against: Against


def weighed(comparison: Comparison, context: Context) -> Weighed:
    """The weights of one comparison."""
    model, carriers, size = context.model, context.carriers, context.size
    slips = {
        each.field: model.slip_bits(each.field, each.level, alone=_alone(each, carriers), size=size)
        for each in comparison.unlike
    }
    worth = _worth(comparison, context, slips)
    cost = model.cost(comparison.names.claimed.ways)
    strangers = "strangers", model.prior(size) - cost + fsum(worth)
    against = (strangers, *_against_others(comparison, model, slips, cost))
    return Weighed(-_log2_sum([-bits for _, bits in against]), worth, against)


def ceiling(comparison: Comparison, model: Model) -> float:
    """The bits that a comparison cannot exceed, whatever the register says of its values."""
    slips = {each.field: model.most_slip_bits(each.field, each.level) for each in comparison.unlike}
    cost = model.cost(comparison.names.claimed.ways)
    return min([bits for _, bits in _against_others(comparison, model, slips, cost)])


def _against_others(
    comparison: Comparison, model: Model, slips: Mapping[str, float], cost: float
) -> list[tuple[str, float]]:
    """The log2 odds against each kind of others' agreeing as much."""
    # Who bears the same name has it misspelled as often as the same person does.
    return [
        (
            others.reason,
            bits - cost + sum([slips[field] for field in slips if not others.bear_the_same(field)]),
        )
        for others, bits in model.against(comparison.levels)
    ]


def _alone(unlike: Unlike, carriers: Mapping[str, int]) -> bool:
    """Whether hardly anybody bears one of the spellings; the candidate bears the registered one."""
    return not carriers[unlike.claimed] or carriers[unlike.registered] <= 1


def _log2_sum(terms: Sequence[float]) -> float:
    most = max(terms)
    return most + log2(fsum([2.0 ** (each - most) for each in terms]))


def _worth(comparison: Comparison, context: Context, slips: Mapping[str, float]) -> list[float]:
    """What each level is worth against a stranger's."""
    model, size, carriers, terms = context.model, context.size, context.carriers, _terms(comparison)
    return [
        model.bits_among(field, level, carriers.get(terms[field], 0), size, slips.get(field, 0.0))
        if field in terms
        else model.bits(field, level)
        for field, level in comparison.levels
    ]


def evidence(
    claimed: Profile, comparison: Comparison, context: Context, found: Weighed
) -> tuple[FieldEvidence, ...]:
    """A line for every field that either side states, the reading and the prior: together the score."""
    reasons = _reasons(comparison, context)
    lines: list[FieldEvidence] = []
    for (field, level), bits in zip(comparison.levels, found.worth, strict=True):
        one, other = VALUES[field](claimed, comparison)
        if one or other:
            lines.append(FieldEvidence(field, one, other, _WORDS[level], bits, reasons.get(field, "")))
    readings = _reading_line(comparison, context.model)
    return (*lines, *readings, _register_line(context), _others_line(found))


_NOT_RARE = frozenset({Level.OTHER, Level.MISSING, Level.TWO_EDITS, Level.SAME_YEAR, Level.FIRST_ONLY})
_WORDS = {level: level.value for level in Level}


def _terms(comparison: Comparison) -> dict[str, str]:
    registered = comparison.names.registered
    return {
        "given": registered.given_term,
        "family": registered.family_term,
        "birthDate": comparison.profile.birth_date_term,
    }


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


def _reasons(comparison: Comparison, context: Context) -> dict[str, str]:
    """Of fields of which there is something to say: how they are written, and who else has the values."""
    names, carriers = comparison.names, context.carriers
    reasons = {"family": _spelling(names.family, names.claimed.family, names.registered.family)}
    if all(_given(names)):
        reasons["given"] = _spelling(names.given, names.claimed.given, names.registered.given)
    if comparison.patient_id.level is Level.SAME:
        reasons["patientId"] = f"within issuer “{comparison.patient_id.issuer}”"
    borne = {each.field: _borne(each, carriers) for each in comparison.unlike}
    rare = rarity_terms(comparison)
    for field, term in _terms(comparison).items():
        said = borne.get(field) or (_commonness(carriers.get(term, 0)) if term in rare else "")
        if said:
            written = reasons.get(field)
            reasons[field] = f"{written}; {said}" if written else said
    return reasons


def _commonness(count: int) -> str:
    return f"shared by {count} patients" if count > 1 else "carried by this patient only"


def _borne(unlike: Unlike, carriers: Mapping[str, int]) -> str:
    """Who else bears two unlike names: a slip of the pen makes one that nobody does."""
    if not carriers[unlike.claimed]:
        return "no patient bears the name as claimed"
    if _alone(unlike, carriers):
        return "no other patient bears the name as registered"
    return "other patients bear either name"


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


def _others_line(found: Weighed) -> FieldEvidence:
    (_, strangers), *others = found.against
    reason, _ = min(others, key=lambda each: each[1])
    return FieldEvidence("others", "", "", "others counted", found.bits - strangers, reason)


def _written(reading: Reading) -> str:
    return f"{reading.family.raw}, {reading.given.raw}".strip(", ")
