from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from porion.clinic.permissions import Role
from porion.services.errors import Conflict, Invalid, NodeFailed, NotFound, NotPermitted
from porion.services.node_records import NodeRow
from porion.services.nodes import NodeChange, edit_node, see_node
from porion.services.remote_ports import Level
from porion.services.remote_records import ExpectedRow
from porion.services.retrieval import RETRIES, Request, ask_retrieve, retrieve_kind
from tests.asked import a_node, remotes
from tests.builders import a_cbct_series, a_panoramic
from tests.dimse.fake_pacs import FakePacs, Talk, a_pacs
from tests.dimse.house import a_house
from tests.services.retrieving import Archive, Hands, index
from tests.services.scenes import counts, somebody
from tests.world import World

EXPLICIT = "1.2.840.10008.1.2.1"


def held(world: World, study: str) -> int:
    with world.porion.store.read(world.clinic_id) as tx:
        return tx.remote.held(Level.STUDY, study)


@dataclass
class Scene:
    """A node with an archive, and the retrieve of its first study."""

    world: World
    pacs: FakePacs
    archive: Archive
    node: NodeRow

    @property
    def study(self) -> str:
        return str(self.archive.images[0].StudyInstanceUID)

    def hands(self, *, series: str = "", resumed: bool = False) -> Hands:
        job = ask_retrieve(self.world.porion, self.world.actor, Request("PACS", self.study, series))
        return Hands(self.world, job, resumed=resumed)

    def retrieve(self, hands: Hands | None = None, **more: Any) -> Any:
        hands = hands or self.hands(**more)
        return retrieve_kind(self.world.porion, remotes()).run(hands)


def as_sent(images: list[Dataset]) -> list[Dataset]:
    for one in images:
        one.file_meta = FileMetaDataset()
        one.file_meta.TransferSyntaxUID = EXPLICIT
    return images


@contextmanager
def scene(world: World, images: list[Dataset], called_back: int = 0, **scripts: Any) -> Iterator[Scene]:
    archive = Archive(as_sent(images), called_back)
    with a_pacs(archive.scripts(**scripts)) as pacs:
        yield Scene(world, pacs, archive, a_node(world, pacs.port))


def test_a_study_comes_by_c_get_and_goes_the_way_of_all_images(world: World) -> None:
    slices = a_cbct_series(5)
    with scene(world, [*slices, a_panoramic(9)]) as it:
        result = it.retrieve()
        assert result == {
            "complete": True, "expected": 5, "held": 5, "stated": 5, "refused": 0, "way": "get",
        }  # fmt: skip
        assert sorted(it.pacs.kept) == sorted(str(one.SOPInstanceUID) for one in slices)
    assert held(world, it.study) == 5
    assert counts(world) == {"pending": 5}
    with world.porion.store.read(world.clinic_id) as tx:
        (image,) = tx.imaging.newest_from("PACS", 10)
    assert image.source["aeTitle"] == "PACS"
    assert image.source["path"] == "PACS: retrieved"


def test_what_is_held_already_is_not_asked_for_again(world: World) -> None:
    slices = a_cbct_series(5)
    world.bring(*slices[:3])
    with scene(world, slices) as it:
        assert it.retrieve()["held"] == 5
        assert it.archive.asked == [[str(one.SOPInstanceUID) for one in slices[3:]]]
        it.retrieve()
        assert len(it.archive.asked) == 1


def test_a_series_is_retrieved_by_itself(world: World) -> None:
    first, second = a_panoramic(1), a_panoramic(2)
    second.StudyInstanceUID = first.StudyInstanceUID
    second.SeriesInstanceUID = "1.2.3.4"
    with scene(world, [first, second]) as it:
        assert it.retrieve(series="1.2.3.4")["held"] == 1
        assert it.archive.asked == [[str(second.SOPInstanceUID)]]


def test_a_study_comes_by_c_move_where_nothing_else_is_offered(world: World) -> None:
    slices = a_cbct_series(4)
    with a_house(world) as house, scene(world, slices, house.port) as it:
        it.pacs.on_associate = lambda talk: talk.accept(without=["1.2.840.10008.5.1.4.1.2.2.3"])
        result = it.retrieve()
        assert (result["way"], result["held"], result["refused"]) == ("move", 4, 0)
        assert sorted(it.archive.ledger) == sorted(str(one.SOPInstanceUID) for one in slices)
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.remote.expected_from("PACS", world.clock()) == []
        assert [row.ae_title for row in tx.devices.all()] == ["PAN1"]


def test_on_a_move_only_what_was_asked_for_is_taken(world: World) -> None:
    slices, other = a_cbct_series(3), a_panoramic(9)

    def move(talk: Talk) -> None:
        found = it.archive.note(talk)
        failed = it.archive.send([*found, *as_sent([other])], "PORION")
        talk.progress(0xB000, 0, len(found), failed)

    with a_house(world) as house, scene(world, slices, house.port, move=move) as it:
        it.pacs.on_associate = lambda talk: talk.accept(without=["1.2.840.10008.5.1.4.1.2.2.3"])
        result = it.retrieve()
        assert (result["held"], result["refused"]) == (3, 1)
        assert str(other.SOPInstanceUID) not in it.archive.ledger
        # What nobody has asked for is not even listened to.
        assert it.archive.send(as_sent([a_panoramic(8)]), "PORION") == 1
    assert held(world, str(other.StudyInstanceUID)) == 0


def test_on_a_get_only_what_was_asked_for_is_taken(world: World) -> None:
    first, other = a_panoramic(1), a_panoramic(2, study="another")

    def get(talk: Talk) -> None:
        for one in (other, first):
            talk.store(one)
        talk.progress(0, 0, 2)

    with scene(world, [first], get=get) as it:
        result = it.retrieve()
        assert (result["held"], result["refused"]) == (1, 1)
        assert it.pacs.kept == [str(first.SOPInstanceUID)]


def test_what_failed_is_asked_for_again_and_only_that(world: World) -> None:
    slices = a_cbct_series(4)

    def get(talk: Talk) -> None:
        found = it.archive.note(talk)
        for one in found[:2]:
            talk.store(one)
        talk.progress(0xB000 if found[2:] else 0, 0, 2, len(found) - 2)

    with scene(world, slices, get=get) as it:
        assert it.retrieve()["complete"]
        assert [len(asked) for asked in it.archive.asked] == [4, 2]
        assert len(it.pacs.kept) == len(set(it.pacs.kept)) == 4


def test_a_node_that_stops_in_the_middle_is_asked_for_the_rest(world: World) -> None:
    slices = a_cbct_series(6)

    def get(talk: Talk) -> None:
        found = it.archive.note(talk)
        for one in found[:2]:
            talk.store(one)
        talk.abort() if found[2:] else talk.progress(0, 0, 2)

    with scene(world, slices, get=get, move=lambda talk: talk.abort()) as it:
        hands = it.hands()
        assert it.retrieve(hands)["complete"]
        assert [len(asked) for asked in it.archive.asked] == [6, 4, 2]
        assert len(it.pacs.kept) == len(set(it.pacs.kept)) == 6
        assert hands.paused
        assert any("aborted" in told["note"] for told in hands.told)


def test_a_node_that_fails_for_good_is_given_up_with_its_own_words(world: World) -> None:
    with scene(world, a_cbct_series(2)) as it:
        it.pacs.scripts[next(iter(it.pacs.scripts))] = lambda talk: talk.answer(status=0xA700)
        hands = it.hands()
        with pytest.raises(NodeFailed, match="A700H"):
            it.retrieve(hands)
        assert len(hands.paused) == RETRIES - 1
        assert hands.paused == sorted(hands.paused) or max(hands.paused) <= 12
    assert held(world, it.study) == 0


def test_a_study_that_never_comes_whole_is_not_complete(world: World) -> None:
    slices = a_cbct_series(3)

    def get(talk: Talk) -> None:
        found = it.archive.note(talk)
        for one in found[:1]:
            if one is not slices[2]:
                talk.store(one)
        talk.progress(0xB000, 0, 1, len(found) - 1)

    with scene(world, slices, get=get) as it, pytest.raises(NodeFailed, match="2 of 3 instances came"):
        it.retrieve()
    index(world)
    assert held(world, it.study) == 2


def test_wrong_counts_are_told_and_do_not_keep_it_open(world: World) -> None:
    slices = a_cbct_series(3)

    def find(talk: Talk) -> None:
        answer = Dataset()
        if b"IMAGE" in talk.identifier:
            it.archive.find(talk)
            return
        answer.SeriesInstanceUID, answer.NumberOfSeriesRelatedInstances = slices[0].SeriesInstanceUID, 500
        talk.pending(answer)
        talk.answer(status=0)

    with scene(world, slices, find=find) as it:
        result = it.retrieve()
    assert (result["held"], result["expected"], result["stated"]) == (3, 3, 500)


def test_where_instances_are_not_listed_the_stated_count_decides(world: World) -> None:
    slices = a_cbct_series(3)

    def find(talk: Talk) -> None:
        if b"IMAGE" in talk.identifier:
            talk.answer(status=0xA900)
        else:
            it.archive.find(talk)

    with scene(world, slices, find=find) as it:
        result = it.retrieve()
    assert (result["held"], result["expected"]) == (3, 3)


def test_a_study_that_the_node_does_not_hold_is_told(world: World) -> None:
    with scene(world, [a_panoramic(1)]) as it:
        job = ask_retrieve(world.porion, world.actor, Request("PACS", "1.2.3.4.5"))
        with pytest.raises(NodeFailed, match="holds no study"):
            it.retrieve(Hands(world, job))
        with pytest.raises(NodeFailed, match="holds no such series"):
            it.retrieve(series="1.2.3")


def test_a_resumed_retrieve_waits_for_what_is_still_on_its_way(world: World) -> None:
    slices = a_cbct_series(4)
    with a_house(world) as house, scene(world, slices, house.port) as it:
        hands = it.hands(resumed=True)
        sent: list[int] = []

        def still_coming() -> None:
            # The node goes on with what a process asked for that has ended.
            if len(sent) < 2:
                with world.porion.store.write(world.clinic_id) as tx:
                    tx.remote.expect(
                        ExpectedRow(
                            "e" * 32, hands.job.id, "PACS", "PACS", "127.0.0.1", it.study, "", [],
                            world.clock().replace(year=2030),
                        )
                    )  # fmt: skip
                sent.append(it.archive.send([slices[len(sent)]], "PORION"))

        hands.before_pause = still_coming
        assert it.retrieve(hands)["complete"]
        assert sent == [0, 0]
        assert sum(map(len, it.archive.asked)) == 2


def test_steps_come_in_the_same_order_after_a_death(world: World) -> None:
    first, second = a_panoramic(1), a_panoramic(2)
    second.StudyInstanceUID, second.SeriesInstanceUID = first.StudyInstanceUID, "1.2.3.4"

    class Remembering(Hands):
        """Answers what it answered before its process died, by the order of steps, as the engine does."""

        remembered: list[tuple[str, Any]]

        def once(self, name: str, do: Any) -> Any:
            self.steps.append(name)
            if len(self.steps) <= len(self.remembered):
                before, answer = self.remembered[len(self.steps) - 1]
                assert before == name
                return answer
            if name == "series 1 round 1" and not self.resumed:
                raise KeyboardInterrupt
            self.remembered.append((name, do()))
            return self.remembered[-1][1]

    with scene(world, [first, second]) as it:
        hands = Remembering(world, it.hands().job)
        hands.remembered = []
        with pytest.raises(KeyboardInterrupt):
            it.retrieve(hands)
        index(world)
        again = Remembering(world, hands.job, resumed=True)
        again.remembered = hands.remembered
        assert it.retrieve(again)["held"] == 2
        assert again.steps == ["plan", "missing 1", "series 0 round 1", "series 1 round 1", "missing 2"]
        assert [len(asked) for asked in it.archive.asked] == [1, 1]


def test_what_a_node_can_do_is_found_out_at_the_first_retrieve(world: World) -> None:
    with scene(world, [a_panoramic(1)]) as it:
        it.retrieve()
    assert see_node(world.porion, world.actor, "PACS").abilities["get"] is None


def test_only_administrators_retrieve_and_only_from_nodes_that_are_for_it(world: World) -> None:
    a_node(world, 1)
    request = Request("PACS", "1.2.3")
    with pytest.raises(NotPermitted):
        ask_retrieve(world.porion, somebody(world, Role.CLINICIAN), request)
    with pytest.raises(NotFound):
        ask_retrieve(world.porion, world.actor, Request("OTHER", "1.2.3"))
    for study in ("", "x", "1" * 65):
        with pytest.raises(Invalid):
            ask_retrieve(world.porion, world.actor, Request("PACS", study))
    first = ask_retrieve(world.porion, world.actor, request)
    assert ask_retrieve(world.porion, world.actor, request).id == first.id
    assert ask_retrieve(world.porion, world.actor, Request("PACS", "1.2.3", "1.2")).id != first.id
    edit_node(world.porion, remotes(), world.actor, "PACS", NodeChange(uses=("query",)))
    with pytest.raises(Conflict):
        ask_retrieve(world.porion, world.actor, Request("PACS", "1.9"))
