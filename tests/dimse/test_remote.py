from __future__ import annotations

from pydicom.dataset import Dataset

from porion.dicom.identifiers import identifier_bytes
from porion.dimse.protocol.commands import Field
from porion.dimse.remote import WORKLIST
from porion.services.remote_ports import Level, Question
from tests.asked import remotes
from tests.dimse.fake_pacs import Talk, a_pacs
from tests.dimse.test_requestor import target


def test_abilities_are_what_the_node_accepts() -> None:
    with a_pacs(on_associate=lambda talk: talk.accept(only="1.2.840.10008.5.1.4.1.2.2")) as pacs:
        found = remotes().dimse.abilities(target(pacs.port))
    works = {name for name, why in found.items() if why is None}
    assert works == {"find", "move", "get"}


def test_a_node_that_refuses_the_echo_says_so_everywhere() -> None:
    with a_pacs({Field.C_ECHO_RQ: lambda talk: talk.answer(status=0x0122)}) as pacs:
        found = remotes().dimse.abilities(target(pacs.port))
    assert all("status 290" in (why or "") for why in found.values())


def test_patients_are_asked_by_the_patient_root() -> None:
    classes: list[str | None] = []

    def script(talk: Talk) -> None:
        classes.append(talk.command.affected_sop_class_uid)
        talk.answer(status=0)

    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        for level in Level:
            assert list(remotes().dimse.find(target(pacs.port), Question(level, {}))) == []
    assert classes == ["1.2.840.10008.5.1.4.1.2.1.1", *["1.2.840.10008.5.1.4.1.2.2.1"] * 3]


def test_any_other_query_writes_its_own_identifier() -> None:
    def script(talk: Talk) -> None:
        assert talk.command.affected_sop_class_uid == WORKLIST
        step = Dataset()
        step.PatientName = "Beispiel^Anna"
        talk.pending(step)
        talk.answer(status=0)

    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        found = remotes().dimse.ask(
            target(pacs.port), [WORKLIST], lambda syntax: identifier_bytes({"PatientName": ""}, syntax), 10
        )
        assert [one.text("PatientName") for one in found] == ["Beispiel^Anna"]
