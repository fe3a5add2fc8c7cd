from __future__ import annotations

import json

from porion.services.metadata import address_of, metadata_at
from porion.services.retrieve import Place
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.world import World, another_clinic, bring


def test_documents_come_one_for_each_instance_with_addresses_of_the_caller(world: World) -> None:
    bring(world, *a_cbct_series(3))
    for base in ("http://a/w", "https://b/w"):
        documents = metadata_at(world.porion, world.actor, Place(uid("study-cbct")), base)
        for held, piece in zip(documents.held, documents.pieces, strict=True):
            document = json.loads(piece)
            assert document["00080018"]["Value"] == [held.instance.sop_instance_uid]
            assert document["7FE00010"]["BulkDataURI"] == f"{address_of(held, base)}/bulkdata/7FE00010"


def test_their_state_is_another_when_an_instance_comes(world: World) -> None:
    states = []
    for number in (1, 2):
        bring(world, a_panoramic(number))
        states.append(metadata_at(world.porion, world.actor, Place(uid("study-1")), "").state)
    assert states[0] != states[1]


def test_two_clinics_with_the_same_file_share_nothing_but_its_bytes(world: World) -> None:
    there = another_clinic(world)
    for each in (world, there):
        bring(each, a_panoramic())
        documents = metadata_at(each.porion, each.actor, Place(uid("study-1")), "")
        assert len(list(documents.pieces)) == 1
