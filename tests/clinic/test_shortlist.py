from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.shortlist import LARGEST_BLOCK, LONGEST, likeliest

CROWD = [f"p{number:04}" for number in range(LARGEST_BLOCK)]


def test_everybody_of_small_blocks_is_looked_at() -> None:
    assert likeliest([["b", "a"], ["b"], []]) == ["a", "b"]


def test_a_block_of_too_many_selects_nobody() -> None:
    assert likeliest([[*CROWD, "one more"], ["a"]]) == ["a"]


def test_of_many_those_stay_who_share_most_and_what_is_rarest() -> None:
    twice = CROWD[500:510]
    found = likeliest([CROWD, CROWD[400:600], twice, ["z"]])

    assert len(found) == LONGEST
    assert {"z", *twice} < set(found) <= {"z", *CROWD[400:600]}


@given(st.lists(st.lists(st.sampled_from(CROWD), unique=True, max_size=40), max_size=6))
def test_the_order_of_keys_and_owners_does_not_matter(blocks: list[list[str]]) -> None:
    shuffled = [sorted(block, reverse=True) for block in reversed(blocks)]

    assert set(likeliest(shuffled)) == set(likeliest(blocks))
