"""The arithmetic of evidence, apart from any rule: what adds up, what contradicts, when a person looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.category import Category, Kind
from porion.dicom.verdict import CAP_RULE, MARGIN, POSSIBLE, SURE, Evidence, propose, scores, weighed

PAN, CEPH, OTHER = Category.PANORAMIC, Category.CEPHALOMETRIC_LATERAL, Category.OTHER


def says(category: Category | None, weight: float, rule: str = "X1") -> Evidence:
    return Evidence(rule, category, weight, ("Attribute=value",), "a test")


def test_agreeing_evidence_leaves_the_product_of_its_doubts() -> None:
    assert scores((says(PAN, 0.5), says(PAN, 0.8))) == {PAN: pytest.approx(0.9)}


def test_the_cap_bounds_every_category() -> None:
    bounded = scores((says(PAN, 0.95), says(CEPH, 0.3), says(None, 0.6, CAP_RULE)))

    assert bounded == {PAN: pytest.approx(0.6), CEPH: pytest.approx(0.3)}


def test_a_rival_that_could_have_been_the_verdict_lowers_it() -> None:
    alone = weighed(Kind.XRAY, (says(PAN, 0.95), says(CEPH, POSSIBLE - 0.01)))
    contradicted = weighed(Kind.XRAY, (says(PAN, 0.95), says(CEPH, POSSIBLE)))

    assert (alone.confidence, contradicted.confidence) == (0.95, pytest.approx(0.65))
    assert (alone.needs_review, contradicted.needs_review) == (False, True)


def test_two_categories_within_the_margin_are_for_a_person() -> None:
    near = weighed(Kind.XRAY, (says(PAN, 0.45), says(CEPH, 0.45 - MARGIN / 2)))

    assert near.needs_review


def test_what_nothing_speaks_for_is_other_and_for_a_person() -> None:
    nothing = weighed(Kind.XRAY, ())

    assert (nothing.category, nothing.confidence, nothing.needs_review) == (OTHER, 0.0, True)


def test_a_weak_first_stays_first_in_the_ranking_though_the_category_is_other() -> None:
    weak = weighed(Kind.XRAY, (says(PAN, POSSIBLE - 0.1),))

    assert (weak.category, weak.ranking[0][0]) == (OTHER, PAN)


def test_a_correction_is_first_and_never_settles_by_itself() -> None:
    corrected = propose(weighed(Kind.XRAY, (says(PAN, 0.99),)), CEPH)

    assert (corrected.category, corrected.modality, corrected.needs_review) == (CEPH, "CEPH", True)
    assert corrected.evidence[-1].rule == "R1"


@given(st.lists(st.builds(says, st.sampled_from(Category), st.floats(0, 1)), max_size=8))
def test_confidence_is_a_share_and_doubt_always_asks(evidence: list[Evidence]) -> None:
    verdict = weighed(Kind.XRAY, tuple(evidence))

    assert 0 <= verdict.confidence <= 1
    assert verdict.needs_review or verdict.confidence >= SURE
