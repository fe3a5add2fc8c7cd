from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from porion.hl7.answer import Answer, answer
from porion.services.errors import StorageFailed
from porion.services.exposures import see_exposures
from porion.services.inbox import see_item
from porion.services.patients import list_patients, see_patient
from porion.services.register_feed import FeedOutcome
from tests.builders import a_panoramic
from tests.hl7.messages import adt, number
from tests.services.scenes import dump, inbox, link_to, waiting
from tests.world import World


def send(world: World, content: bytes) -> Answer:
    """Send a message."""
    return answer(world.porion, world.clinic_id, content)


def test_a_patient_is_added_brought_up_to_date_and_told_so(each_world: World) -> None:
    world = each_world
    assert send(world, adt("A28", "1", name="Alt^Anna")).code == "AA"
    renamed = send(world, adt("A31", "2", name="Neu^Anna", sent="20260102120000"))
    assert (renamed.code, renamed.applied[0].outcome) == ("AA", FeedOutcome.UPDATED)
    (patient,) = list_patients(world.porion, world.actor)
    assert (patient.name.family, [one.family for one in patient.aliases]) == ("Neu", ["Alt"])
    assert patient.identifiers == (number("P-1"),)


def test_images_follow_a_merge_that_the_practice_system_tells(each_world: World) -> None:
    world = each_world
    send(world, adt("A28", "1", pid="P-1"))
    send(world, adt("A28", "2", pid="P-2", name="Beispiel^Anne"))
    goes = next(one for one in list_patients(world.porion, world.actor) if one.name.given == "Anna")
    link_to(world, waiting(world, a_panoramic()), goes)

    merged = send(world, adt("A40", "3", pid="P-2", name="Beispiel^Anne", prior="P-1"))

    assert (merged.code, merged.applied[0].outcome) == ("AA", FeedOutcome.MERGED)
    (stays,) = list_patients(world.porion, world.actor)
    assert {one.value for one in stays.identifiers} == {"P-1", "P-2"}
    assert [view.item.patient_id for view in inbox(world, "linked")] == [stays.id]
    assert len(see_exposures(world.porion, world.actor, stays.id)) == 1


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"nonsense", "AR", "MSH"),
        (adt().replace(b"ADT^", b"ORU^"), "AR", "takes ADT"),
        (adt("A03"), "AA", "Nothing to do: ADT A03"),
        (adt(pid=""), "AE", "no ID"),
        (adt(name="^"), "AE", "needs a family name"),
        (adt("A40", prior="P-1"), "AE", "another one"),
    ],
)
def test_what_cannot_be_applied_is_told_and_changes_nothing(
    world: World, content: bytes, code: str, words: str
) -> None:
    said = send(world, content)
    assert said.code == code
    assert words in said.reason
    assert words.encode() in said.acknowledgement
    assert list(list_patients(world.porion, world.actor)) == []


def test_an_id_that_went_to_somebody_else_renames_nobody(world: World) -> None:
    send(world, adt(number="1"))
    said = send(world, adt(number="2", name="Muster^Berta", born="20110506", sent="20260105"))
    assert said.code == "AE"
    assert "ask who is right" in said.reason
    assert [one.name.given for one in list_patients(world.porion, world.actor)] == ["Anna"]


def test_a_disk_that_refuses_is_their_reason_to_send_again(world: World) -> None:
    @contextmanager
    def refuses(_clinic_id: str) -> Iterator[Any]:
        raise StorageFailed("The database refused.")
        yield

    class Store:
        write = staticmethod(refuses)

    broken = replace(world.porion, store=Store())  # type: ignore[arg-type]
    said = answer(broken, world.clinic_id, adt())
    assert (said.code, said.reason) == ("AE", "The database refused.")
    assert send(world, adt()).code == "AA"


def a_stream(seed: int) -> list[bytes]:
    """A year's messages in the order in which they were sent: people added, changed, merged."""
    random, messages, known = Random(seed), [], []
    for count in range(1, 181):
        sent = f"2025{count // 28 + 1:02}{count % 28 + 1:02}120000"
        kind = random.choice(["A28", "A08", "A08", "A31", "A40"])
        if kind == "A28" or len(known) < 4:
            known.append(f"P-{count}")
            messages.append(_about(known[-1], "A28", count, sent))
        elif kind == "A40":
            stays, goes = random.sample(known, 2)
            known.remove(goes)
            messages.append(_about(stays, "A40", count, sent, prior=goes))
        else:
            messages.append(_about(random.choice(known), kind, count, sent, family=f"Neu{count}"))
    return messages


def _about(pid: str, event: str, count: int, sent: str, *, prior: str = "", family: str = "Stamm") -> bytes:
    return adt(event, str(count), pid=pid, name=f"{family}^Kind{pid[2:]}", sent=sent, prior=prior)


REGISTER = ("patients", "patient_keys", "patient_counts", "items", "images", "exposures", "decisions")


def state(world: World) -> dict[str, Any]:
    """Everything that a feed may change."""
    return {name: rows for name, rows in dump(world).items() if name in REGISTER}


def register(world: World) -> list[tuple[Any, ...]]:
    """The register as people know it: names, other names, identifiers."""
    people = list_patients(world.porion, world.actor, limit=500)
    return sorted(
        (one.name.family, one.name.given, sorted(i.value for i in one.identifiers)) for one in people
    )


def test_a_stream_that_comes_again_changes_nothing(each_world: World) -> None:
    world, messages = each_world, a_stream(1)
    first = [send(world, one) for one in messages]
    assert {one.code for one in first} == {"AA"}
    before = state(world)

    again = [send(world, one) for one in Random(2).sample(messages, len(messages))]

    assert {one.applied[0].outcome for one in again} == {FeedOutcome.REPLAYED}
    assert state(world) == before


def test_images_that_arrive_during_a_stream_are_neither_lost_nor_orphaned(each_world: World) -> None:
    world, random, brought = each_world, Random(3), 0
    linked: dict[str, str] = {}
    for count, message in enumerate(a_stream(4), 1):
        assert send(world, message).code == "AA"
        if count % 6 == 0:
            people = list_patients(world.porion, world.actor, limit=500)
            person = random.choice(people)
            own = person.identifiers[-1]
            claim = {"PatientName": f"{person.name.family}^{person.name.given}", "PatientID": own.value}
            view = waiting(world, a_panoramic(count, study=f"s{count}", IssuerOfPatientID="CLINIC", **claim))
            brought += 1
            if random.random() < 0.7:
                link_to(world, view, person, reason="stream")
                linked[view.item.id] = own.value

    assert brought == 30
    for item_id, value in linked.items():
        view = see_item(world.porion, world.actor, item_id)
        owner = see_patient(world.porion, world.actor, str(view.item.patient_id))
        assert owner.merged_into is None
        assert value in {one.value for one in owner.identifiers}
        assert len(view.images) == 1
    assert len(inbox(world, "linked")) + len(inbox(world)) == brought
    exposures = sum(
        len(see_exposures(world.porion, world.actor, one.id))
        for one in list_patients(world.porion, world.actor, limit=500)
    )
    assert exposures == len(linked)


def test_late_messages_do_not_bring_back_what_was(world: World) -> None:
    in_order = a_stream(5)
    for one in in_order:
        send(world, one)
    expected = register(world)
    for one in reversed(in_order):
        send(world, one.replace(b"|P|2.5|", b"x|P|2.5|"))  # the same again under new numbers

    assert register(world) == expected
