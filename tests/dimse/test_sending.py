"""Which contexts are proposed, and what a node may answer."""

from __future__ import annotations

import pytest

from porion.dicom.header import data_set_offset
from porion.dimse.requestor import MOST_CONTEXTS, Proposal
from porion.dimse.sending import DimseSending, proposals, store_request
from porion.services.destinations import destination
from porion.services.errors import NodeFailed
from porion.services.hand_out import Copy
from porion.services.outgoing import Outgoing
from porion.services.search_rows import Person
from porion.services.sending_ports import Originator
from tests.asked import a_node, no_identity, remotes
from tests.builders import a_panoramic, file_bytes
from tests.dimse.house import CT, EXPLICIT, IMPLICIT
from tests.dimse.keeper import Keeper, listening
from tests.world import World

DX, JPEG_2000 = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.4.90"


def an_instance(sop_class: str = DX, syntax: str = EXPLICIT, number: int = 1) -> Outgoing:
    return Outgoing("1.2", sop_class, f"1.3.{number}", syntax, "", Person())


def test_every_class_is_proposed_as_it_is_held_and_uncompressed() -> None:
    held = [an_instance(), an_instance(syntax=JPEG_2000), an_instance(CT), an_instance(CT)]
    assert proposals(held) == [
        Proposal(DX, (JPEG_2000,)),
        Proposal(DX, (EXPLICIT,)),
        Proposal(CT, (EXPLICIT,)),
        Proposal(DX, (IMPLICIT,)),
        Proposal(CT, (IMPLICIT,)),
    ]
    many = [an_instance(f"1.2.{n}", JPEG_2000) for n in range(200)]
    assert len(proposals(many)) == MOST_CONTEXTS


def test_a_request_names_who_asked_for_it() -> None:
    request = store_request(an_instance(), 7, Originator("VIEWER", 9))
    assert (request.move_originator, request.move_originator_message_id) == ("VIEWER", 9)
    assert store_request(an_instance(), 7).move_originator is None


def test_instances_go_out_over_one_association(world: World) -> None:
    keeper = Keeper(answers=lambda number: 0xA700 if number == 2 else 0)
    content = file_bytes(a_panoramic())
    at = data_set_offset(content)
    pieces = [content[at : at + 50], memoryview(content)[at + 50 :]]
    with listening(keeper) as port:
        a_node(world, port)
        target = destination(world.porion, remotes(), world.clinic_id, "PACS")
        with DimseSending(no_identity).to(target, [an_instance()]) as sender:
            assert set(sender.taken(DX)) == {EXPLICIT, IMPLICIT}
            assert sender.taken(CT) == set()
            told = [sender.store(an_instance(), Copy(EXPLICIT, pieces)) for _ in range(3)]
    assert told == [0, 0xA700, 0]
    assert keeper.kept[0].PixelData == a_panoramic().PixelData


def test_nobody_at_home_is_told_in_words(world: World) -> None:
    with listening(Keeper()) as port:
        a_node(world, port)
    target = destination(world.porion, remotes(), world.clinic_id, "PACS")
    with (
        pytest.raises(NodeFailed, match="PACS cannot be reached"),
        DimseSending(no_identity).to(target, [an_instance()]),
    ):
        pass
