"""What agreement and disagreement are worth: the weights of the matcher as one versioned table."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import log2
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.levels import Level
from porion.clinic.readings import Way

if TYPE_CHECKING:
    from collections.abc import Mapping


class Weight(NamedTuple):
    """One level of one field.

    ``m`` is the share of true pairs that show the level, ``u`` the share of strangers that do
    (Fellegi and Sunter 1969); only their ratio counts.
    """

    field: str
    level: Level
    m: float
    u: float
    source: str

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


LEARNED = "learned on pseudopeople (docs/decisions/0006)"
BETWEEN = "set between the learned levels, kept monotone"

WEIGHTS = (
    Weight("given", Level.SAME, 0.85, 0.0019, LEARNED),
    Weight("given", Level.SHORTER, 0.90, 0.00202, "as the same name: middle names count by themselves"),
    Weight("given", Level.UMLAUT, 0.05, 0.0002, BETWEEN),
    Weight("given", Level.CLOSE, 0.03, 0.0006, BETWEEN),
    Weight("given", Level.NICKNAME, 0.02, 0.001, BETWEEN),
    Weight("given", Level.ONE_OF, 0.02, 0.001, BETWEEN),
    Weight("given", Level.INITIAL, 0.01, 0.0008, BETWEEN),
    Weight("given", Level.SIMILAR, 0.01, 0.004, BETWEEN),
    Weight("given", Level.FIRST_ONLY, 0.005, 0.002, "siblings called Maria Clara and Maria Eduarda"),
    Weight("given", Level.MISSING, 1, 1, "neutral"),
    Weight("given", Level.OTHER, 0.04, 0.97, LEARNED),
    Weight("middle", Level.SAME, 0.55, 0.006, BETWEEN),
    Weight("middle", Level.CLOSE, 0.03, 0.002, BETWEEN),
    Weight("middle", Level.INITIAL, 0.90, 0.10, BETWEEN),
    Weight("middle", Level.MISSING, 1, 1, "neutral"),
    Weight("middle", Level.OTHER, 0.02, 0.85, BETWEEN),
    Weight("family", Level.SAME, 0.90, 0.00072, LEARNED),
    Weight("family", Level.UMLAUT, 0.05, 0.0001, BETWEEN),
    Weight("family", Level.CLOSE, 0.03, 0.0004, BETWEEN),
    Weight("family", Level.SHARED_PART, 0.02, 0.0005, BETWEEN),
    Weight("family", Level.SIMILAR, 0.01, 0.003, BETWEEN),
    Weight("family", Level.MISSING, 1, 1, "neutral"),
    Weight("family", Level.OTHER, 0.019, 0.99, LEARNED),
    Weight("birthDate", Level.SAME, 0.93, 0.000075, LEARNED),
    Weight("birthDate", Level.SWAPPED, 0.008, 0.000012, LEARNED),
    Weight("birthDate", Level.ONE_EDIT, 0.008, 0.00025, LEARNED),
    Weight("birthDate", Level.OTHER_YEAR, 0.006, 0.0009, LEARNED),
    Weight("birthDate", Level.MISSING, 1, 1, "neutral"),
    Weight("birthDate", Level.TWO_EDITS, 0.01, 0.014, BETWEEN),
    Weight("birthDate", Level.SAME_YEAR, 0.005, 0.02, BETWEEN),
    Weight("birthDate", Level.OTHER, 0.025, 0.97, LEARNED),
    Weight("patientId", Level.SAME, 0.90, 0.000036, LEARNED),
    Weight("patientId", Level.SAME_UNISSUED, 0.60, 0.003, "short numbers collide between issuers"),
    Weight("patientId", Level.SAME_DIGITS, 0.05, 0.0005, BETWEEN),
    Weight(
        "patientId", Level.ONE_EDIT, 0.02, 0.0004, "learned above exact, and clamped (docs/decisions/0006)"
    ),
    Weight("patientId", Level.SAME_DIGITS_UNISSUED, 0.02, 0.0015, BETWEEN),
    Weight("patientId", Level.FOREIGN, 1, 1, "other issuers number other people"),
    Weight("patientId", Level.MISSING, 1, 1, "neutral"),
    Weight("patientId", Level.OTHER_UNISSUED, 0.40, 0.95, "may be another issuer's number"),
    Weight("patientId", Level.OTHER, 0.012, 1, LEARNED),
    Weight("sex", Level.SAME, 0.99, 0.5, "two sexes"),
    Weight("sex", Level.MISSING, 1, 1, "neutral"),
    Weight("sex", Level.OTHER, 0.03, 0.5, "typed wrongly more often than changed"),
    Weight("suffix", Level.SAME, 0.9, 0.3, "told apart within families"),
    Weight("suffix", Level.MISSING, 1, 1, "neutral"),
    Weight("suffix", Level.OTHER, 0.05, 0.7, "told apart within families"),
    Weight(
        "otherScript", Level.MISSING, 1, 1, "neutral: the name in the compared script has counted already"
    ),
    Weight("otherScript", Level.OTHER, 0.04, 0.97, "as a different given name"),
)


class Others(NamedTuple):
    """People who agree for a reason: how many of them a register holds for a claim, and what they share.

    ``shares`` holds the share of such pairs that show a level, for levels where they differ from strangers.
    """

    name: str
    expected: float
    shares: Mapping[tuple[str, Level], float]
    reason: str
    source: str


RELATIVES = Others(
    "relatives",
    1.0,
    MappingProxyType(
        {
            ("given", Level.SAME): 0.001,
            ("given", Level.UMLAUT): 0.0005,
            ("given", Level.SHORTER): 0.001,
            ("given", Level.NICKNAME): 0.001,
            ("given", Level.CLOSE): 0.003,
            ("given", Level.ONE_OF): 0.003,
            ("given", Level.INITIAL): 0.002,
            ("given", Level.SIMILAR): 0.005,
            ("given", Level.FIRST_ONLY): 0.002,
            ("given", Level.OTHER): 0.97,
            ("middle", Level.INITIAL): 0.12,
            ("middle", Level.OTHER): 0.85,
            ("family", Level.SAME): 0.72,
            ("family", Level.UMLAUT): 0.04,
            ("family", Level.CLOSE): 0.024,
            ("family", Level.SHARED_PART): 0.05,
            ("family", Level.SIMILAR): 0.008,
            ("family", Level.OTHER): 0.26,
            ("birthDate", Level.SAME): 0.012,
            ("birthDate", Level.SWAPPED): 0.0001,
            ("birthDate", Level.ONE_EDIT): 0.0003,
            ("birthDate", Level.OTHER_YEAR): 0.002,
            ("birthDate", Level.TWO_EDITS): 0.02,
            ("birthDate", Level.SAME_YEAR): 0.02,
            ("birthDate", Level.OTHER): 0.94,
            ("patientId", Level.SAME): 0.02,
            ("patientId", Level.SAME_UNISSUED): 0.02,
            ("patientId", Level.SAME_DIGITS): 0.001,
            ("patientId", Level.ONE_EDIT): 0.002,
        }
    ),
    "a brother, a sister or a twin may agree on as much",
    "counted on pseudopeople's households, twins and borrowed IDs rounded up (docs/decisions/0011)",
)

_SHARED_BY_NAMESAKES = MappingProxyType(
    {
        (row.field, row.level): row.m
        for row in WEIGHTS
        if row.field in ("given", "family", "sex") and row.m > row.u
    }
)

NAMESAKES = Others(
    "namesakes",
    0.02,
    MappingProxyType(
        {
            **_SHARED_BY_NAMESAKES,
            ("middle", Level.SAME): 0.05,
            ("middle", Level.CLOSE): 0.005,
            ("middle", Level.INITIAL): 0.25,
            ("middle", Level.OTHER): 0.75,
            ("birthDate", Level.OTHER_YEAR): 0.003,
            ("birthDate", Level.TWO_EDITS): 0.02,
        }
    ),
    "somebody else of the same name may agree on as much",
    "counted on pseudopeople: 13 to 16 namesakes among 1,000 claims (docs/decisions/0011)",
)

READING_COSTS = MappingProxyType(
    {
        Way.SWAPPED: 6.0,  # 1 in 64: 5.6 % of matches on FEBRL4, 0.03 % on pseudopeople
        Way.COMMA: 0.5,
        Way.SPLIT: 1.0,  # either word may be the family name
        Way.REPAIRED: 1.0,
    }
)
"""Bits that a reading costs against the name as stated."""

RARITIES = MappingProxyType(
    {
        "given": Rarity(2**-11, 3, "a name of one person in 2,000"),
        "family": Rarity(2**-13, 3, "a name of one person in 8,000"),
        "birthDate": Rarity(2**-14, 1, "16,000 days are 45 years"),
    }
)


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

    version: str = "porion-2"
    weights: tuple[Weight, ...] = WEIGHTS
    reading_costs: Mapping[Way, float] = field(default_factory=lambda: READING_COSTS)
    rarities: Mapping[str, Rarity] = field(default_factory=lambda: RARITIES)
    imagined: int = 1_000
    in_register: float = 0.5
    others: tuple[Others, ...] = (RELATIVES, NAMESAKES)
    certain_bits: float = 14.0
    certain_gap: float = 7.0
    probable_bits: float = 4.0
    level_bits: float = 1.0
    shortlist: int = 25
    reach: float = 20.0

    @cached_property
    def _rows(self) -> dict[tuple[str, Level], Weight]:
        return {(row.field, row.level): row for row in self.weights}

    @cached_property
    def _bits(self) -> dict[tuple[str, Level], float]:
        return {key: row.bits for key, row in self._rows.items()}

    def bits(self, of: str, level: Level) -> float:
        """What a level of a field is worth before the commonness of the value is known."""
        return self._bits[of, level]

    def bits_among(self, of: str, level: Level, carriers: int, size: int) -> float:
        """The same for a value that ``carriers`` of ``size`` patients have: common values are worth less."""
        general = self._bits[of, level]
        if general <= 0 or of not in self.rarities:
            return general
        same = self._rows[of, Level.SAME]
        rarity = self.rarities[of]
        share = (max(carriers, rarity.fewest) + self.imagined * same.u) / (size + self.imagined)
        special = log2(same.m / min(1.0, max(share, rarity.rarest)))
        return special if level is Level.SAME else min(general, special)

    def prior(self, size: int) -> float:
        """The bits of any one patient before looking: P(in the register) / n."""
        return log2(self.in_register / max(size, 1))

    def bits_against(self, others: Others, of: str, level: Level) -> float:
        """What a level is worth against people who agree for a reason, whatever its value."""
        row = self._rows[of, level]
        return log2(row.m / others.shares.get((of, level), row.u))

    @cached_property
    def against(self) -> tuple[tuple[Others, Mapping[tuple[str, Level], float]], ...]:
        """What every level of every field is worth against each kind of others."""
        return tuple(
            (others, {key: self.bits_against(others, *key) for key in self._rows}) for others in self.others
        )

    def prior_against(self, others: Others) -> float:
        """The bits of any one patient before looking against such people: how many the register holds."""
        return log2(self.in_register / others.expected)

    def cost(self, ways: tuple[Way, ...]) -> float:
        """The bits that a reading loses for its departures from what is stated."""
        return sum(self.reading_costs[way] for way in ways) if ways else 0.0


DEFAULT_MODEL = Model()
