"""A pending item as the API gives it: the claim, the candidates in their order, and the reasons."""

from __future__ import annotations

from porion.http.inbox_shapes import candidates_answer, decision_answer, pending_item
from porion.services.decide import LinkRequest, link
from porion.services.inbox import see_item
from tests.http.house import House, register_anna


def test_candidates_are_ranked_from_one_with_evidence_that_adds_up(house: House) -> None:
    patient, (item, _) = register_anna(house), house.a_pending_item()

    told = candidates_answer(see_item(house.world.porion, house.world.admin, item))

    best = told.candidates[0]
    assert (best.rank, best.patient_id, best.patient.id) == (1, patient, patient)
    assert abs(sum(line.bits for line in best.evidence) - best.bits) < 0.1


def test_the_claim_shows_its_first_identifier_beside_its_issuer(house: House) -> None:
    item, _ = house.a_pending_item()

    claim = candidates_answer(see_item(house.world.porion, house.world.admin, item)).claimed_identity

    assert (claim.patient_id, claim.issuer) == (claim.identifiers[0].value, claim.identifiers[0].issuer)


def test_an_item_tells_its_decisions_and_who_made_them(house: House) -> None:
    patient, (item, _) = register_anna(house), house.a_pending_item()
    made = link(house.world.porion, house.world.admin, LinkRequest(item, patient, ("name", "birthDate")))

    told = pending_item(see_item(house.world.porion, house.world.admin, item))

    assert [decision.decision_id for decision in told.decisions] == [made.id]
    assert decision_answer(made).kind == "link"
