"""Heads grow, and teeth come and go when they do in children."""

from __future__ import annotations

import pytest

from porion.emulator.phantoms.anatomy import anatomy, dentition


@pytest.mark.parametrize("seed", range(5))
def test_the_same_person_has_the_same_head(seed: int) -> None:
    assert anatomy(seed, 13) == anatomy(seed, 13)
    assert dentition(anatomy(seed, 13)) == dentition(anatomy(seed, 13))


def test_a_head_grows_with_the_years() -> None:
    assert anatomy(1, 7).size < anatomy(1, 11).size < anatomy(1, 20).size


@pytest.mark.parametrize("seed", range(5))
def test_a_child_of_eight_has_milk_teeth_above_those_that_will_come(seed: int) -> None:
    teeth = dentition(anatomy(seed, 8))
    assert sum(tooth.milk for tooth in teeth) == 12
    assert {tooth.place for tooth in teeth if tooth.risen == 0} >= {3, 4, 5, 7}
    assert all(tooth.risen == 1 for tooth in teeth if tooth.place == 6)


@pytest.mark.parametrize("seed", range(5))
def test_a_grown_up_has_28_or_32_teeth_with_whole_roots(seed: int) -> None:
    teeth = dentition(anatomy(seed, 35))
    assert len(teeth) in (28, 32)
    assert all(tooth.risen == tooth.grown == 1 and not tooth.milk for tooth in teeth)


def test_braces_are_for_the_young() -> None:
    assert any(anatomy(seed, 14).braces for seed in range(10))
    assert not any(anatomy(seed, age).braces for seed in range(10) for age in (8, 40))
