from __future__ import annotations

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from porion.dimse import asking
from porion.dimse.protocol.commands import Field
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Level, Question
from tests.asked import remotes
from tests.dimse.fake_pacs import FakePacs, Script, Talk, a_pacs
from tests.dimse.test_requestor import target

KEYS = {"PatientName": "BEI*", "StudyInstanceUID": ""}


def a_study(number: int) -> Dataset:
    made = Dataset()
    made.PatientName, made.StudyInstanceUID = "Beispiel^Anna", f"1.2.{number}"
    return made


def asked(pacs: FakePacs, limit: int = 1000, stop: Callable[[], bool] = lambda: False) -> list[str]:
    question = Question(Level.STUDY, KEYS, limit, stop)
    found = remotes().dimse.find(target(pacs.port), question)
    return [one.text("StudyInstanceUID") or "" for one in found]


def answering(count: int, last: int = 0) -> Script:
    def script(talk: Talk) -> None:
        for number in range(count):
            talk.pending(a_study(number))
        talk.answer(status=last)

    return script


def test_answers_come_one_by_one() -> None:
    with a_pacs({Field.C_FIND_RQ: answering(3)}) as pacs:
        assert asked(pacs) == ["1.2.0", "1.2.1", "1.2.2"]
        assert pacs.fields() == [Field.C_FIND_RQ]


def test_at_the_limit_the_node_hears_a_cancel() -> None:
    def endless(talk: Talk) -> None:
        for number in range(2):
            talk.pending(a_study(number))
        talk.wait()
        talk.pending(a_study(9))
        talk.answer(status=0xFE00)

    with a_pacs({Field.C_FIND_RQ: endless}) as pacs:
        assert asked(pacs, limit=2) == ["1.2.0", "1.2.1"]
        assert pacs.fields() == [Field.C_FIND_RQ, Field.C_CANCEL_RQ]


def test_a_node_that_does_not_heed_the_cancel_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_LATE", 20)

    def deaf(talk: Talk) -> None:
        while True:
            talk.pending(a_study(1))

    with a_pacs({Field.C_FIND_RQ: deaf}) as pacs:
        assert len(asked(pacs, limit=5)) == 5


def test_nobody_who_listens_cancels_too() -> None:
    def script(talk: Talk) -> None:
        talk.pending(a_study(1))
        talk.wait()

    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        found = remotes().dimse.find(target(pacs.port), Question(Level.STUDY, KEYS))
        next(iter(found))
        found.close()  # type: ignore[attr-defined]
        assert asked(pacs, stop=lambda: True) == ["1.2.1"]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (answering(1, 0xA700), "refused the query with status A700H"),
        (answering(0, 0xC001), "status C001H"),
        (lambda talk: talk.pending(b"garbage that is no data set"), "cannot be read"),
        (lambda talk: talk.pending(b""), "is empty"),
        (lambda talk: talk.pending(bytes((1 << 20) + 2)), "longer than"),
        (lambda talk: talk.answer(status=0, field=Field.C_ECHO_RSP), "instead of an answer"),
        (lambda talk: talk.answer(status=0, message_id_responded_to=77), "instead of an answer"),
        (lambda talk: talk.answer(status=None), "no status"),
        (lambda talk: talk.abort(), "aborted"),
        (lambda talk: talk.close(), "closed the connection"),
    ],
)
def test_what_is_no_answer_is_told(script: Script, told: str) -> None:
    with a_pacs({Field.C_FIND_RQ: script}) as pacs, pytest.raises(NodeFailed, match=told):
        asked(pacs)


def test_a_node_that_answers_no_queries_is_told() -> None:
    with (
        a_pacs(on_associate=lambda talk: talk.accept(only="1.2.840.10008.1.1")) as pacs,
        pytest.raises(NodeFailed, match="does not offer this kind of query"),
    ):
        asked(pacs)


def test_a_refusals_comment_is_told() -> None:
    with (
        a_pacs(
            {Field.C_FIND_RQ: lambda talk: talk.answer(status=0xA900, error_comment="No such key")}
        ) as pacs,
        pytest.raises(NodeFailed, match="A900H: No such key"),
    ):
        asked(pacs)
