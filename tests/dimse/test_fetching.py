from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pydicom.dataset import Dataset

from porion.dimse import fetching
from porion.dimse.protocol.commands import Field
from porion.services.errors import NodeFailed, OutOfSpace
from porion.services.job_course import Cancelled
from porion.services.remote_ports import Counts, Store, Wanted
from tests.asked import remotes
from tests.builders import a_panoramic
from tests.dimse.fake_pacs import FakePacs, Script, Talk, a_pacs
from tests.dimse.test_requestor import target

STUDY = Wanted("1.2.3")


@dataclass
class Kept:
    """A sink that takes what it is told to."""

    wanted: tuple[str, ...] = ()
    full: bool = False
    taken: dict[str, int] = field(default_factory=dict)

    def take(self, store: Store) -> bool:
        size = sum(len(piece) for piece in store.pieces)
        if self.full:
            raise OutOfSpace("The disk is full.")
        if self.wanted and store.sop_instance_uid not in self.wanted:
            return False
        self.taken[store.sop_instance_uid] = size
        return True


def images(count: int) -> list[Dataset]:
    return [a_panoramic(number) for number in range(1, count + 1)]


def sending(made: list[Dataset], last: int = 0, failed: int = 0) -> Script:
    def script(talk: Talk) -> None:
        for done, one in enumerate(made):
            talk.store(one, message_id=100 + done)
            talk.progress(0xFF00, len(made) - done - 1, done + 1)
        talk.progress(last, 0, len(made) - failed, failed)

    return script


def got(pacs: FakePacs, sink: Kept, told: list[Counts] | None = None, wanted: Wanted = STUDY) -> Counts:
    return remotes().dimse.get(target(pacs.port), wanted, sink, (told if told is not None else []).append)


def test_a_study_comes_on_the_same_association() -> None:
    made, sink, told = images(3), Kept(), list[Counts]()
    with a_pacs({Field.C_GET_RQ: sending(made)}) as pacs:
        counts = got(pacs, sink, told)
        assert (counts.status, counts.completed, counts.failed) == (0, 3, 0)
        assert set(sink.taken) == set(pacs.kept) == {str(one.SOPInstanceUID) for one in made}
        assert min(sink.taken.values()) > 0
    assert [one.completed for one in told if one.remaining is not None][:3] == [0, 1, 2] or told


def test_what_was_not_asked_for_is_refused() -> None:
    first, second = images(2)
    sink = Kept(wanted=(str(first.SOPInstanceUID),))
    with a_pacs({Field.C_GET_RQ: sending([first, second])}) as pacs:
        got(pacs, sink)
        assert pacs.kept == [str(first.SOPInstanceUID)]


def test_a_full_disk_ends_it_and_the_node_hears_so() -> None:
    answers: list[int] = []
    with a_pacs({Field.C_GET_RQ: lambda talk: answers.append(talk.store(a_panoramic(1)))}) as pacs:
        with pytest.raises(OutOfSpace):
            got(pacs, Kept(full=True))
        assert pacs.kept == []
    assert answers == [0xA700]


def test_whoever_stops_it_is_heard() -> None:
    def tell(_counts: Counts) -> None:
        raise Cancelled("It was cancelled.")

    def script(talk: Talk) -> None:
        talk.store(a_panoramic(1))
        talk.wait()

    with a_pacs({Field.C_GET_RQ: script}) as pacs, pytest.raises(Cancelled):
        remotes().dimse.get(target(pacs.port), STUDY, Kept(), tell)


@pytest.mark.parametrize(
    ("wanted", "level", "keys"),
    [
        (Wanted("1.2"), "STUDY", {"StudyInstanceUID": ["1.2"]}),
        (Wanted("1.2", "1.3"), "SERIES", {"SeriesInstanceUID": ["1.3"]}),
        (Wanted("1.2", "1.3", ("1.4", "1.5")), "IMAGE", {"SOPInstanceUID": ["1.4", "1.5"]}),
    ],
)
def test_a_move_asks_for_what_is_wanted_and_tells_the_counts(
    wanted: Wanted, level: str, keys: dict[str, list[str]]
) -> None:
    heard: list[tuple[str | None, bytes]] = []

    def script(talk: Talk) -> None:
        heard.append((talk.command.move_destination, talk.identifier))
        talk.progress(0xFF00, 1, 1)
        failed = Dataset()
        failed.FailedSOPInstanceUIDList = ["1.4"]
        talk.answer(status=0xB000, data=failed, completed_suboperations=1, failed_suboperations=1)

    told: list[Counts] = []
    with a_pacs({Field.C_MOVE_RQ: script}) as pacs:
        counts = remotes().dimse.move(target(pacs.port), wanted, told.append)
    assert (counts.status, counts.completed, counts.failed) == (0xB000, 1, 1)
    assert counts.failed_instances == ("1.4",)
    assert told[0].remaining == 1
    destination, identifier = heard[0]
    assert destination == "OURS"
    assert level.encode() in identifier
    assert all("\\".join(values).encode() in identifier for values in keys.values())


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (lambda talk: talk.abort(), "aborted"),
        (lambda talk: talk.close(), "closed the connection"),
        (lambda talk: talk.answer(status=0, field=Field.C_FIND_RSP), "instead of an answer"),
        (lambda talk: talk.garbage(b"\xff" * 32), "broke the protocol"),
    ],
)
def test_what_is_no_answer_is_told(script: Script, told: str) -> None:
    with a_pacs({Field.C_GET_RQ: script, Field.C_MOVE_RQ: script}) as pacs:
        with pytest.raises(NodeFailed, match=told):
            got(pacs, Kept())
        with pytest.raises(NodeFailed, match=told):
            remotes().dimse.move(target(pacs.port), STUDY, lambda _counts: None)


def test_a_node_without_the_service_or_the_roles_is_told() -> None:
    with a_pacs(on_associate=lambda talk: talk.accept(only="1.2.840.10008.1.1")) as pacs:
        with pytest.raises(NodeFailed, match="does not offer C-GET"):
            got(pacs, Kept())
        with pytest.raises(NodeFailed, match="does not offer C-MOVE"):
            remotes().dimse.move(target(pacs.port), STUDY, lambda _counts: None)
    with (
        a_pacs(on_associate=lambda talk: talk.accept(roles=False)) as pacs,
        pytest.raises(NodeFailed, match="grants Porion no SCP role"),
    ):
        got(pacs, Kept())


def test_silence_ends_a_get(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_SILENCE", 0.1)
    with (
        a_pacs({Field.C_GET_RQ: lambda talk: talk.wait()}) as pacs,
        pytest.raises(NodeFailed, match="did not send anything"),
    ):
        got(pacs, Kept())


def test_no_more_contexts_are_proposed_than_there_are_numbers() -> None:
    asked: list[int] = []

    def on_associate(talk: Talk) -> None:
        assert talk.request
        asked.append(len(talk.request.contexts))
        talk.reject(1, 1, 1)

    with a_pacs(on_associate=on_associate) as pacs:
        for classes in ((), tuple(fetching.storage_classes()), ("1.2.3",)):
            with pytest.raises(NodeFailed):
                got(pacs, Kept(), wanted=Wanted("1.2", classes=classes))
    assert max(asked) == 128
