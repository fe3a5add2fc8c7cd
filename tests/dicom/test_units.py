"""Units fold to one spelling, and a written number becomes evidence whatever it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.units import QUANTITIES, Quantity, Reading, observe, unit_factor

DAP = Reading("dap_mgycm2", "0.81", "dGy.cm2", "by_standard", "image", "(0018,115E)", "rule")


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("Gy.m2", "1e7"),
        ("Gym2", "1e7"),
        ("Gy.cm2", "1000"),
        ("Gy.cm^2", "1000"),
        ("dGy.cm2", "100"),
        ("dGy*cm^2", "100"),
        ("cGy.cm2", "10"),
        ("mGy.cm2", "1"),
        ("mGy cm\u00b2", "1"),
        ("mGy\u00b7cm\u00b2", "1"),
        ("uGy.m2", "10"),
        ("\u00b5Gy.m2", "10"),
        ("\u03bcGym2", "10"),
        ("mGy.m2", "1e4"),
    ],
)
def test_every_known_spelling_of_an_area_dose_has_its_factor(unit: str, factor: str) -> None:
    assert unit_factor("dap_mgycm2", unit) == Decimal(factor)


@pytest.mark.parametrize(
    ("quantity", "unit", "factor"),
    [
        ("dlp_mgycm", "mGycm", "1"),
        ("dlp_mgycm", "mGy.cm", "1"),
        ("mas", "uA.s", "0.001"),
        ("mas", "uAs", "0.001"),
        ("time_ms", "s", "1000"),
        ("time_ms", "us", "0.001"),
        ("tube_ma", "uA", "0.001"),
        ("kvp", "kV", "1"),
        ("entrance_mgy", "dGy", "100"),
        ("ctdivol_mgy", "mGy", "1"),
    ],
)
def test_other_quantities_have_their_factors(quantity: Quantity, unit: str, factor: str) -> None:
    assert unit_factor(quantity, unit) == Decimal(factor)


@pytest.mark.parametrize("unit", ["", "Gy", "mSv", "furlong", "cm2", "dGy.cm"])
def test_a_unit_of_something_else_is_not_an_area_dose(unit: str) -> None:
    assert unit_factor("dap_mgycm2", unit) is None


def test_the_raw_text_stays_beside_the_canonical_value() -> None:
    seen = observe(DAP)
    assert (seen.value, seen.raw_text, seen.raw_unit) == (Decimal(81), "0.81", "dGy.cm2")
    assert (seen.unit_status, seen.reason, seen.used) == ("by_standard", "", False)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1.6e-005", "0.0016"), ("0,81", "81"), (" 0.81 ", "81"), ("+4.50", "450"), ("1E1", "1000")],
)
def test_exponents_decimal_commas_and_padding_are_read(raw: str, value: str) -> None:
    assert observe(replace(DAP, raw_text=raw)).value == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "named without a value"),
        ("0", "stated zero"),
        ("0.000", "stated zero"),
        ("-1", "negative"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("n/a", "not a number"),
        ("1\\2", "not a number"),
        ("1e99", "beyond any plausible size"),
        ("1e-99", "beyond any plausible size"),
    ],
)
def test_what_is_no_dose_is_kept_with_its_reason(raw: str, reason: str) -> None:
    seen = observe(replace(DAP, raw_text=raw))
    assert (seen.value, seen.reason, seen.raw_text) == (None, reason, raw)


def test_an_unknown_unit_gives_no_value_however_plausible_the_number() -> None:
    seen = observe(replace(DAP, raw_unit="", raw_text="81"))
    assert (seen.value, seen.unit_status, seen.reason) == (None, "unknown", "unit not known")


def test_a_fault_that_the_reader_found_stands() -> None:
    seen = observe(replace(DAP, fault="differs between frames"))
    assert (seen.value, seen.reason) == (None, "differs between frames")


@given(st.sampled_from(QUANTITIES), st.text(max_size=24), st.text(max_size=8))
def test_no_text_raises_and_a_value_is_always_positive(quantity: Quantity, raw: str, unit: str) -> None:
    seen = observe(replace(DAP, quantity=quantity, raw_text=raw, raw_unit=unit))
    assert (seen.value is None) == bool(seen.reason)
    assert seen.value is None or seen.value > 0
