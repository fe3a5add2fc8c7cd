from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.services.errors import Conflict, Invalid, NotFound, Stale
from porion.services.exposures import see_exposures
from porion.services.merge import merge_patients
from porion.services.patients import (
    add_patient,
    edit_patient,
    list_patients,
    see_patient,
)
from tests.builders import a_panoramic
from tests.services.scenes import ANNA, BERTA, register, waiting
from tests.world import World, another_clinic


def found(world: World, words: str) -> list[str]:
    return [patient.name.given for patient in list_patients(world.porion, world.actor, words=words)]


def test_a_patient_is_kept_as_added(each_world: World) -> None:
    whole = replace(
        ANNA, aliases=(PersonName("Früher", "Anna"),), name=PersonName("Ö", "A", "M", "Dr.", "Jr")
    )
    added = register(each_world, whole)
    assert see_patient(each_world.porion, each_world.actor, added.id) == replace(whole, id=added.id)


@pytest.mark.parametrize(
    ("patient", "reason"),
    [
        (Patient("", PersonName(" ", "")), "needs a family name"),
        (replace(ANNA, identifiers=(Identifier(" ", "CLINIC"),)), "identifier is empty"),
        (replace(ANNA, name=PersonName("N" * 201)), "longer than 200"),
        (replace(ANNA, aliases=(PersonName("N" * 201),)), "longer than 200"),
        (replace(ANNA, identifiers=(Identifier("1", "I" * 201),)), "longer than 200"),
    ],
)
def test_a_patient_who_makes_no_sense_is_refused(each_world: World, patient: Patient, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        register(each_world, patient)
    anna = register(each_world)
    with pytest.raises(Invalid, match=reason):
        edit_patient(each_world.porion, each_world.actor, replace(patient, id=anna.id))


def test_an_identifier_of_one_issuer_belongs_to_one_patient(each_world: World) -> None:
    anna = register(each_world)
    register(each_world, replace(BERTA, identifiers=(Identifier("P-1", "ANOTHER"), Identifier("P-1"))))
    with pytest.raises(Conflict, match=f"P-1 of CLINIC belongs to patient {anna.id}"):
        register(each_world, replace(BERTA, identifiers=ANNA.identifiers))


def test_an_edit_of_an_older_version_is_stale(each_world: World) -> None:
    anna = register(each_world)
    edited = edit_patient(each_world.porion, each_world.actor, replace(anna, birth_date=date(2012, 3, 4)))
    assert edited.version == 2
    with pytest.raises(Stale):
        edit_patient(each_world.porion, each_world.actor, replace(anna, sex="M"))
    assert see_patient(each_world.porion, each_world.actor, anna.id) == edited


def test_an_edited_patient_is_found_by_the_new_name_only(each_world: World) -> None:
    anna = register(each_world)
    edit_patient(each_world.porion, each_world.actor, replace(anna, name=PersonName("Neumann", "Anna")))
    assert (found(each_world, "beispiel"), found(each_world, "neumann")) == ([], ["Anna"])
    assert waiting(each_world, a_panoramic(PatientName="Neumann^Anna")).candidates[0].patient.id == anna.id


@pytest.mark.parametrize("words", ["müller", "MUELLER", "muller", "mül", "zoë", "p-7", "P-7 müller", "100%"])
def test_a_patient_is_found_by_however_one_types_the_words(each_world: World, words: str) -> None:
    names = (PersonName("100%ig"), PersonName("Beispiel"))
    register(each_world, Patient("", PersonName("Müller", "Zoë"), None, "", (Identifier("P-7"),), names))
    register(each_world, BERTA)
    assert found(each_world, words) == ["Zoë"]


@pytest.mark.parametrize("words", ["ller", "%", "_", "müller berta", "berta-zoë"])
def test_every_word_must_begin_a_name_or_identifier(each_world: World, words: str) -> None:
    register(each_world, Patient("", PersonName("Müller", "Zoë")))
    register(each_world, BERTA)
    assert found(each_world, words) == []


def test_a_list_has_pages(world: World) -> None:
    for number in range(5):
        register(world, Patient("", PersonName("A", str(number))))
    first = list_patients(world.porion, world.actor, limit=3)
    rest = list_patients(world.porion, world.actor, after=first[-1].id, limit=3)
    assert [patient.name.given for patient in (*first, *rest)] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("name", ["M\ufffdller", "M\u202eller", "M\x07ller", "Mü\udcffller"])
def test_what_nobody_can_read_does_not_come_into_the_register(world: World, name: str) -> None:
    with pytest.raises(Invalid, match="could not be read"):
        register(world, replace(ANNA, name=PersonName(name, "Anna")))
    anna = register(world, replace(ANNA, name=PersonName("نیک‌نام", "آناهیتا")))
    with pytest.raises(Invalid, match="could not be read"):
        edit_patient(world.porion, world.actor, replace(anna, name=PersonName(name, "Anna")))


def test_there_is_no_patient_of_another_clinic(world: World) -> None:
    anna, there = register(world), another_clinic(world)
    assert list(list_patients(there.porion, there.actor)) == []
    for see in (see_patient, see_exposures):
        with pytest.raises(NotFound):
            see(there.porion, there.actor, anna.id)
    with pytest.raises(NotFound):
        edit_patient(there.porion, there.actor, anna)
    neighbour = register(there)
    with pytest.raises(NotFound):
        merge_patients(there.porion, there.actor, neighbour.id, anna.id, "one person")
    assert add_patient(there.porion, there.actor, BERTA).version == 1
