from __future__ import annotations

from typing import Any

import pytest

from porion.clinic.permissions import feeder
from porion.fhir.bundle import MOST, apply_bundle, response_bundle
from porion.services.errors import Invalid
from porion.services.patients import list_patients
from porion.services.register_feed import Applied
from tests.builders import a_panoramic
from tests.fhir.resources import SOURCE, a_bundle, a_patient
from tests.services.scenes import inbox, link_to, waiting
from tests.world import World


def send(world: World, *resources: Any) -> list[Applied]:
    """Bring a bundle in."""
    return apply_bundle(world.porion, feeder(SOURCE, world.clinic_id), a_bundle(*resources), SOURCE, {})


def outcomes(world: World, *resources: Any) -> list[str]:
    """What became of each entry."""
    return [one.outcome.value for one in send(world, *resources)]


def test_entries_are_added_brought_up_to_date_and_refused_one_by_one(each_world: World) -> None:
    world = each_world
    assert outcomes(world, a_patient("1"), "nonsense", {"resourceType": "Observation"}, a_patient("2")) == [
        "added",
        "refused",
        "refused",
        "added",
    ]
    assert outcomes(world, a_patient("1"), a_patient("2")) == ["replayed"] * 2
    newer = {"versionId": "2", "lastUpdated": "2026-01-02T12:00:00Z"}
    renamed = a_patient("1", meta=newer, name=[{"family": "Neu", "given": ["Anna"]}])
    assert outcomes(world, renamed) == ["updated"]
    assert outcomes(world, a_patient("3", active=False)) == ["unchanged"]
    assert sorted(one.name.family for one in list_patients(world.porion, world.actor)) == ["Beispiel", "Neu"]


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_servers_merge_moves_images_whichever_side_comes_first(world: World, *, gone_first: bool) -> None:
    send(world, a_patient("1"), a_patient("2"))
    one = next(p for p in list_patients(world.porion, world.actor) if p.identifiers[0].value == "P-1")
    link_to(world, waiting(world, a_panoramic()), one, reason="x")
    later = {"versionId": "2", "lastUpdated": "2026-01-03T12:00:00Z"}
    by = [{"type": "replaced-by", "other": {"reference": "Patient/2"}}]
    of = [{"type": "replaces", "other": {"reference": "Patient/1"}}]
    both = [a_patient("1", meta=later, active=False, link=by), a_patient("2", meta=later, link=of)]

    said = send(world, *(both if gone_first else reversed(both)))

    assert "merged" in {one.outcome.value for one in said}
    assert "refused" not in {one.outcome.value for one in said}
    (stays,) = list_patients(world.porion, world.actor)
    assert {own.value for own in stays.identifiers} >= {"P-1", "P-2", "1", "2"}
    assert [view.item.patient_id for view in inbox(world, "linked")] == [stays.id]


def test_the_answer_has_an_entry_for_each(world: World) -> None:
    answer = response_bundle(send(world, a_patient("1"), {}))
    first, second = answer["entry"]
    assert first["response"]["status"] == "201 Created"
    assert first["response"]["location"].startswith("Patient/")
    assert second["response"]["status"] == "422 Unprocessable Entity"
    assert second["response"]["outcome"]["issue"][0]["severity"] == "error"


@pytest.mark.parametrize(
    "bundle", [{}, a_patient(), {"resourceType": "Bundle", "entry": 5}, a_bundle(*[{}] * (MOST + 1))]
)
def test_what_is_no_bundle_or_too_much_is_refused(world: World, bundle: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        apply_bundle(world.porion, world.actor, bundle, SOURCE, {})
