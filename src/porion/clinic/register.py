"""A register of patients in memory: for lists that come as files, for demonstrations and for tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from porion.clinic.blocks import EVERYBODY, block_keys, terms
from porion.clinic.shortlist import likeliest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from porion.clinic.patient import Patient


class MemoryRegister:
    """The active patients of a list, indexed once; good for a hundred thousand of them."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._patients = {each.id: each for each in patients if each.merged_into is None}
        self._blocks: defaultdict[str, list[str]] = defaultdict(list)
        self._carriers: Counter[str] = Counter()
        for patient in self._patients.values():
            self._carriers.update((EVERYBODY, *terms(patient)))
            for key in block_keys(patient):
                self._blocks[key].append(patient.id)

    def size(self) -> int:
        """How many active patients there are."""
        return len(self._patients)

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """The patients who share most of the keys, each once; blocks above LARGEST_BLOCK are skipped."""
        return [self._patients[one] for one in likeliest(self._blocks.get(key, ()) for key in keys)]

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many patients carry each term; EVERYBODY is one."""
        return {term: self._carriers[term] for term in terms}
