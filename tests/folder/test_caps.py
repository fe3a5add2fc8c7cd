"""What an archive may cost is counted, not believed."""

from __future__ import annotations

import pytest

from porion.folder.caps import MIB, Budget, CapPassedError, Caps


@pytest.mark.parametrize(
    ("archive_size", "allowed"),
    [(0, 256 * MIB), (MIB, 256 * MIB), (10 * MIB, 1000 * MIB), (1000 * MIB, 4096 * MIB)],
)
def test_the_ratio_holds_between_the_allowance_and_the_total(archive_size: int, allowed: int) -> None:
    assert Caps().bytes_from(archive_size) == allowed


def test_a_budget_ends_with_the_first_byte_and_file_too_many() -> None:
    budget = Budget(most_bytes=10, most_files=2)
    budget.spend_bytes(10)
    budget.spend_file()
    budget.spend_file()
    with pytest.raises(CapPassedError, match="ZIP bomb"):
        budget.spend_bytes(1)
    with pytest.raises(CapPassedError, match="more than 2 files"):
        budget.spend_file()
