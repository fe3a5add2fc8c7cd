import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.folding import fold
from porion.clinic.levels import Level
from porion.clinic.middle_names import middle_level

NAMES = st.lists(st.sampled_from(["Anna", "Jürgen", "Maria", "M", "Peter", "Petra"]), max_size=4)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Anna", "Anna Maria", Level.MISSING),
        ("Anna Maria", "Anna Maria", Level.SAME),
        ("Anna María", "Anna Maria", Level.SAME),
        ("Anna M", "Anna Maria", Level.INITIAL),
        ("Anna M", "Anna M", Level.INITIAL),
        ("Anna Mariah", "Anna Maria", Level.CLOSE),
        ("Anna Maria", "Anna Maria Louise", Level.CLOSE),
        ("Anna Maria L", "Anna Maria Louise", Level.CLOSE),
        ("Anna Maria", "Anna Berta", Level.OTHER),
        ("Anna B", "Anna Maria", Level.OTHER),
        ("Anna Maria", "Maria Anna", Level.MISSING),
    ],
)
def test_further_given_names_agree_in_known_degrees(one: str, other: str, expected: Level) -> None:
    assert middle_level(fold(one), fold(other)) is expected


@given(NAMES, NAMES)
def test_the_order_of_two_lists_does_not_matter(one: list[str], other: list[str]) -> None:
    a, b = fold(" ".join(one)), fold(" ".join(other))

    assert middle_level(a, b) is middle_level(b, a)
