"""C-FIND as a peer meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydicom.dataset import Dataset

from porion.dicom.person import Identifier, PersonName
from porion.dimse.negotiation import PATIENT_ROOT_FIND, STUDY_ROOT_FIND
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_panoramic, data_set, uid
from tests.dimse.asking import NOT_FITTING, SUCCESS, allow, ask, linked
from tests.dimse.house import EXPLICIT, IMPLICIT, House
from tests.services.scenes import ANNA, BERTA
from tests.world import bring


@pytest.fixture
def clinic(house: House) -> House:
    """Anna's panoramic and volume are linked, Berta's panoramic waits."""
    allow(house.world, "query")
    linked(
        house.world,
        a_panoramic(1, PatientName="BEISPIEL^A", PatientID="x", StudyID="S1", AccessionNumber="ACC1"),
    )
    bring(house.world, a_panoramic(2, study="b", PatientName="Muster^Berta", PatientID="P-2"))
    return house


def test_an_answer_has_what_was_asked_for_from_the_register(clinic: House) -> None:
    status, (answer,) = ask(
        clinic,
        PatientName="beispiel*",
        PatientID="",
        PatientBirthDate="",
        PatientSex="",
        StudyInstanceUID="",
        StudyDate="20260301-20260303",
        StudyTime="",
        StudyID="",
        AccessionNumber="",
        ModalitiesInStudy="PX",
        NumberOfStudyRelatedSeries="",
        NumberOfStudyRelatedInstances="",
        InstanceAvailability="",
        Manufacturer="",
        StudyDescription="",
        PatientAge="",
    )
    assert status == SUCCESS
    assert str(answer.PatientName) == "Beispiel^Anna"
    assert (answer.PatientID, answer.PatientBirthDate, answer.PatientSex) == ("P-1", "20120403", "F")
    assert (answer.StudyInstanceUID, answer.StudyID, answer.AccessionNumber) == (uid("study-1"), "S1", "ACC1")
    assert (answer.StudyDate, answer.StudyTime, answer.ModalitiesInStudy) == ("20260302", "101500", "PX")
    assert (answer.NumberOfStudyRelatedSeries, answer.NumberOfStudyRelatedInstances) == (1, 1)
    assert (answer.RetrieveAETitle, answer.InstanceAvailability) == ("PORION", "ONLINE")
    assert answer.QueryRetrieveLevel == "STUDY"
    assert "SpecificCharacterSet" not in answer
    # Asked for and not known at this level: there, and empty.
    assert (answer.Manufacturer, answer.StudyDescription, answer.PatientAge) == ("", "", "")


def test_what_nobody_has_verified_is_told_to_those_alone_who_may_know(clinic: House) -> None:
    assert ask(clinic, PatientName="Muster*") == (SUCCESS, [])
    assert len(ask(clinic, StudyInstanceUID="")[1]) == 1
    allow(clinic.world, "query", "pending")
    status, (answer,) = ask(clinic, PatientName="Muster*")
    assert (status, answer.PatientName) == (SUCCESS, "Muster^Berta")


def test_series_and_images_are_found_below_their_study(clinic: House) -> None:
    linked(
        clinic.world,
        *a_cbct_series(3, PatientName="Muster^Berta", PatientID="P-2", ProtocolName="FULL"),
        patient=BERTA,
    )
    study = {"StudyInstanceUID": uid("study-cbct")}
    status, (series,) = ask(
        clinic,
        "SERIES",
        **study,
        Modality="",
        SeriesNumber="",
        ProtocolName="",
        NumberOfSeriesRelatedInstances="",
    )
    assert (status, series.Modality, series.SeriesNumber, series.ProtocolName) == (SUCCESS, "CT", 1, "FULL")
    assert series.NumberOfSeriesRelatedInstances == 3
    within = {**study, "SeriesInstanceUID": series.SeriesInstanceUID}
    _, images = ask(clinic, "IMAGE", **within, SOPInstanceUID="", InstanceNumber="", Rows=None, ImageType="")
    assert [image.InstanceNumber for image in images] == [1, 2, 3]
    assert images[0].ImageType == ["ORIGINAL", "PRIMARY", "AXIAL"]
    _, (second,) = ask(clinic, "IMAGE", **within, InstanceNumber="2", SOPInstanceUID="", SOPClassUID="")
    assert second.SOPInstanceUID == uid("study-cbct", "slice", 2)


def test_patients_are_found_with_what_there_is_of_them(clinic: House) -> None:
    status, (answer,) = ask(
        clinic,
        "PATIENT",
        PATIENT_ROOT_FIND,
        PatientName="*",
        PatientID="",
        NumberOfPatientRelatedStudies="",
        NumberOfPatientRelatedInstances="",
    )
    assert (status, answer.PatientID, answer.NumberOfPatientRelatedStudies) == (SUCCESS, "P-1", 1)
    assert answer.NumberOfPatientRelatedInstances == 1
    allow(clinic.world, "query", "pending")
    assert len(ask(clinic, "PATIENT", PATIENT_ROOT_FIND, PatientName="")[1]) == 2
    _, studies = ask(clinic, "STUDY", PATIENT_ROOT_FIND, PatientID="P-1", StudyInstanceUID="")
    assert [study.StudyInstanceUID for study in studies] == [uid("study-1")]


@pytest.mark.parametrize(
    ("level", "model", "keys"),
    [
        ("PATIENT", STUDY_ROOT_FIND, {}),
        ("FRAME", STUDY_ROOT_FIND, {}),
        ("", STUDY_ROOT_FIND, {}),
        ("STUDY", PATIENT_ROOT_FIND, {"PatientName": "A*"}),
        ("STUDY", PATIENT_ROOT_FIND, {"PatientID": "P*"}),
        ("SERIES", STUDY_ROOT_FIND, {"Modality": "PX"}),
        ("SERIES", STUDY_ROOT_FIND, {"StudyInstanceUID": ["1.2", "1.3"]}),
        ("IMAGE", STUDY_ROOT_FIND, {"StudyInstanceUID": "1.2"}),
        ("STUDY", STUDY_ROOT_FIND, {"PatientName": "*a*b*c*d*e*f*"}),
        (
            "SERIES",
            STUDY_ROOT_FIND,
            {"StudyInstanceUID": "1.2", "RequestAttributesSequence": [Dataset()] * 2},
        ),
    ],
)
def test_what_does_not_fit_is_refused(clinic: House, level: str, model: str, keys: dict[str, object]) -> None:
    assert ask(clinic, level, model, **keys) == (NOT_FITTING, [])
    assert ask(clinic, StudyInstanceUID="")[0] == SUCCESS


def test_a_key_that_is_not_compared_is_told_by_the_status(clinic: House) -> None:
    with clinic.association(STUDY_ROOT_FIND) as held:
        asked = data_set(QueryRetrieveLevel="STUDY", StudyInstanceUID="", InstitutionName="X")
        found = [status.Status for status, _ in held.send_c_find(asked, STUDY_ROOT_FIND)]
    assert found == [0xFF01, 0]


def test_a_letter_that_the_asker_lacks_is_spelled_for_it(clinic: House) -> None:
    world = clinic.world
    person = replace(BERTA, name=PersonName("Müßig", "Жанна"), identifiers=(Identifier("P-3"),))
    linked(world, a_panoramic(3, study="c"), patient=person)
    _, (plain,) = ask(clinic, PatientID="P-3", PatientName="")
    assert (plain.SpecificCharacterSet, plain.PatientName) == ("ISO_IR 192", "Müßig^Жанна")
    # In the set in which it asked, where that has every letter.
    _, (cyrillic,) = ask(clinic, PatientID="P-3", PatientName="", SpecificCharacterSet="ISO_IR 144")
    assert cyrillic.SpecificCharacterSet == "ISO_IR 192"
    allow(world, "query", character_set="ISO_IR 100")
    _, (latin,) = ask(clinic, PatientID="P-3", PatientName="")
    assert (latin.SpecificCharacterSet, latin.PatientName) == ("ISO_IR 100", "Müßig^Zhanna")
    # The key itself is read in the set that the request names.
    _, named = ask(clinic, PatientName="MÜSS*", SpecificCharacterSet="ISO_IR 192")
    assert len(named) == 1


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, "1.2.840.10008.1.2.2"])
def test_every_uncompressed_transfer_syntax_is_spoken(clinic: House, syntax: str) -> None:
    with clinic.association(STUDY_ROOT_FIND, syntaxes=[syntax]) as held:
        asked = data_set(QueryRetrieveLevel="STUDY", PatientName="Beispiel^Anna", Rows=None)
        (_, answer), (last, _) = held.send_c_find(asked, STUDY_ROOT_FIND)
    assert (answer.PatientName, last.Status) == ("Beispiel^Anna", SUCCESS)


def test_a_query_leaves_a_link_that_names_what_was_shown(clinic: House) -> None:
    world = clinic.world
    ask(clinic, StudyInstanceUID="")
    ask(clinic, PatientName="Nobody^Known")
    newest, before = read_trail(world.porion, world.actor, before=None, limit=2, object_id=world.clinic_id)
    assert (newest.action, newest.actor, newest.detail) == ("query answered", "device: PAN1", {"answers": 0})
    assert before.detail == {"level": "study", "answers": 1, "studies": [uid("study-1")]}


def test_another_clinic_s_images_are_not_found(clinic: House) -> None:
    assert ask(clinic, PatientID=ANNA.identifiers[0].value)[0] == SUCCESS
    assert len(ask(clinic, PatientName="*", PatientID="")[1]) == 1
