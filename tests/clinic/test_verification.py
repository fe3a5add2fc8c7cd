from __future__ import annotations

from itertools import combinations

import pytest

from porion.clinic.grade import Grade
from porion.clinic.verification import Verified, what_is_lacking

TWO = (Verified.NAME, Verified.BIRTH_DATE)


@pytest.mark.parametrize("grade", [*Grade, None])
def test_nobody_is_linked_without_a_look(grade: Grade | None) -> None:
    lacking = what_is_lacking(grade, (), "because")
    assert lacking is not None
    assert all(kind.value in lacking for kind in Verified)


@pytest.mark.parametrize("kind", list(Verified))
def test_a_certain_candidate_needs_one_look_of_any_kind(kind: Verified) -> None:
    assert what_is_lacking(Grade.CERTAIN, [kind], None) is None


@pytest.mark.parametrize("grade", [Grade.PROBABLE, Grade.POSSIBLE, None])
def test_everybody_else_needs_two_different_looks(grade: Grade | None) -> None:
    assert all(what_is_lacking(grade, pair, None) is None for pair in combinations(Verified, 2))
    for kind in Verified:
        for looks in ([kind], [kind, kind]):
            assert "verify two things" in (what_is_lacking(grade, looks, "because") or "")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_somebody_ruled_out_before_needs_a_reason_as_well(reason: str | None) -> None:
    assert "ruled this patient out" in (what_is_lacking(Grade.CERTAINLY_NOT, TWO, reason) or "")
    assert what_is_lacking(Grade.CERTAINLY_NOT, TWO, "the device was mixed up") is None
    assert what_is_lacking(Grade.CERTAINLY_NOT, TWO[:1], "the device was mixed up") is not None
