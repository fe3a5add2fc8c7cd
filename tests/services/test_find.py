"""Queries answered page by page."""

from __future__ import annotations

from typing import Any

import pytest

from porion.clinic.permissions import Actor, asking_device
from porion.dicom.elements import Elements
from porion.dicom.encode import element, elements
from porion.services import find as finding
from porion.services.errors import NotPermitted
from porion.services.find import TooManyAnswers, find
from porion.services.find_keys import Rules, read_query
from porion.services.trail import read_trail
from tests.builders import a_panoramic, uid
from tests.world import World, another_clinic, bring


def answers(
    world: World, *, actor: Actor | None = None, verified: bool = False, **keys: Any
) -> list[Elements]:
    level = keys.pop("level", "STUDY")
    wished = [
        element("QueryRetrieveLevel", level),
        *(element(key, *[v] if v else []) for key, v in keys.items()),
    ]
    asked = read_query(elements(wished), Rules(relational=True), verified=verified)
    actor = actor or asking_device("PAN1", world.clinic_id)
    return list(find(world.porion, actor, asked, "PORION"))


def test_pages_fit_together_and_each_leaves_its_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_FIRST_PAGE", 2)
    monkeypatch.setattr(finding, "_PAGE", 3)
    bring(world, *(a_panoramic(n, study=str(n)) for n in range(7)))
    found = [one.text("StudyInstanceUID") for one in answers(world, StudyInstanceUID="")]
    assert found == [uid(str(n)) for n in reversed(range(7))]
    links = read_trail(world.porion, world.actor, before=None, limit=3, object_id=world.clinic_id)
    assert [link.detail["answers"] for link in links] == [2, 3, 2]
    assert sorted(study for link in links for study in link.detail["studies"]) == sorted(map(str, found))


def test_what_goes_between_two_pages_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_FIRST_PAGE", 1)
    bring(world, *(a_panoramic(n, study=str(n)) for n in range(3)))
    asked = read_query(elements([element("QueryRetrieveLevel", "STUDY")]), Rules(), verified=False)
    found = find(world.porion, asking_device("PAN1", world.clinic_id), asked, "PORION")
    next(found)
    with world.porion.store.write(world.clinic_id) as tx:
        for item in tx.inbox.list_items(None, None, 10):
            tx.inbox.update_item(item.id, item.version, {"state": "quarantined"})
    assert list(found) == []


def test_too_many_answers_are_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_ANSWERS", 2)
    bring(world, *(a_panoramic(n, study=str(n)) for n in range(3)))
    with pytest.raises(TooManyAnswers, match="More than 2 match"):
        answers(world)
    assert len(answers(world, StudyInstanceUID=uid("1"))) == 1


def test_a_lost_file_costs_no_more_than_its_attributes(world: World) -> None:
    bring(world, a_panoramic(1))
    for path in world.data.rglob("archive/**/*.dcm"):
        path.unlink()
    (found,) = answers(world, level="IMAGE", Manufacturer="", SOPInstanceUID="")
    assert (found.text("SOPInstanceUID"), found.text("Manufacturer")) == (uid("panoramic", 1), None)


def test_another_clinic_sees_nothing_of_it(world: World) -> None:
    bring(world, a_panoramic(1))
    assert answers(world, actor=asking_device("PAN1", another_clinic(world).clinic_id)) == []


def test_who_may_not_see_images_asks_in_vain(world: World) -> None:
    with pytest.raises(NotPermitted):
        answers(world, actor=Actor("nobody", world.clinic_id, frozenset()))
