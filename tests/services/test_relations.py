"""Who stands close to a patient in the register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from porion.clinic.permissions import Actor
from porion.dicom.person import Identifier, PersonName
from porion.services.errors import NotFound, NotPermitted
from porion.services.merge import merge_patients, unmerge
from porion.services.relations import see_relations
from tests.services.scenes import ANNA, BERTA, register
from tests.world import World

TWIN = replace(ANNA, name=PersonName("Beispiel", "Lena"), identifiers=(Identifier("P-3", "CLINIC"),))


def test_a_twin_in_the_register_is_told_with_what_sets_the_two_apart(world: World) -> None:
    anna, twin = register(world, ANNA), register(world, TWIN)
    register(world, BERTA)
    alike = see_relations(world.porion, world.actor, anna.id).alike
    assert [one.patient.id for one in alike] == [twin.id]
    assert "twin" in alike[0].vetoes[0].sentence


def test_entries_that_were_merged_are_told_until_they_are_taken_apart(world: World) -> None:
    anna, twin = register(world, ANNA), register(world, TWIN)
    merge_patients(world.porion, world.actor, anna.id, twin.id, "one person")
    assert [one.id for one in see_relations(world.porion, world.actor, anna.id).merged] == [twin.id]
    unmerge(world.porion, world.actor, twin.id, "two people")
    assert not see_relations(world.porion, world.actor, anna.id).merged


def test_a_patient_who_is_not_there_and_somebody_who_may_not_look(world: World) -> None:
    with pytest.raises(NotFound):
        see_relations(world.porion, world.actor, "nobody")
    with pytest.raises(NotPermitted):
        see_relations(world.porion, Actor("guest", world.clinic_id, frozenset()), "nobody")
