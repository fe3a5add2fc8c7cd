"""Finding patients as somebody types."""

from __future__ import annotations

from datetime import date

import pytest

from porion.clinic.patient import Patient
from porion.clinic.permissions import Actor
from porion.dicom.person import PersonName
from porion.services.errors import NotPermitted
from porion.services.find_patients import find_patients
from porion.services.trail import read_trail
from tests.services.scenes import ANNA, BERTA, register
from tests.world import World

MEYER = Patient("", PersonName("Meyer", "Katharina"), date(2010, 1, 2), "F")


@pytest.fixture
def clinic(world: World) -> World:
    for patient in (ANNA, BERTA, MEYER):
        register(world, patient)
    return world


def found(world: World, typed: str) -> list[str]:
    return [one.name.family for one in find_patients(world.porion, world.actor, typed)]


@pytest.mark.parametrize("typed", ["beisp", "anna beisp", "P-1", "3.4.2012", "2012-04-03 anna"])
def test_words_ids_and_dates_find(clinic: World, typed: str) -> None:
    assert found(clinic, typed)[0] == "Beispiel"


@pytest.mark.parametrize("typed", ["Maier Katarina", "Katharina Mayer", "Meier, Catharina 2.1.2010"])
def test_names_that_sound_alike_find(clinic: World, typed: str) -> None:
    assert found(clinic, typed)[0] == "Meyer"


def test_nobody_is_listed_twice_and_no_more_than_asked_for(clinic: World) -> None:
    assert found(clinic, "Anna Beispiel") == ["Beispiel"]
    assert len(find_patients(clinic.porion, clinic.actor, "", 2)) == 2


def test_who_was_shown_is_on_record(clinic: World) -> None:
    find_patients(clinic.porion, clinic.actor, "anna")
    (link,) = read_trail(clinic.porion, clinic.actor, before=None, limit=1, object_id=None)
    assert (link.action, len(link.detail["patients"])) == ("patients listed", 1)


def test_it_takes_the_permission_to_view(world: World) -> None:
    with pytest.raises(NotPermitted):
        find_patients(world.porion, Actor("guest", world.clinic_id, frozenset()), "anna")
