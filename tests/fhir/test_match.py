from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from porion.fhir.match import GRADE, asked, match_bundle
from porion.services.errors import Invalid
from tests.clinic.people import a_patient as a_person
from tests.clinic.people import claim_of, matched
from tests.fhir.resources import a_patient

ANNA = a_person()


def parameters(*stated: dict[str, Any]) -> dict[str, Any]:
    """Parameters of the operation."""
    return {"resourceType": "Parameters", "parameter": list(stated)}


RESOURCE = {"name": "resource", "resource": a_patient()}


def test_what_is_asked_is_read() -> None:
    wanted = asked(
        parameters(
            RESOURCE,
            {"name": "count", "valueInteger": 3},
            {"name": "onlyCertainMatches", "valueBoolean": True},
        )
    )
    assert (wanted.count, wanted.only_certain, wanted.claim.name.family) == (3, True, "Beispiel")
    bare = asked(a_patient())
    assert (bare.count, bare.only_certain) == (5, False)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "takes Parameters"),
        (parameters(), "takes a Patient"),
        (parameters({"name": "resource"}), "takes a Patient"),
        (parameters({"name": "resource", "resource": {"resourceType": "Device"}}), "not a Patient"),
        (parameters(RESOURCE, {"name": "count", "valueInteger": 0}), "whole number"),
        (parameters(RESOURCE, {"name": "count", "valueInteger": True}), "whole number"),
        ({"resourceType": "Parameters", "parameter": 5}, "takes a Patient"),
    ],
)
def test_what_is_lacking_is_told(body: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        asked(body)


def test_candidates_have_their_probability_and_grade() -> None:
    found = matched(claim_of(ANNA), ANNA, a_person("Weber", "Ben", n=2))
    answer = match_bundle(found, only_certain=False)
    first = answer["entry"][0]
    assert first["search"]["extension"] == [{"url": GRADE, "valueCode": "certain"}]
    assert 0.99 < first["search"]["score"] <= 1
    assert (first["resource"]["id"], answer["total"]) == (ANNA.id, len(found))
    assert match_bundle(found, only_certain=True)["total"] == 1


def test_odds_beyond_all_numbers_are_a_probability() -> None:
    candidate = matched(claim_of(ANNA), ANNA)[0]

    (entry,) = match_bundle([replace(candidate, odds=float("inf"))], only_certain=False)["entry"]
    assert entry["search"]["score"] == 1
