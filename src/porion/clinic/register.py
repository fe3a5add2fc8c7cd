"""A register of patients in memory: for lists that come as files, for demonstrations and for tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from porion.clinic.blocks import block_keys, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from porion.clinic.patient import Patient

LARGEST_BLOCK = 1_000
"""A key that more patients share selects nothing, and is skipped."""


class MemoryRegister:
    """The active patients of a list, indexed once; good for a hundred thousand of them."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._patients = list({each.id: each for each in patients if each.merged_into is None}.values())
        self._blocks: defaultdict[str, list[Patient]] = defaultdict(list)
        self._carriers: Counter[str] = Counter()
        for patient in self._patients:
            self._carriers.update(terms(patient))
            for key in block_keys(patient):
                self._blocks[key].append(patient)

    def size(self) -> int:
        """How many active patients there are."""
        return len(self._patients)

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """The patients under any of the keys, each once; blocks above LARGEST_BLOCK are skipped."""
        blocks = (self._blocks.get(key, ()) for key in keys)
        return list(
            {each.id: each for block in blocks if len(block) <= LARGEST_BLOCK for each in block}.values()
        )

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many patients carry each term."""
        return {term: self._carriers[term] for term in terms}
