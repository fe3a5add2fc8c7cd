from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.clinic.permissions import Role
from porion.dicom.person import PersonName
from porion.services import search as searching
from porion.services.decide import reject
from porion.services.errors import Invalid, NotFound, NotPermitted
from porion.services.patients import edit_patient
from porion.services.search import Answers, Question, search
from porion.services.search_rows import Level
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, an_intra_oral, uid
from tests.services.scenes import ANNA, inbox, link_to, register, somebody, waiting
from tests.world import World, another_clinic, bring

BASE = "http://here/dicom-web"


def ask(world: World, level: Level = Level.STUDY, **asked: Any) -> Answers:
    """Search with keywords as keys; what else a question may hold goes by its own name."""
    own = {name: asked.pop(name) for name in ("within", "include", "fuzzy", "skip", "most") if name in asked}
    question = Question(level, own.pop("within", {}), list(asked.items()), **own)
    return search(world.porion, world.actor, question, BASE)


def values(answers: Answers, tag: str) -> list[Any]:
    """The first value of an attribute in each answer."""
    return [answer.get(tag, {}).get("Value", [None])[0] for answer in answers.data_sets]


def studies_of(world: World, **asked: Any) -> set[str]:
    return set(values(ask(world, **asked), "0020000D"))


def test_a_study_is_told_with_everything_that_the_standard_asks_for(world: World) -> None:
    bring(
        world,
        a_panoramic(
            AccessionNumber="A-7", StudyID="S1", ReferringPhysicianName="Doc^Tor", StudyDescription="Records",
            TimezoneOffsetFromUTC="+0100",
        ),
        a_lateral_ceph(SeriesNumber=2),
    )  # fmt: skip
    (study,) = ask(world).data_sets
    assert study == {
        "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
        "00080020": {"vr": "DA", "Value": ["20260302"]},
        "00080030": {"vr": "TM", "Value": ["101500"]},
        "00080050": {"vr": "SH", "Value": ["A-7"]},
        "00080056": {"vr": "CS", "Value": ["ONLINE"]},
        "00080061": {"vr": "CS", "Value": ["DX", "PX"]},
        "00080090": {"vr": "PN", "Value": [{"Alphabetic": "Doc^Tor"}]},
        "00080201": {"vr": "SH", "Value": ["+0100"]},
        "00081030": {"vr": "LO", "Value": ["Records"]},
        "00081190": {"vr": "UR", "Value": [f"{BASE}/studies/{uid('study-1')}"]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Beispiel^Anna"}]},
        "00100020": {"vr": "LO", "Value": ["P-1"]},
        "00100021": {"vr": "LO", "Value": ["CLINIC"]},
        "00100030": {"vr": "DA", "Value": ["20120403"]},
        "00100040": {"vr": "CS", "Value": ["F"]},
        "0020000D": {"vr": "UI", "Value": [uid("study-1")]},
        "00200010": {"vr": "SH", "Value": ["S1"]},
        "00201206": {"vr": "IS", "Value": [2]},
        "00201208": {"vr": "IS", "Value": [2]},
    }
    assert list(study) == sorted(study)


def test_a_series_and_an_instance_are_told_with_theirs(world: World) -> None:
    request = Dataset()
    request.ScheduledProcedureStepID, request.RequestedProcedureID = "SPS-1", "RP-1"
    bring(
        world,
        a_panoramic(
            SeriesDescription="Pan", PerformedProcedureStepStartDate="20260302",
            PerformedProcedureStepStartTime="1015", RequestAttributesSequence=[request],
        ),
    )  # fmt: skip
    within = {"StudyInstanceUID": uid("study-1")}
    (series,) = ask(world, Level.SERIES, within=within).data_sets
    assert "00100010" not in series
    assert {tag: series[tag].get("Value") for tag in series if tag not in ("0020000D", "0020000E")} == {
        "00080056": ["ONLINE"],
        "00080060": ["PX"],
        "0008103E": ["Pan"],
        "00081190": [f"{BASE}/studies/{uid('study-1')}/series/{series['0020000E']['Value'][0]}"],
        "00200011": [1],
        "00201209": [1],
        "00400244": ["20260302"],
        "00400245": ["101500"],
        "00400275": [
            {"00400009": {"vr": "SH", "Value": ["SPS-1"]}, "00401001": {"vr": "SH", "Value": ["RP-1"]}}
        ],
    }
    (instance,) = ask(world, Level.INSTANCE).data_sets
    told = [instance[tag]["Value"][0] for tag in ("00080018", "00200013", "00280010", "00280011", "00280100")]
    assert told == [uid("panoramic", 1), 1, 4, 8, 16]
    assert instance["00100010"]["Value"] == [{"Alphabetic": "Beispiel^Anna"}]
    assert instance["00081190"]["Value"][0].endswith(f"/instances/{uid('panoramic', 1)}")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"a", "b", "c"}),
        ({"PatientName": "Müller^Änne"}, {"a"}),
        ({"PatientName": "MULLER^anne"}, {"a"}),
        ({"PatientName": "mull*"}, {"a"}),
        ({"PatientName": "M?ller*"}, {"a"}),
        ({"PatientName": "*anne*"}, {"a", "b"}),
        ({"PatientName": "Müller"}, set()),
        ({"PatientName": "Mül%"}, set()),
        ({"PatientName": "山田^太郎"}, {"c"}),
        ({"PatientName": "山田*"}, {"c"}),
        ({"PatientName": "Yamada^Tarou"}, {"c"}),
        ({"PatientName": "yamada^tarou=山*"}, {"c"}),
        ({"PatientName": "*"}, {"a", "b", "c"}),
        ({"PatientName": "Mueller Anne", "fuzzy": True}, {"a"}),
        ({"PatientName": "ann sch", "fuzzy": True}, {"b"}),
        ({"PatientID": "B-2"}, {"b"}),
        ({"PatientID": "?-2"}, {"b"}),
        ({"PatientID": "b"}, set()),
        ({"PatientBirthDate": "20100101-20111231"}, {"b"}),
        ({"PatientSex": "M"}, {"c"}),
        ({"StudyDate": "20260301-20260305"}, {"a", "b"}),
        ({"StudyDate": "-20260228"}, {"c"}),
        ({"StudyDate": "20260302", "PatientName": "mu*"}, {"a"}),
        ({"StudyTime": "10-11"}, {"a", "c"}),
        ({"AccessionNumber": "ACC1"}, {"b"}),
        ({"AccessionNumber": "ACC*"}, {"b"}),
        ({"StudyID": "7"}, {"c"}),
        ({"ReferringPhysicianName": "House*"}, {"a"}),
        ({"ModalitiesInStudy": "PX"}, {"a", "b", "c"}),
        ({"ModalitiesInStudy": "CT\\MR"}, set()),
        ({"StudyDescription": "*records*"}, {"b"}),
        ({"00100020": "B-2"}, {"b"}),
    ],
)
def test_every_key_of_a_study_finds_what_it_says(
    each_world: World, asked: dict[str, Any], found: set[str]
) -> None:
    bring(
        each_world,
        a_panoramic(
            1, study="a", PatientName="Müller^Änne", PatientID="A-1", ReferringPhysicianName="House^Gregory"
        ),
        a_panoramic(
            2, study="b", PatientName="Schmidt^Annegret", PatientID="B-2", PatientBirthDate="20110506",
            StudyTime="12", AccessionNumber="ACC1", StudyDescription="Initial Records",
        ),
        a_panoramic(
            3, study="c", PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう", PatientID="C-3", PatientSex="M",
            StudyDate="20260211", StudyID="7",
        ),
    )  # fmt: skip
    assert studies_of(each_world, **asked) == {uid(name) for name in found}


@pytest.mark.parametrize(
    ("level", "asked", "found"),
    [
        (Level.SERIES, {"Modality": "CT"}, 1),
        (Level.SERIES, {"Modality": "PX,CT"}, 2),
        (Level.SERIES, {"SeriesNumber": "1"}, 2),
        (Level.SERIES, {"SeriesNumber": "9"}, 0),
        (Level.SERIES, {"SeriesDescription": "cb?t"}, 1),
        (Level.SERIES, {"StudyInstanceUID": uid("study-cbct")}, 1),
        (Level.SERIES, {"StudyInstanceUID": f"{uid('study-cbct')},{uid('study-1')},1.2"}, 2),
        (Level.SERIES, {"PerformedProcedureStepStartDate": "20260101-"}, 0),
        (Level.SERIES, {"00400275.00400009": "X"}, 0),
        (Level.SERIES, {"RequestAttributesSequence.RequestedProcedureID": "X"}, 0),
        (Level.INSTANCE, {"Modality": "CT"}, 5),
        (Level.INSTANCE, {"InstanceNumber": "2"}, 1),
        (Level.INSTANCE, {"SOPInstanceUID": uid("panoramic", 1)}, 1),
        (Level.INSTANCE, {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, 5),
        (Level.INSTANCE, {"within": {"StudyInstanceUID": uid("study-cbct")}, "InstanceNumber": "3"}, 1),
        (Level.INSTANCE, {"within": {"StudyInstanceUID": uid("study-1")}, "Modality": "CT"}, 0),
    ],
)
def test_every_key_of_series_and_instances_finds_what_it_says(
    each_world: World, level: Level, asked: dict[str, Any], found: int
) -> None:
    bring(each_world, a_panoramic(), *a_cbct_series(5))
    assert len(ask(each_world, level, **asked).data_sets) == found


def test_a_linked_study_is_found_under_the_register_s_name_and_no_longer_under_the_claimed_one(
    each_world: World,
) -> None:
    anna = register(each_world, replace(ANNA, name=PersonName("Muster", "Anna Maria")))
    link_to(each_world, waiting(each_world, a_panoramic()), anna)
    (study,) = ask(each_world, PatientName="muster*").data_sets
    assert study["00100010"]["Value"] == [{"Alphabetic": "Muster^Anna Maria"}]
    assert studies_of(each_world, PatientName="Beispiel*") == set()
    assert studies_of(each_world, PatientName="maria", fuzzy=True) == {uid("study-1")}
    assert studies_of(each_world, PatientBirthDate="20120403", PatientID="P-1", PatientSex="F")
    edit_patient(each_world.porion, each_world.actor, replace(anna, name=PersonName("Neu", "Anna")))
    assert studies_of(each_world, PatientName="neu^anna") == {uid("study-1")}


def test_what_was_rejected_or_came_second_is_not_found(world: World) -> None:
    bring(world, a_panoramic(), a_panoramic(Rows=5), an_intra_oral(study="b"))
    reject(world.porion, world.actor, inbox(world)[-1].item.id, "blurred")
    assert studies_of(world) == {uid("study-1")}
    assert len(ask(world, Level.INSTANCE).data_sets) == 1


def test_another_clinic_finds_nothing_of_it(world: World) -> None:
    bring(world, a_panoramic())
    there = another_clinic(world)
    for level in Level:
        assert ask(there, level).data_sets == []
    assert studies_of(there, PatientName="Beispiel*", PatientID="P-1") == set()


def test_the_newest_study_comes_first_and_pages_fit_together(world: World) -> None:
    bring(world, *(a_panoramic(n, study=f"s{n}") for n in range(5)))
    pages = [values(ask(world, skip=skip, most=2), "0020000D") for skip in (0, 2, 4, 6)]
    assert pages == [[uid("s4"), uid("s3")], [uid("s2"), uid("s1")], [uid("s0")], []]
    assert ask(world, most=0).data_sets == []


def test_more_than_are_given_at_once_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 2)
    bring(world, *(a_panoramic(n, study=f"s{n}") for n in range(3)))
    assert (len(ask(world).data_sets), ask(world).more) == (2, True)
    assert (len(ask(world, most=9).data_sets), ask(world, most=1).more) == (2, False)


def test_more_attributes_are_read_from_the_header_as_far_as_the_level_knows_them(world: World) -> None:
    bring(world, a_panoramic(PatientComments="left", OperatorsName="Op^One"))
    (study,) = ask(world, include=["PatientComments", "00081070", "KVP"], PatientAge="").data_sets
    assert study["00104000"] == {"vr": "LT", "Value": ["left"]}
    assert "00081070" not in study
    (series,) = ask(world, Level.SERIES, include=["all"]).data_sets
    assert series["00081070"]["Value"] == [{"Alphabetic": "Op^One"}]
    assert "00180060" not in series
    (instance,) = ask(world, Level.INSTANCE, include=["all"]).data_sets
    assert instance["00180060"]["Value"] == [85]
    assert "7FE00010" not in instance


def test_whoever_asks_for_a_name_below_a_study_hears_the_register_s(world: World) -> None:
    anna = register(world, replace(ANNA, name=PersonName("Muster", "Anna")))
    link_to(world, waiting(world, a_panoramic()), anna)
    for level in (Level.SERIES, Level.INSTANCE):
        for include in ("PatientName", "all"):
            within = {"StudyInstanceUID": uid("study-1")}
            (found,) = ask(world, level, within=within, include=[include]).data_sets
            assert found["00100010"]["Value"] == [{"Alphabetic": "Muster^Anna"}]


def test_no_header_is_read_for_what_the_level_does_not_know(world: World) -> None:
    bring(world, a_panoramic())
    for path in (world.data / "archive").rglob("*.dcm"):
        path.unlink()
    assert ask(world, include=["Modality", "KVP", "StudyDescription"]).data_sets
    with pytest.raises(NotFound):
        ask(world, include=["PatientAge"])


def test_keys_that_nothing_is_done_with_are_told(world: World) -> None:
    answers = ask(world, KVP="85", Nonsense="1", Modality="CT", include=["Rubbish"])
    assert answers.ignored == ["KVP", "Nonsense", "Modality", "Rubbish"]


@pytest.mark.parametrize("asked", [{"StudyDate": "yesterday"}, {"StudyTime": "late"}])
def test_a_value_that_means_nothing_is_refused(world: World, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="cannot be searched for"):
        ask(world, **asked)


def test_a_search_leaves_a_link_that_names_what_was_shown(world: World) -> None:
    bring(world, a_panoramic())
    ask(world)
    (link, *_) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=None)
    assert (link.action, link.detail) == ("studies searched", {"studies": [uid("study-1")]})


def test_searching_needs_the_permission(world: World) -> None:
    actor = replace(somebody(world, Role.CLINICIAN), permissions=frozenset())
    with pytest.raises(NotPermitted):
        search(world.porion, actor, Question(Level.STUDY, {}, []), BASE)
