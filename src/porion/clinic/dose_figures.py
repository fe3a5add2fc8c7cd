"""What a clinic's exposures cost in radiation: groups alike in device, kind and age, and how they spread.

A diagnostic reference level is held against the median of such a group, the typical value of ICRP Publication
135; it is no limit for one patient. The third quartile tells how far the upper part reaches.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from porion.dicom.units import Quantity

DOSES: Mapping[Quantity, str] = MappingProxyType(
    {"dap_mgycm2": "mGy·cm²", "entrance_mgy": "mGy", "ctdivol_mgy": "mGy", "dlp_mgycm": "mGy·cm"}
)
"""The quantities that are doses, the one that a clinic looks at first, with their units."""

ENOUGH = 10
"""Exposures that a median must rest on to be held against a reference level (UKHSA's dental surveys)."""


class AgeBand(StrEnum):
    """Completed years at the exposure.

    Bounds are the ages beside the weight groups of the European guidelines for children (Radiation
    Protection 185, 2018), below four years taken together: X-rays of teeth are hardly made there.
    """

    TO_3 = "0-3"
    TO_9 = "4-9"
    TO_13 = "10-13"
    TO_17 = "14-17"
    ADULT = "18+"
    UNKNOWN = "unknown"


class Ages(StrEnum):
    """Whom a reference level is for: countries give them for children and for adults."""

    CHILDREN = "children"
    ADULTS = "adults"


_BANDS = ((4, AgeBand.TO_3), (10, AgeBand.TO_9), (14, AgeBand.TO_13), (18, AgeBand.TO_17))


class DoseSample(NamedTuple):
    """One exposure; ``doses`` holds what is known, ``age`` is in completed years."""

    device: str
    category: str | None
    day: date
    age: int | None
    doses: Mapping[Quantity, Decimal]


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of one quantity lie, in its unit; quartiles are interpolated between neighbours."""

    quantity: Quantity
    count: int
    lowest: Decimal
    median: Decimal
    third_quartile: Decimal
    highest: Decimal

    @property
    def unit(self) -> str:
        """The unit of the values."""
        return DOSES[self.quantity]

    @property
    def enough(self) -> bool:
        """Whether the median rests on enough exposures to say something."""
        return self.count >= ENOUGH


class Figures(NamedTuple):
    """Some exposures: how many, how many of them state no dose at all, and a spread of each quantity."""

    exposures: int
    without_dose: int
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class DoseGroup:
    """The exposures of one device that show the same kind, by age and by month (``2026-03``)."""

    device: str
    category: str | None
    figures: Figures
    by_age: Mapping[AgeBand, Figures]
    by_month: Mapping[str, Figures]


class ReferenceLevel(NamedTuple):
    """What medians are held against, in the unit of the quantity; ``source`` is who gave it, and when."""

    category: str
    quantity: Quantity
    ages: Ages
    value: Decimal
    source: str

    def is_of(self, category: str | None, band: AgeBand) -> bool:
        """Whether it is for that kind of image and that age; for an age that is not known none is."""
        return self.category == category and self.ages is _AGES.get(band)

    def is_exceeded_by(self, spread: Spread) -> bool:
        """Whether the median lies above it, and rests on enough exposures to say so; equal is not above."""
        return spread.quantity == self.quantity and spread.enough and spread.median > self.value


_AGES = {
    AgeBand.TO_3: Ages.CHILDREN,
    AgeBand.TO_9: Ages.CHILDREN,
    AgeBand.TO_13: Ages.CHILDREN,
    AgeBand.TO_17: Ages.CHILDREN,
    AgeBand.ADULT: Ages.ADULTS,
}


def age_at(born: date | None, day: date) -> int | None:
    """Completed years; None when the birth date is not known, or lies behind the day."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(age: int | None) -> AgeBand:
    """The band of an age in completed years."""
    if age is None:
        return AgeBand.UNKNOWN
    return next((band for bound, band in _BANDS if age < bound), AgeBand.ADULT)


def dose_groups(samples: Iterable[DoseSample]) -> tuple[DoseGroup, ...]:
    """The groups of a device and a kind, by name of the device; what shows an unknown kind comes last."""
    groups: defaultdict[tuple[str, str | None], list[DoseSample]] = defaultdict(list)
    for sample in samples:
        groups[sample.device, sample.category].append(sample)
    in_order = sorted(groups, key=lambda key: (key[0].casefold(), key[0], key[1] is None, key[1] or ""))
    return tuple(_group(*key, groups[key]) for key in in_order)


def figures(samples: Sequence[DoseSample]) -> Figures:
    """The figures of some exposures, whatever they have in common."""
    spreads = (_spread(each, [s.doses[each] for s in samples if each in s.doses]) for each in DOSES)
    return Figures(
        exposures=len(samples),
        without_dose=sum(not sample.doses for sample in samples),
        spreads=tuple(each for each in spreads if each),
    )


def _group(device: str, category: str | None, samples: Sequence[DoseSample]) -> DoseGroup:
    ages: dict[AgeBand, list[DoseSample]] = {band: [] for band in AgeBand}
    months: defaultdict[str, list[DoseSample]] = defaultdict(list)
    for sample in samples:
        ages[age_band(sample.age)].append(sample)
        months[f"{sample.day:%Y-%m}"].append(sample)
    return DoseGroup(
        device=device,
        category=category,
        figures=figures(samples),
        by_age={band: figures(found) for band, found in ages.items() if found},
        by_month={month: figures(months[month]) for month in sorted(months)},
    )


def _spread(quantity: Quantity, values: Sequence[Decimal]) -> Spread | None:
    if not values:
        return None
    median = third = values[0]
    if len(values) > 1:  # of a single value the library would rather not say anything
        _, median, third = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(quantity, len(values), min(values), median, third, max(values))
