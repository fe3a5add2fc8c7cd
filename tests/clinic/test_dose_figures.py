from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.dose_figures import (
    DOSES,
    ENOUGH,
    AgeBand,
    Ages,
    DoseSample,
    ReferenceLevel,
    age_at,
    age_band,
    dose_groups,
    figures,
)
from porion.dicom.units import Quantity

DAY = date(2026, 3, 2)
values = st.decimals(min_value="0.001", max_value=10_000, places=3)
doses: st.SearchStrategy[dict[Quantity, Decimal]] = st.dictionaries(st.sampled_from(list(DOSES)), values)
samples = st.builds(
    DoseSample,
    device=st.sampled_from(["", "unit a", "Unit A", "unit b"]),
    category=st.sampled_from([None, "CBCT", "PANORAMIC"]),
    day=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    age=st.none() | st.integers(0, 90),
    doses=doses,
)


def a_sample(dap: str | None = "80", age: int | None = 12, **changes: object) -> DoseSample:
    known: dict[Quantity, Decimal] = {} if dap is None else {"dap_mgycm2": Decimal(dap)}
    made = DoseSample("NewTom GO", "PANORAMIC", DAY, age, known)
    return made._replace(**changes)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (None, None),
        (date(2026, 3, 3), None),
        (DAY, 0),
        (date(2012, 3, 2), 14),
        (date(2012, 3, 3), 13),
        (date(2012, 2, 29), 14),
    ],
)
def test_an_age_is_in_completed_years(born: date | None, age: int | None) -> None:
    assert age_at(born, DAY) == age


def test_who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    born = date(2012, 2, 29)
    assert (age_at(born, date(2026, 2, 28)), age_at(born, date(2026, 3, 1))) == (13, 14)


def test_every_age_has_its_band() -> None:
    bands = {age: age_band(age) for age in (None, 0, 3, 4, 9, 10, 13, 14, 17, 18, 90)}
    assert bands == {
        None: AgeBand.UNKNOWN,
        0: AgeBand.TO_3,
        3: AgeBand.TO_3,
        4: AgeBand.TO_9,
        9: AgeBand.TO_9,
        10: AgeBand.TO_13,
        13: AgeBand.TO_13,
        14: AgeBand.TO_17,
        17: AgeBand.TO_17,
        18: AgeBand.ADULT,
        90: AgeBand.ADULT,
    }


def test_a_dose_that_is_not_known_is_counted_and_is_not_zero() -> None:
    found = figures([a_sample("60"), a_sample("100"), a_sample(None), a_sample(None)])
    (dap,) = found.spreads
    assert (found.exposures, found.without_dose, dap.count) == (4, 2, 2)
    assert (dap.lowest, dap.median, dap.third_quartile, dap.highest) == tuple(map(Decimal, (60, 80, 90, 100)))
    assert dap.unit == "mGy·cm²"


def test_a_single_dose_is_all_of_its_quartiles() -> None:
    (dap,) = figures([a_sample("81")]).spreads
    assert {dap.lowest, dap.median, dap.third_quartile, dap.highest} == {Decimal(81)}


def test_a_median_says_something_from_ten_exposures_on() -> None:
    assert [figures([a_sample()] * n).spreads[0].enough for n in (ENOUGH - 1, ENOUGH)] == [False, True]


LEVEL = ReferenceLevel("PANORAMIC", "dap_mgycm2", Ages.CHILDREN, Decimal(81), "an authority, 2019")


def test_a_level_is_of_one_kind_and_of_children_or_adults() -> None:
    bands = {band for band in AgeBand if LEVEL.is_of("PANORAMIC", band)}
    assert bands == set(AgeBand) - {AgeBand.ADULT, AgeBand.UNKNOWN}
    adults = LEVEL._replace(ages=Ages.ADULTS)
    assert {band for band in AgeBand if adults.is_of("PANORAMIC", band)} == {AgeBand.ADULT}
    assert not LEVEL.is_of("CBCT", AgeBand.TO_9)
    assert not LEVEL.is_of(None, AgeBand.TO_9)


@pytest.mark.parametrize(
    ("dap", "count", "above"),
    [("81", ENOUGH, False), ("81.001", ENOUGH, True), ("500", ENOUGH - 1, False), ("80", ENOUGH, False)],
)
def test_a_median_is_above_when_it_is_more_than_the_level_and_rests_on_enough(
    dap: str, count: int, above: bool
) -> None:
    (spread,) = figures([a_sample(dap)] * count).spreads
    assert LEVEL.is_exceeded_by(spread) is above
    assert not LEVEL._replace(quantity="entrance_mgy").is_exceeded_by(spread)


def test_nothing_has_no_figures() -> None:
    assert figures([]) == (0, 0, ())
    assert dose_groups([]) == ()


def test_groups_are_of_one_device_and_kind_and_tell_ages_and_months_apart() -> None:
    group, unknown, other = dose_groups(
        [
            a_sample("50", age=8, day=date(2026, 1, 31)),
            a_sample("70", age=12),
            a_sample("90", age=None),
            a_sample(None, category=None),
            a_sample("5", device="Schick", category="PERIAPICAL"),
        ]
    )
    assert [(one.device, one.category) for one in (group, unknown, other)] == [
        ("NewTom GO", "PANORAMIC"),
        ("NewTom GO", None),
        ("Schick", "PERIAPICAL"),
    ]
    assert list(group.by_age) == [AgeBand.TO_9, AgeBand.TO_13, AgeBand.UNKNOWN]
    assert {month: found.exposures for month, found in group.by_month.items()} == {"2026-01": 1, "2026-03": 2}
    assert group.by_age[AgeBand.TO_9].spreads[0].median == 50
    assert unknown.figures == (1, 1, ())


@given(st.lists(samples, max_size=40))
def test_groups_hold_every_exposure_once_by_age_and_by_month(drawn: list[DoseSample]) -> None:
    groups = dose_groups(drawn)
    assert sum(group.figures.exposures for group in groups) == len(drawn)
    assert len({(group.device, group.category) for group in groups}) == len(groups)
    for group in groups:
        for parts in (group.by_age, group.by_month):
            assert sum(part.exposures for part in parts.values()) == group.figures.exposures
            assert sum(part.without_dose for part in parts.values()) == group.figures.without_dose


@given(st.lists(samples, min_size=1, max_size=40))
def test_a_spread_is_what_numpy_says_whatever_the_order_of_its_values(drawn: list[DoseSample]) -> None:
    found = figures(drawn)
    assert figures(drawn[::-1]) == found
    assert found.without_dose == sum(not one.doses for one in drawn)
    for spread in found.spreads:
        stated = sorted(one.doses[spread.quantity] for one in drawn if spread.quantity in one.doses)
        assert (spread.count, spread.lowest, spread.highest) == (len(stated), stated[0], stated[-1])
        assert spread.lowest <= spread.median <= spread.third_quartile <= spread.highest
        quartiles = np.percentile([float(value) for value in stated], [50, 75])
        assert [float(spread.median), float(spread.third_quartile)] == pytest.approx(quartiles)
