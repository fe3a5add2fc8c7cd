"""Which patients of the blocks are worth a look: those who share most of a claim's keys, the rarest first."""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST_BLOCK = 1_000
"""A key that more patients share selects nothing, and is skipped."""

LONGEST = 20
"""Patients that are compared at most: whoever shares less with the claim is not them."""


def likeliest(blocks: Iterable[Sequence[AnyStr]]) -> list[AnyStr]:
    """The ids of the patients who share most with a claim; ``blocks`` are the ids under each of its keys.

    A key counts by how few patients share it, as words do in a search.
    """
    shared: defaultdict[AnyStr, float] = defaultdict(float)
    for block in blocks:
        if 0 < len(block) <= LARGEST_BLOCK:
            worth = 1 / len(block)
            for one in block:
                shared[one] += worth
    if len(shared) <= LONGEST:
        return sorted(shared)
    return sorted(nsmallest(LONGEST, shared, key=lambda one: (-shared[one], one)))
