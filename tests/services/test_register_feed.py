from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from porion.clinic.permissions import feeder
from porion.dicom.person import Identifier, PersonName
from porion.services.merge import unmerge
from porion.services.patients import list_patients, see_patient
from porion.services.register_feed import (
    Applied,
    Change,
    FeedOutcome,
    FeedPatient,
    apply_change,
    recent_messages,
    rehearse_changes,
)
from porion.services.trail import read_trail
from tests.services.scenes import ANNA, BERTA, dump, register
from tests.world import NOON, World

SAID = FeedPatient(ANNA.identifiers, ANNA.name, (), ANNA.birth_date, "F")
NEXT = Identifier("P-2", "CLINIC")


def change(number: str = "1", said: FeedPatient = SAID, **changes: Any) -> Change:
    """A message of a practice system."""
    return replace(Change("KIS|A", number, NOON, "patient", said), **changes)


def send(world: World, *changes: Change) -> Applied:
    """Apply changes; what became of the last one."""
    actor = feeder("KIS|A", world.clinic_id)
    return [apply_change(world.porion, actor, one) for one in changes][-1]


def test_a_patient_is_added_once_whatever_comes_again(each_world: World) -> None:
    assert send(each_world, change()).outcome is FeedOutcome.ADDED
    before = dump(each_world, without=("audit", "clinics", "feed_messages"))
    assert send(each_world, change()).outcome is FeedOutcome.REPLAYED
    assert send(each_world, change("2")).outcome is FeedOutcome.UNCHANGED
    assert dump(each_world, without=("audit", "clinics", "feed_messages")) == before
    (patient,) = list_patients(each_world.porion, each_world.actor)
    assert replace(patient, id="", version=1) == ANNA


def test_what_the_other_system_does_not_say_stays(each_world: World) -> None:
    anna = register(each_world, replace(ANNA, aliases=(PersonName("Alt", "Anna"),)))
    said = FeedPatient(ANNA.identifiers, PersonName("Neu", "Anna"))
    assert send(each_world, change(said=said)).outcome is FeedOutcome.UPDATED
    now = see_patient(each_world.porion, each_world.actor, anna.id)
    assert (now.name.family, now.birth_date, now.sex) == ("Neu", ANNA.birth_date, "F")
    assert [one.family for one in now.aliases] == ["Alt", "Beispiel"]


def test_the_same_number_with_other_words_is_refused(world: World) -> None:
    send(world, change())
    said = replace(SAID, name=PersonName("Neu", "Anna"))
    assert "Another message came under the number 1" in send(world, change(said=said)).reason


def test_an_older_message_changes_nothing(world: World) -> None:
    newer = change("1", replace(SAID, name=PersonName("Neu", "Anna")), sent_at=NOON - timedelta(hours=1))
    older = change("2", sent_at=NOON - timedelta(hours=2))
    said = send(world, newer, older)
    assert (said.outcome, "older" in said.reason) == (FeedOutcome.UNCHANGED, True)
    (patient,) = list_patients(world.porion, world.actor)
    assert patient.name.family == "Neu"


def test_a_clock_of_theirs_in_the_future_keeps_nothing_out_for_long(world: World) -> None:
    send(world, change("1", sent_at=NOON + timedelta(days=900)))
    world.clock.pass_by(timedelta(days=3))
    said = replace(SAID, name=PersonName("Neu", "Anna"))
    assert send(world, change("2", said, sent_at=world.clock())).outcome is FeedOutcome.UPDATED


MERGE = {"kind": "merge", "prior": ANNA.identifiers}
STAYS = FeedPatient((NEXT,), ANNA.name, (), ANNA.birth_date, "F")


def test_two_entries_become_one_and_can_be_taken_apart(each_world: World) -> None:
    goes, stays = register(each_world), register(each_world, replace(ANNA, identifiers=(NEXT,)))
    said = send(each_world, change(said=STAYS, **MERGE))
    assert (said.outcome, said.patient_id) == (FeedOutcome.MERGED, stays.id)
    assert see_patient(each_world.porion, each_world.actor, goes.id).merged_into == stays.id
    assert send(each_world, change(said=STAYS, **MERGE)).outcome is FeedOutcome.REPLAYED
    back = unmerge(each_world.porion, each_world.actor, goes.id, "twins").back
    assert back.identifiers == ANNA.identifiers


@pytest.mark.parametrize("known", [(), (ANNA,), (replace(ANNA, identifiers=(NEXT,)),)])
def test_a_merge_works_whichever_side_is_known(each_world: World, known: tuple[Any, ...]) -> None:
    for one in known:
        register(each_world, one)
    send(each_world, change(said=STAYS, **MERGE))
    (patient,) = list_patients(each_world.porion, each_world.actor)
    assert {one.value for one in patient.identifiers} == {"P-1", "P-2"}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (change(said=replace(SAID, identifiers=())), "no ID"),
        (change(said=replace(SAID, name=PersonName())), "needs a family name"),
        (change(number=" "), "no number"),
        (change(said=replace(SAID, name=PersonName("x" * 300))), "longer than"),
        (change(said=replace(SAID, name=PersonName("a\x00b"))), "control characters"),
        (change(said=replace(SAID, name=PersonName("a\udcffb"))), "control characters"),
        (change(kind="merge"), "names an ID that stays"),
        (change(said=replace(SAID, identifiers=(*ANNA.identifiers, *BERTA.identifiers))), "several patients"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_the_reason(world: World, made: Change, words: str) -> None:
    if "several" in words:
        register(world)
        register(world, BERTA)
    before = list_patients(world.porion, world.actor)
    said = send(world, made)
    assert said.outcome is FeedOutcome.REFUSED
    assert words in said.reason
    assert list_patients(world.porion, world.actor) == before


def test_an_id_that_somebody_else_got_is_refused_until_it_is_settled(world: World) -> None:
    held = register(world)
    other = replace(SAID, name=PersonName("Muster", "Berta"), birth_date=date(2011, 5, 6))
    assert held.id in send(world, change(said=other)).reason
    register_says = replace(SAID, name=PersonName("Muster", "Anna"), birth_date=date(2011, 5, 6))
    assert send(world, change("2", register_says)).outcome is FeedOutcome.UPDATED


def test_a_refused_message_is_kept_and_tried_anew(world: World) -> None:
    register(world)
    berta = register(world, BERTA)
    both = replace(SAID, identifiers=(*ANNA.identifiers, *BERTA.identifiers))
    assert send(world, change(said=both)).outcome is FeedOutcome.REFUSED
    (kept,) = recent_messages(world.porion, world.actor)
    assert (kept.outcome, kept.message_id, berta.id in kept.reason) == ("refused", "1", True)
    told = FeedPatient(BERTA.identifiers, BERTA.name, (), BERTA.birth_date, "F")
    merged = send(world, change("2", told, kind="merge", prior=ANNA.identifiers))
    assert merged.outcome is FeedOutcome.MERGED
    both = replace(both, name=BERTA.name, birth_date=BERTA.birth_date)
    assert send(world, change(said=both)).outcome is FeedOutcome.UNCHANGED


def test_a_rehearsal_tells_the_same_and_changes_nothing(world: World) -> None:
    changes = [change(), change("2", STAYS, **MERGE), change("3", replace(SAID, identifiers=()))]
    before = dump(world)
    rehearsed = rehearse_changes(world.porion, world.actor, changes)
    assert dump(world) == before
    real = [send(world, one) for one in changes]
    assert [one.outcome for one in rehearsed] == [one.outcome for one in real]


def test_the_trail_names_the_feed(world: World) -> None:
    send(world, change())
    links = read_trail(world.porion, world.actor, before=None, limit=50, object_id=None)
    assert ("feed: KIS|A", "feed: patient") in {(link.actor, link.action) for link in links}
