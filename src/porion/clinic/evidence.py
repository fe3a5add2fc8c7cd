"""The score of one comparison, field by field, in bits and in words."""

from __future__ import annotations

import dataclasses
from math import fsum, log2
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.folding import LOST, Folded
from porion.clinic.levels import MISSING, SAME, Level
from porion.clinic.model import LADDERS, RARE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.clinic.comparison import Comparison, Names, Unlike
    from porion.clinic.model import Model, Pattern
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


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """What the register says of the values: its size and how many patients carry a term that counts."""

    size: int
    carriers: Mapping[str, int]
    model: Model
    prior: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Every candidate is weighed with the same prior."""
        object.__setattr__(self, "prior", self.model.prior(self.size))


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


class Weighed(NamedTuple):
    """What a comparison comes to when the register has been asked, prior, commonness and others counted.

    ``bits`` are the log2 odds that claim and patient are one, ``worth`` the bits of each level against a
    stranger's, ``against`` the log2 odds against each kind of people who may agree as much, strangers first,
    each with its reason.
    """

    bits: float
    worth: Sequence[float]
    against: Sequence[tuple[str, float]]


def weighed(comparison: Comparison, context: Context) -> Weighed:
    """The weights of one comparison."""
    model, carriers, size = context.model, context.carriers, context.size
    slips = {
        each.field: model.slip_bits(each.field, each.level, alone=_alone(each, carriers), size=size)
        for each in comparison.unlike
    }
    pattern, cost = model.pattern(comparison.levels), model.cost(comparison.names.claimed.ways)
    worth = _worth(comparison, pattern, context, slips)
    against = [("strangers", context.prior - cost + fsum(worth))]
    for reason, bits, misspelled in pattern.against:
        unlike = sum([slips[field] for field in slips if field in misspelled])
        against.append((reason, bits - cost + unlike))
    return Weighed(-_log2_sum([-bits for _, bits in against]), worth, against)


def _alone(unlike: Unlike, carriers: Mapping[str, int]) -> bool:
    """Whether hardly anybody bears one of the spellings; the candidate bears the registered one."""
    return not carriers[unlike.claimed] or carriers[unlike.registered] <= 1


def _log2_sum(terms: Sequence[float]) -> float:
    most = max(terms)
    return most + log2(fsum([2.0 ** (each - most) for each in terms]))


def _worth(
    comparison: Comparison, pattern: Pattern, context: Context, slips: Mapping[str, float]
) -> list[float]:
    """What each level is worth against a stranger's, the commonness of the values counted."""
    worth, levels, model = list(pattern.worth), comparison.levels, context.model
    for at, term in _carried(comparison):
        field, level = levels[at]
        count, slip = context.carriers.get(term, 0), slips.get(field, 0.0)
        worth[at] = model.bits_among(field, level, count, context.size, slip)
    return worth


def evidence(
    claimed: Profile, comparison: Comparison, context: Context, found: Weighed
) -> tuple[FieldEvidence, ...]:
    """A line for every field that either side states, the reading and the prior: together the score."""
    reasons, lines = _reasons(comparison, context), []
    shown = zip(comparison.levels, found.worth, _values(claimed, comparison), strict=True)
    for (field, level), bits, (one, other) in shown:
        if one or other:
            lines.append(FieldEvidence(field, one, other, _WORDS[level], bits, reasons.get(field, "")))
    readings = _reading_line(comparison, context.model)
    return (*lines, *readings, _register_line(context), _others_line(found))


_NOT_RARE = frozenset({Level.OTHER, Level.MISSING, Level.TWO_EDITS, Level.SAME_YEAR, Level.FIRST_ONLY})
_WORDS = {level: level.value for level in Level}
_GIVEN, _FAMILY, _BIRTH_DATE = map(tuple(LADDERS).index, RARE_FIELDS)


def _carried(comparison: Comparison) -> tuple[tuple[int, str], ...]:
    """The terms of the fields whose values the register counts, each with its place among the levels."""
    registered = comparison.names.registered
    return (
        (_GIVEN, registered.given_term),
        (_FAMILY, registered.family_term),
        (_BIRTH_DATE, comparison.profile.birth_date_term),
    )


Values = tuple[str, str]


def _further(names: Names) -> Values:
    """The given names after the first, for lines that say something."""
    if names.middle is MISSING:
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
    return reading.further_only and names.given is MISSING


def _names_elsewhere(claimed: Profile, comparison: Comparison) -> Values:
    if len(claimed.scripts & comparison.profile.scripts) < 2:
        return "", ""
    compared = comparison.names.claimed.script
    one = next(each for each in claimed.readings if each.script is not compared)
    other = next((each for each in comparison.profile.readings if each.script is one.script), None)
    return _written(one), _written(other) if other else ""


def _values(claimed: Profile, comparison: Comparison) -> tuple[Values, ...]:
    """Both raw values of every field, in the order of the levels."""
    names, registered, ids = comparison.names, comparison.profile, comparison.patient_id
    one, other = names.claimed, names.registered
    return (
        _given(names),
        _further(names),
        (one.family.raw, other.family.raw),
        (str(claimed.birth_date or ""), str(registered.birth_date or "")),
        (ids.claimed, ids.registered),
        (claimed.sex, registered.sex),
        (one.suffix, other.suffix),
        _names_elsewhere(claimed, comparison),
    )


def _reasons(comparison: Comparison, context: Context) -> dict[str, str]:
    """Of fields of which there is something to say: how they are written, and who else has the values."""
    names, carriers = comparison.names, context.carriers
    reasons = {"family": _spelling(names.family, names.claimed.family, names.registered.family)}
    if all(_given(names)):
        reasons["given"] = _spelling(names.given, names.claimed.given, names.registered.given)
    if comparison.patient_id.level is SAME:
        reasons["patientId"] = f"within issuer “{comparison.patient_id.issuer}”"
    borne = {each.field: _borne(each, carriers) for each in comparison.unlike}
    rare = rarity_terms(comparison)
    for at, term in _carried(comparison):
        field, _ = comparison.levels[at]
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
    if level is SAME and one.raw.casefold() != other.raw.casefold():
        return "accents, umlauts or separators written differently"
    if level is Level.CLOSE and LOST in one.whole + other.whole:
        return f"“{LOST}” stands for a lost letter"
    if level is Level.CLOSE and (one.cut or other.cut):
        return "one side is cut off where a field was full"
    if level is MISSING and one and other:
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
    return FieldEvidence("register", "", "", "before looking", context.prior, reason)


def _others_line(found: Weighed) -> FieldEvidence:
    (_, strangers), *others = found.against
    reason, _ = min(others, key=lambda each: each[1])
    return FieldEvidence("others", "", "", "others counted", found.bits - strangers, reason)


def _written(reading: Reading) -> str:
    return f"{reading.family.raw}, {reading.given.raw}".strip(", ")
