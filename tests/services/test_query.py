from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.cli.at_once import at_once
from porion.clinic.permissions import Role
from porion.dimse.protocol.commands import Field
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.nodes import NodeChange, edit_node
from porion.services.query import Asked, Found, Outcome, query
from porion.services.query_shapes import found_json, outcome_json
from porion.services.remote_ports import Level
from tests.asked import a_node, remotes
from tests.builders import a_panoramic
from tests.dimse.fake_pacs import Script, Talk, a_pacs, as_bytes
from tests.services.scenes import register, somebody
from tests.world import World, bring


def a_study(number: int, **more: Any) -> Dataset:
    made = Dataset()
    made.PatientName, made.PatientID, made.PatientBirthDate = "Beispiel^Anna", "P-1", "20120403"
    made.IssuerOfPatientID, made.PatientSex = "CLINIC", "F"
    made.StudyInstanceUID, made.NumberOfStudyRelatedInstances = f"1.2.{number}", 4
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def answering(*studies: Dataset, last: int = 0) -> Script:
    def script(talk: Talk) -> None:
        for one in studies:
            talk.pending(one)
        talk.answer(status=last)

    return script


@contextmanager
def nodes(world: World, *scripts: Script) -> Iterator[tuple[str, ...]]:
    """Nodes that answer so; their names."""
    if not scripts:
        yield ()
        return
    with a_pacs({Field.C_FIND_RQ: scripts[0]}) as pacs, nodes(world, *scripts[1:]) as others:
        name = f"PACS{len(others) + 1}"
        a_node(world, pacs.port, name)
        yield (*others, name)


def asked(world: World, *names: str, **more: Any) -> tuple[list[Found], list[Outcome]]:
    ways = replace(remotes(), at_once=at_once)
    told = list(query(world.porion, ways, world.actor, Asked(tuple(names), **more)))
    return [one for one in told if isinstance(one, Found)], [one for one in told if isinstance(one, Outcome)]


def test_an_answer_says_what_we_hold_and_whom_it_may_mean(world: World) -> None:
    anna = register(world)
    held = a_panoramic(1)
    bring(world, held)
    script = answering(
        a_study(1, StudyInstanceUID=held.StudyInstanceUID), a_study(2, PatientName="Xu^Wei", PatientID="9")
    )
    with nodes(world, script) as names:
        found, (outcome,) = asked(world, *names)
    assert outcome == Outcome("PACS1", 2, capped=False, way="dicom")
    assert [(one.held, one.stated) for one in found] == [(1, 4), (0, 4)]
    assert (found[0].patient_id, found[0].patient, found[0].grade) == (anna.id, anna.name, "certain")
    assert found[1].patient_id is None or found[1].grade != "certain"
    with world.porion.store.read(world.clinic_id) as tx:
        links = [(link.action, link.detail) for link in tx.audit.list(None, 3, None)]
    assert ("remote node queried", {"level": "STUDY", "keys": []}) in links
    assert links[0][0] == "candidates shown"


def test_names_come_right_whatever_their_character_set(world: World) -> None:
    made = [
        a_study(1, SpecificCharacterSet="ISO_IR 192", PatientName="Müller^Jörg"),
        a_study(2, SpecificCharacterSet="ISO_IR 100", PatientName="Müller^Jörg"),
        a_study(3, SpecificCharacterSet="ISO_IR 144", PatientName="Иванов^Иван"),
        a_study(4, SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName="Yamada^Tarou=山田^太郎"),
    ]
    with nodes(world, answering(*made)) as names:
        found, _ = asked(world, *names)
    assert [one.attributes.text("PatientName") for one in found] == [
        "Müller^Jörg",
        "Müller^Jörg",
        "Иванов^Иван",
        "Yamada^Tarou=山田^太郎",
    ]


def test_utf8_that_nobody_announced_is_read_as_what_it_is(world: World) -> None:
    made = a_study(1, SpecificCharacterSet="ISO_IR 192", PatientName="Müller^Jörg")

    def script(talk: Talk) -> None:
        content = as_bytes(made, talk.contexts[talk.context][1])
        talk.pending(content.replace(b"ISO_IR 192", b"ISO_IR 100"))
        talk.answer(status=0)

    with nodes(world, script) as names:
        (found,), _ = asked(world, *names)
    assert found.attributes.text("PatientName") == "Müller^Jörg"


def test_several_nodes_answer_beside_each_other_each_with_an_outcome(world: World) -> None:
    with nodes(world, answering(a_study(1)), answering(a_study(2), last=0xA700), answering()) as names:
        found, outcomes = asked(world, *names)
    assert {one.node for one in found} == {"PACS3", "PACS2"}
    told = {one.node: (one.answers, one.error) for one in outcomes}
    assert told["PACS3"] == (1, None)
    assert told["PACS1"] == (0, None)
    assert told["PACS2"][0] == 1
    assert "A700H" in (told["PACS2"][1] or "")


def test_more_answers_than_wanted_are_said(world: World) -> None:
    with nodes(world, answering(*map(a_study, range(5)))) as names:
        found, (outcome,) = asked(world, *names, limit=3)
    assert (len(found), outcome.answers, outcome.capped) == (3, 3, True)


def test_a_modality_is_asked_for_under_its_codes_and_each_study_shown_once(world: World) -> None:
    heard = []

    def script(talk: Talk) -> None:
        heard.append(talk.identifier)
        # It does not know the key, and answers with everything.
        talk.pending(a_study(1, ModalitiesInStudy=["PX", "DX"]))
        talk.pending(a_study(2, ModalitiesInStudy="MR"))
        talk.answer(status=0)

    with nodes(world, script) as names:
        found, _ = asked(world, *names, keys={"ModalitiesInStudy": "OPG"})
    assert [one.attributes.text("StudyInstanceUID") for one in found] == ["1.2.1"]
    assert found[0].modalities == ("OPG", "CEPH")
    assert len(heard) == 6


@pytest.mark.parametrize(
    ("level", "uid", "more"),
    [
        (Level.PATIENT, None, {}),
        (Level.SERIES, "SeriesInstanceUID", {"StudyInstanceUID": "1"}),
        (Level.IMAGE, "SOPInstanceUID", {"StudyInstanceUID": "1", "SeriesInstanceUID": "2"}),
    ],
)
def test_every_level_is_asked(world: World, level: Level, uid: str | None, more: dict[str, str]) -> None:
    held = a_panoramic(1)
    bring(world, held)
    answer = a_study(1, **({uid: getattr(held, uid)} if uid else {}))
    with nodes(world, answering(answer)) as names:
        (found,), _ = asked(world, *names, level=level, keys=more)
    assert found.held == (1 if uid else None)


def test_what_makes_no_question_is_said_at_once(world: World) -> None:
    a_node(world, 1)
    clinician = somebody(world, Role.CLINICIAN)
    with pytest.raises(NotPermitted):
        query(world.porion, remotes(), clinician, Asked(("PACS",)))
    for wrong, error in (
        (Asked(()), Invalid),
        (Asked(("PACS",), limit=1001), Invalid),
        (Asked(("PACS",), keys={"Nonsense": ""}), Invalid),
        (Asked(("OTHER",)), NotFound),
    ):
        with pytest.raises(error):
            query(world.porion, remotes(), world.actor, wrong)
    edit_node(world.porion, remotes(), world.actor, "PACS", NodeChange(uses=("worklist",)))
    with pytest.raises(Conflict, match="not set up for query"):
        query(world.porion, remotes(), world.actor, Asked(("PACS",)))


def test_whoever_leaves_is_not_waited_for(world: World) -> None:
    def script(talk: Talk) -> None:
        talk.pending(a_study(1))
        talk.wait()

    with nodes(world, script) as names:
        told = query(world.porion, replace(remotes(), at_once=at_once), world.actor, Asked(names))
        assert isinstance(next(told), Found)
        told.close()  # type: ignore[attr-defined]


def test_answers_are_json_by_keyword(world: World) -> None:
    with nodes(world, answering(a_study(1, ModalitiesInStudy=["PX", "DX"]))) as names:
        (found,), (outcome,) = asked(world, *names)
    shown = found_json(found)
    assert shown["attributes"]["PatientName"] == "Beispiel^Anna"
    assert shown["attributes"]["ModalitiesInStudy"] == ["PX", "DX"]
    assert (shown["node"], shown["level"], shown["stated"], shown["held"]) == ("PACS1", "STUDY", 4, 0)
    assert outcome_json(outcome) == {
        "node": "PACS1",
        "answers": 1,
        "capped": False,
        "way": "dicom",
        "error": None,
    }
