"""What agreement and disagreement are worth: the matcher's weights under a version.

The numbers stand in a file (docs/matching.md); here are their shape and what is computed from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import fsum, log2
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from porion.clinic.levels import Levels
    from porion.clinic.readings import Way

LADDERS: Mapping[str, tuple[Level, ...]] = MappingProxyType(
    {
        "given": (
            Level.SAME,
            Level.SHORTER,
            Level.UMLAUT,
            Level.CLOSE,
            Level.NICKNAME,
            Level.ONE_OF,
            Level.INITIAL,
            Level.SIMILAR,
            Level.FIRST_ONLY,
            Level.MISSING,
            Level.OTHER,
        ),
        "middle": (Level.SAME, Level.CLOSE, Level.INITIAL, Level.MISSING, Level.OTHER),
        "family": (
            Level.SAME,
            Level.UMLAUT,
            Level.CLOSE,
            Level.SHARED_PART,
            Level.SIMILAR,
            Level.MISSING,
            Level.OTHER,
        ),
        "birthDate": (
            Level.SAME,
            Level.SWAPPED,
            Level.ONE_EDIT,
            Level.OTHER_YEAR,
            Level.MISSING,
            Level.TWO_EDITS,
            Level.SAME_YEAR,
            Level.OTHER,
        ),
        "patientId": (
            Level.SAME,
            Level.SAME_UNISSUED,
            Level.SAME_DIGITS,
            Level.ONE_EDIT,
            Level.SAME_DIGITS_UNISSUED,
            Level.FOREIGN,
            Level.MISSING,
            Level.OTHER_UNISSUED,
            Level.OTHER,
        ),
        "sex": (Level.SAME, Level.MISSING, Level.OTHER),
        "suffix": (Level.SAME, Level.MISSING, Level.OTHER),
        "otherScript": (Level.MISSING, Level.OTHER),
    }
)
"""The levels that each field knows, from the most agreement to the least."""

NEUTRAL = frozenset({Level.MISSING, Level.FOREIGN})
"""Levels that say nothing: they are no rungs of their ladder."""

RARE_FIELDS = ("given", "family", "birthDate")
"""The fields whose values are counted in the register."""


class Weight(NamedTuple):
    """One level of one field.

    ``m`` is the share of true pairs that show the level, ``u`` the share of strangers that do
    (Fellegi and Sunter 1969); only their ratio counts. ``slips`` is the share of the true pairs that a
    slip of the pen made, which gives a spelling that hardly anybody else bears.
    """

    field: str
    level: Level
    m: float
    u: float
    source: str
    slips: float = 0.0

    @property
    def bits(self) -> float:
        """log2(m/u): positive speaks for the same person."""
        return log2(self.m / self.u)


class Rarity(NamedTuple):
    """How the commonness of a value counts: no value is taken for rarer than ``rarest``.

    What fewer than ``fewest`` patients of the register carry counts as theirs: a single carrier of a name
    proves little of its rarity, while days of birth are spread evenly by themselves.
    """

    rarest: float
    fewest: int
    source: str


class Others(NamedTuple):
    """People who agree for a reason: how many of them a register holds for a claim, and what they share.

    ``shares`` holds the share of such pairs that show a level, for levels where they differ from strangers;
    among them those of the fields ``as_one``, in which they agree as often as the same person does.
    """

    name: str
    expected: float
    shares: Mapping[tuple[str, Level], float]
    reason: str
    source: str
    as_one: tuple[str, ...] = ()

    @property
    def misspelled(self) -> frozenset[str]:
        """The fields whose spelling tells them from the claimed person.

        Who bears the same name has it misspelled as often as the same person does.
        """
        borne = {field for field in LADDERS if self.shares.get((field, Level.SAME), 0.0) > 0.5}
        return frozenset(LADDERS.keys() - borne)


class Pattern(NamedTuple):
    """What a comparison's levels are worth before anything is counted.

    ``worth`` are the bits of each against a stranger's; ``against`` is said of each kind of others: a reason,
    the log2 odds against their agreeing as much, and the fields whose spelling tells them apart.
    """

    worth: tuple[float, ...]
    against: tuple[tuple[str, float, frozenset[str]], ...]


class Cost(NamedTuple):
    """The bits that a way of reading costs against the name as stated."""

    bits: float
    source: str


def shared_as_one(weights: Iterable[Weight], fields: Collection[str]) -> dict[tuple[str, Level], float]:
    """The shares of people who agree in these fields as often as the same person does."""
    return {(row.field, row.level): row.m for row in weights if row.field in fields and row.m > row.u}


def _told_by_slips(slips: float, by_chance: float) -> float:
    """The bits of a spelling that hardly anybody bears, as such a share of strangers' names is."""
    return log2(1 - slips + slips / by_chance)


@dataclass(frozen=True)
class Model:
    """Weights and thresholds under a version that every decision records.

    The share of a value in a register of n people is estimated as (count + k·u) / (n + k), where k is
    ``imagined`` people from outside and count at least the field's ``fewest``, so that a small register
    does not take its few names for the world's, nor a large one a single carrier for uniqueness. At most
    ``shortlist`` candidates, those within ``reach`` bits of the best, are weighed against one another.

    Who agrees may be the same person, a stranger, or one of the ``others`` whom the register holds of a
    claimed person: families share names, some their day of birth, and IDs get borrowed; and a name has
    namesakes however rare it is.
    """

    version: str
    weights: tuple[Weight, ...]
    reading_costs: Mapping[Way, Cost]
    rarities: Mapping[str, Rarity]
    others: tuple[Others, ...]
    imagined: int
    in_register: float
    certain_bits: float
    certain_gap: float
    probable_bits: float
    level_bits: float
    shortlist: int
    reach: float

    @cached_property
    def _rows(self) -> dict[tuple[str, Level], Weight]:
        return {(row.field, row.level): row for row in self.weights}

    @cached_property
    def _bits(self) -> dict[tuple[str, Level], float]:
        return {key: row.bits for key, row in self._rows.items()}

    def bits(self, of: str, level: Level) -> float:
        """What a level of a field is worth before the commonness of the value is known."""
        return self._bits[of, level]

    def most_bits(self, of: str) -> float:
        """The most that any level of a field is worth."""
        return self._most_bits[of]

    @cached_property
    def _most_bits(self) -> dict[str, float]:
        return {of: max(self._bits[of, level] for level in levels) for of, levels in LADDERS.items()}

    def bits_among(self, of: str, level: Level, carriers: int, size: int, slip: float = 0.0) -> float:
        """The same for a value that ``carriers`` of ``size`` patients have: common values are worth less.

        ``slip`` are the bits for who else bears the spellings; a misspelled name is never worth more than
        the name itself.
        """
        general = self._bits[of, level] + slip
        if general <= 0 or of not in self.rarities:
            return general
        same = self._rows[of, Level.SAME]
        rarity = self.rarities[of]
        share = (max(carriers, rarity.fewest) + self.imagined * same.u) / (size + self.imagined)
        special = log2(same.m / max(share, rarity.rarest))
        return special if level is Level.SAME else min(general, special)

    @cached_property
    def slipping(self) -> dict[tuple[str, Level], float]:
        """The share of the true pairs that a slip of the pen made, of levels where there are any."""
        return {(row.field, row.level): row.slips for row in self.weights if row.slips}

    def slip_bits(self, of: str, level: Level, *, alone: bool, size: int) -> float:
        """What it adds to a level that hardly anybody bears one of the spellings, or that others bear both.

        A slip makes a name that nobody bears. Strangers' names are seldom of that kind, the seldomer the
        more patients there are: as if ``imagined`` more people had names of their own, and slips are made
        in strangers' names too.
        """
        return self._remembered_slip_bits(of, level, alone, size)

    @cached_property
    def _remembered_slip_bits(self) -> Callable[[str, Level, bool, int], float]:
        return lru_cache(maxsize=1_024)(self._slip_bits)

    def _slip_bits(self, of: str, level: Level, alone: bool, size: int) -> float:
        slips = self.slipping.get((of, level), 0.0)
        if not alone:
            return log2(1 - slips)
        borne = size / (size + self.imagined)
        return _told_by_slips(slips, 1 - borne * borne * (1 - self._slipped[of]))

    @cached_property
    def _slipped(self) -> dict[str, float]:
        """The share of all true pairs in whose names of a field a slip was made."""
        return {
            field: sum(row.m * row.slips for row in self.weights if row.field == field) for field in LADDERS
        }

    def prior(self, size: int) -> float:
        """The bits of any one patient before looking: P(in the register) / n."""
        return log2(self.in_register / max(size, 1))

    def bits_against(self, others: Others, of: str, level: Level) -> float:
        """What a level is worth against people who agree for a reason, whatever its value."""
        row = self._rows[of, level]
        return log2(row.m / others.shares.get((of, level), row.u))

    @cached_property
    def pattern(self) -> Callable[[Levels], Pattern]:
        """What levels of fields are worth; remembered, as most comparisons show one of few patterns."""
        return lru_cache(maxsize=16_384)(self._pattern)

    def _pattern(self, levels: Levels) -> Pattern:
        against = [(others, self._sum_against(others, levels)) for others in self.others]
        return Pattern(
            tuple([self._bits[each] for each in levels]),
            tuple([(others.reason, bits, others.misspelled) for others, bits in against]),
        )

    @cached_property
    def ceiling(self) -> Callable[[Levels], float]:
        """The bits that somebody of whom these levels are known cannot exceed, whatever the register says.

        The levels of other fields are taken for the best. Remembered as patterns are.
        """
        return lru_cache(maxsize=16_384)(self._ceiling)

    def _ceiling(self, levels: Levels) -> float:
        return min(
            self._sum_against(others, levels)
            + sum(self._most_against(others, field) for field in LADDERS.keys() - dict(levels).keys())
            + sum(self._most_slip_bits(*each) for each in levels if each[0] in others.misspelled)
            for others in self.others
        )

    def _sum_against(self, others: Others, levels: Levels) -> float:
        return self.prior_against(others) + fsum([self.bits_against(others, *each) for each in levels])

    def _most_against(self, others: Others, field: str) -> float:
        return max(self.bits_against(others, field, level) for level in LADDERS[field])

    def _most_slip_bits(self, of: str, level: Level) -> float:
        slips = self.slipping.get((of, level), 0.0)
        return _told_by_slips(slips, self._slipped[of]) if slips else 0.0

    def prior_against(self, others: Others) -> float:
        """The bits of any one patient before looking against such people: how many the register holds."""
        return log2(self.in_register / others.expected)

    def cost(self, ways: tuple[Way, ...]) -> float:
        """The bits that a reading loses for its departures from what is stated."""
        return sum([self.reading_costs[way].bits for way in ways]) if ways else 0.0
