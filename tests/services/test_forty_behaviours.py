"""Forty ways in which a PACS may behave while a study of four slices is retrieved, each with its ending.

``held`` is how many instances are kept in the end, ``told`` what the job says of it. Nothing that was
not asked for is ever kept, and nothing that was acknowledged is ever asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.dimse import asking, fetching
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.protocol.pdus import Kind
from porion.services import retrieval
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Level
from porion.services.retrieval import Request, ask_retrieve, retrieve_kind
from tests.asked import a_node, remotes
from tests.builders import a_cbct_series, a_cbct_slice
from tests.dimse.fake_pacs import Talk, a_pacs
from tests.services.retrieving import Archive, Hands, index
from tests.services.test_retrieval import as_sent
from tests.world import World

Part = Callable[[Archive, Talk], None]
WHOLE = "all"


@dataclass(frozen=True)
class Behaviour:
    """What the PACS does with a query, with a C-GET, and with the association; and how the job ends."""

    name: str
    held: int
    told: str
    get: Part | None = None
    find: Part | None = None
    associate: Callable[[Talk], None] | None = None


def stores(archive: Archive, talk: Talk, most: int | None = None) -> list[Dataset]:
    """Send what is wanted, or no more than so many; all that was wanted."""
    found = archive.note(talk)
    for number, one in enumerate(found[:most]):
        talk.store(one, message_id=100 + number)
    return found


def ending(status: int, left: int = 0, done: int = 4, failed: int = 0) -> Part:
    """Everything is sent, and the last word is this."""

    def get(archive: Archive, talk: Talk) -> None:
        stores(archive, talk)
        talk.progress(status, left, done, failed)

    return get


def refusing(status: int) -> Part:
    """Nothing is sent."""
    return lambda _archive, talk: talk.answer(status=status)


def each_time(most: int, then: Callable[[Talk, list[Dataset]], None]) -> Part:
    """So many are sent, and then something happens, unless nothing is left."""

    def get(archive: Archive, talk: Talk) -> None:
        found = stores(archive, talk, most)
        if len(found) <= most:
            talk.progress(0, 0, len(found))
        else:
            then(talk, found)

    return get


def once(first: Part, usual: str) -> Part:
    """The first request goes like this, the others as usual."""
    done: list[bool] = []

    def part(archive: Archive, talk: Talk) -> None:
        if done:
            getattr(archive, usual)(talk)
            return
        done.append(True)
        first(archive, talk)

    return part


def unasked(_archive: Archive, talk: Talk) -> None:
    for one in as_sent([a_cbct_slice(7, study="another"), a_cbct_slice(8, study="a third")]):
        talk.store(one)
    talk.progress(0, 0, 2)


def unasked_too(archive: Archive, talk: Talk) -> None:
    found = archive.note(talk)
    for one in [*as_sent([a_cbct_slice(7, study="another")]), *found]:
        talk.store(one)
    talk.progress(0, 0, 5)


def twice(archive: Archive, talk: Talk) -> None:
    found = archive.note(talk)
    for one in [*found, *found]:
        talk.store(one)
    talk.progress(0, 0, 8)


def endless(archive: Archive, talk: Talk) -> None:
    found = archive.note(talk)
    while True:
        for one in found:
            talk.store(one)


def empty_objects(archive: Archive, talk: Talk) -> None:
    for one in archive.note(talk):
        command = Command(
            field=Field.C_STORE_RQ, message_id=9, affected_sop_class_uid=one.SOPClassUID,
            affected_sop_instance_uid=one.SOPInstanceUID, data_set_type=0,
        )  # fmt: skip
        talk.send(command, b"", context=number_of(talk, str(one.SOPClassUID)))
        talk._command()
    talk.progress(0xB000, 0, 0, 4)


def number_of(talk: Talk, sop_class: str) -> int:
    return next(number for number, (abstract, _) in talk.contexts.items() if abstract == sop_class)


def cut_object(archive: Archive, talk: Talk) -> None:
    one = archive.note(talk)[0]
    command = Command(
        field=Field.C_STORE_RQ, message_id=9, affected_sop_class_uid=one.SOPClassUID,
        affected_sop_instance_uid=one.SOPInstanceUID, data_set_type=0,
    )  # fmt: skip
    number = number_of(talk, str(one.SOPClassUID))
    talk.send(command, context=number)
    # A piece of a data set that is said not to be the last one.
    piece = b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100"
    body = (len(piece) + 2).to_bytes(4, "big") + bytes((number, 0)) + piece
    talk.garbage(bytes((Kind.P_DATA_TF, 0)) + len(body).to_bytes(4, "big") + body)
    talk.close()


def garbage_object(archive: Archive, talk: Talk) -> None:
    one = archive.note(talk)[0]
    command = Command(
        field=Field.C_STORE_RQ, message_id=9, affected_sop_class_uid=one.SOPClassUID,
        affected_sop_instance_uid=one.SOPInstanceUID, data_set_type=0,
    )  # fmt: skip
    talk.send(command, b"this is no data set at all" * 100, context=number_of(talk, str(one.SOPClassUID)))
    talk._command()
    talk.progress(0xB000, 0, 0, 4)


def liar(archive: Archive, talk: Talk) -> None:
    """It says that an image of another study is the one that was asked for."""
    one, other = archive.note(talk)[0], as_sent([a_cbct_slice(7, study="another")])[0]
    uid, other.SOPInstanceUID = other.SOPInstanceUID, one.SOPInstanceUID
    assert uid
    talk.store(other)
    talk.progress(0xB000, 0, 0, 4)


def silent(_archive: Archive, talk: Talk) -> None:
    talk.wait()


def told_after_the_end(archive: Archive, talk: Talk) -> None:
    stores(archive, talk)
    talk.progress(0, 0, 4)
    talk.progress(0xFF00, 4, 0)
    talk.progress(0, 0, 4)


def rows(*made: dict[str, Any]) -> Part:
    """Answers to every query."""

    def find(_archive: Archive, talk: Talk) -> None:
        for one in made:
            answer = Dataset()
            for keyword, value in one.items():
                setattr(answer, keyword, value)
            talk.pending(answer)
        talk.answer(status=0)

    return find


def counting(stated: int | None, *, listed: bool = True) -> Part:
    """The series is said to have so many instances; they are listed, or not."""

    def find(archive: Archive, talk: Talk) -> None:
        if b"IMAGE" in talk.identifier:
            archive.find(talk) if listed else talk.answer(status=0xA900)
            return
        answer = Dataset()
        answer.SeriesInstanceUID = archive.images[0].SeriesInstanceUID
        answer.NumberOfSeriesRelatedInstances = stated
        talk.pending(answer)
        talk.answer(status=0)

    return find


def endless_answers(archive: Archive, talk: Talk) -> None:
    number = 0
    while True:
        number += 1
        answer = Dataset()
        answer.SeriesInstanceUID = f"1.2.{number}"
        talk.pending(answer)


def one_more_listed(archive: Archive, talk: Talk) -> None:
    if b"IMAGE" not in talk.identifier:
        archive.find(talk)
        return
    for uid in [*(one.SOPInstanceUID for one in archive.wanted(talk)), "1.2.3.4.5"]:
        answer = Dataset()
        answer.SOPInstanceUID, answer.SOPClassUID = uid, archive.images[0].SOPClassUID
        talk.pending(answer)
    talk.answer(status=0)


def uncounted(archive: Archive, talk: Talk) -> None:
    stores(archive, talk)
    talk.answer(status=0)


def half(talk: Talk, found: list[Dataset]) -> None:
    talk.progress(0xB000, 0, 2, len(found) - 2)


def all_but_the_last(archive: Archive, talk: Talk) -> None:
    for one in archive.note(talk):
        if one is not archive.images[-1]:
            talk.store(one)
    talk.progress(0xB000, 0, 3, 1)


def another_response(_archive: Archive, talk: Talk) -> None:
    talk.answer(status=0, field=Field.C_FIND_RSP)


def another_message(_archive: Archive, talk: Talk) -> None:
    talk.answer(status=0, message_id_responded_to=9)


def speaking(content: bytes) -> Callable[[Talk], None]:
    return lambda talk: talk.garbage(content)


MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
HUGE = b"\x02\0\xff\xff\xff\xff"


def without_roles(talk: Talk) -> None:
    talk.accept(roles=False, without=[MOVE])


FORTY = [
    Behaviour("everything as it should be", 4, WHOLE),
    # What it says at the end
    Behaviour("success without any counts", 4, WHOLE, uncounted),
    Behaviour("success with wrong counts", 4, WHOLE, ending(0, 0, 400, 3)),
    Behaviour("success with some still remaining", 4, WHOLE, ending(0, 77, 4)),
    Behaviour("a warning though all has come", 4, WHOLE, ending(0xB000, 0, 4)),
    Behaviour("a failure though all has come", 4, WHOLE, ending(0xA702)),
    Behaviour("a cancel that nobody asked for", 4, WHOLE, ending(0xFE00)),
    Behaviour("success and nothing sent", 0, "0 of 4", lambda a, t: t.progress(0, 0, 4)),
    Behaviour("one more progress after the end", 4, WHOLE, told_after_the_end),
    # What it refuses
    Behaviour("out of resources", 0, "A701H", refusing(0xA701)),
    Behaviour("identifier does not match", 0, "A900H", refusing(0xA900)),
    Behaviour("unable to process", 0, "C001H", refusing(0xC001)),
    Behaviour("a status that no table has", 0, "4242H", refusing(0x4242)),
    Behaviour("refused once, and then as usual", 4, WHOLE, once(refusing(0xA701), "get")),
    # Where it stops
    Behaviour("half are sent each time", 4, WHOLE, each_time(2, half)),
    Behaviour("the last is never sent", 3, "3 of 4", all_but_the_last),
    Behaviour("an abort after each", 4, WHOLE, each_time(1, lambda t, _: t.abort())),
    Behaviour("the connection closed after each", 4, WHOLE, each_time(1, lambda t, _: t.close())),
    Behaviour("garbage after each", 4, WHOLE, each_time(1, lambda t, _: t.garbage(b"\xff" * 64))),
    Behaviour("an object cut off in the middle", 4, WHOLE, once(cut_object, "get")),
    Behaviour("silence", 0, "did not send anything", silent),
    Behaviour("silence after the second", 4, WHOLE, each_time(2, lambda t, _: t.wait())),
    # What it sends
    Behaviour("only what was not asked for", 0, "0 of 4", unasked),
    Behaviour("what was not asked for, too", 4, WHOLE, unasked_too),
    Behaviour("everything twice", 4, WHOLE, twice),
    Behaviour("everything again and again", 4, WHOLE, endless),
    Behaviour("objects without a data set", 0, "0 of 4", empty_objects),
    Behaviour("objects of garbage", 0, "0 of 4", garbage_object),
    Behaviour("another study's image under a wanted UID", 0, "0 of 4", liar),
    Behaviour("a response to something else", 0, "instead of an answer", another_response),
    Behaviour("a response to another message", 0, "instead of an answer", another_message),
    # What it answers to the queries before
    Behaviour("no such study", 0, "holds no study", find=rows()),
    Behaviour("queries refused", 0, "A700H", find=refusing(0xA700)),
    Behaviour("a query refused once", 4, WHOLE, find=once(refusing(0xA700), "find")),
    Behaviour("answers without an end", 0, "came", find=endless_answers),
    Behaviour("answers of garbage", 0, "cannot be read", find=lambda a, t: t.pending(b"garbage" * 9)),
    Behaviour("instances are not listed", 4, WHOLE, find=counting(4, listed=False)),
    Behaviour("neither listed nor counted", 4, WHOLE, find=counting(None, listed=False)),
    Behaviour("more stated than listed", 4, WHOLE, find=counting(400)),
    Behaviour("more stated than sent, and none listed", 4, "4 of 5", find=counting(5, listed=False)),
    Behaviour("one listed that does not exist", 4, "4 of 5", find=one_more_listed),
    # What it does with associations
    Behaviour("rejected for good", 0, "rejects the association", associate=lambda t: t.reject(1, 1, 3)),
    Behaviour("rejected as too busy", 0, "too busy", associate=lambda t: t.reject(2, 3, 1)),
    Behaviour("aborted at once", 0, "aborted", associate=lambda t: t.abort()),
    Behaviour("closed at once", 0, "closed the connection", associate=lambda t: t.close()),
    Behaviour("it speaks HTTP", 0, "broke the protocol", associate=speaking(b"HTTP/1.1 400\r\n\r\n")),
    Behaviour("a PDU of 4 GB announced", 0, "broke the protocol", associate=speaking(HUGE)),
    Behaviour("no roles granted", 0, "grants Porion no SCP role|does not offer", associate=without_roles),
]  # fmt: skip


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience is short, and so is what nobody could wait for."""
    monkeypatch.setattr(fetching, "_SILENCE", 0.3)
    monkeypatch.setattr(asking, "LONGEST_ASKED", 2.0)
    monkeypatch.setattr(retrieval, "RETRIES", 3)
    monkeypatch.setattr("porion.services.requested._MOST_STORES", 40)
    monkeypatch.setattr("porion.services.retrieve_plan.MOST_SERIES", 5)


def test_there_are_forty_of_them() -> None:
    assert len({one.name for one in FORTY}) == len(FORTY) >= 40


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("behaviour", FORTY, ids=lambda one: one.name)
def test_each_ends_in_a_stated_state(world: World, behaviour: Behaviour) -> None:
    archive = Archive(as_sent(a_cbct_series(4)))
    parts = {"find": behaviour.find, "get": behaviour.get}
    scripts = {name: _script(part, archive) for name, part in parts.items() if part is not None}
    on_associate = behaviour.associate or (lambda talk: talk.accept(without=[MOVE]))
    study = str(archive.images[0].StudyInstanceUID)
    with a_pacs(archive.scripts(**scripts), on_associate) as pacs:
        a_node(world, pacs.port)
        job = ask_retrieve(world.porion, world.actor, Request("PACS", study))
        told = _ended(world, Hands(world, job))
    index(world)
    with world.porion.store.read(world.clinic_id) as tx:
        held = tx.remote.held(Level.STUDY, study)
        all_held = sum(tx.imaging.state_counts().values())
    assert (held, all_held) == (behaviour.held, behaviour.held)
    assert told == WHOLE if behaviour.told == WHOLE else _fits(told, behaviour.told)
    if not any(words in behaviour.name for words in ("twice", "again and again", "none listed")):
        assert len(pacs.kept) == len(set(pacs.kept))


def _script(part: Part, archive: Archive) -> Callable[[Talk], None]:
    return lambda talk: part(archive, talk)


def _ended(world: World, hands: Hands) -> str:
    try:
        result = retrieve_kind(world.porion, remotes()).run(hands)
    except NodeFailed as error:
        return str(error)
    assert result["complete"]
    return WHOLE


def _fits(told: str, wanted: str) -> bool:
    assert any(words in told for words in wanted.split("|")), told
    return True
