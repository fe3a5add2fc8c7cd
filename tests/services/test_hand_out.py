"""Copies on their way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from porion.clinic.permissions import Actor, asking_device
from porion.dicom.encode import element, elements
from porion.services import hand_out
from porion.services.errors import Invalid, NotFound, NotPermitted
from porion.services.find_keys import Rules, read_query
from porion.services.hand_out import NotPresentable, TooManyInstances, choose, copied, demographics
from porion.services.outgoing import Outgoing
from porion.services.search_rows import Person
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.dimse.asking import linked
from tests.dimse.house import EXPLICIT, IMPLICIT
from tests.world import World, bring

BIG_ENDIAN, HTJ2K = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.4.201"


def actor(world: World) -> Actor:
    return asking_device("VIEWER", world.clinic_id)


def chosen(world: World, *uids: str, verified: bool = True) -> list[Outgoing]:
    keys = [element("QueryRetrieveLevel", "STUDY"), *([element("StudyInstanceUID", *uids)] if uids else [])]
    asked = read_query(elements(keys), Rules(), verified=verified)
    return list(choose(world.porion, actor(world), asked, "VIEWER"))


def archived(world: World) -> bytes:
    (path,) = Path(world.data).rglob("archive/**/*.dcm")
    return path.read_bytes()


def test_what_is_right_goes_out_as_the_archive_s_own_bytes(world: World) -> None:
    linked(world, a_panoramic(1))
    (one,) = chosen(world, uid("study-1"))
    with copied(world.porion, actor(world), one, [IMPLICIT, EXPLICIT]) as copy:
        (piece,) = copy.pieces
        assert isinstance(piece, memoryview)
        assert archived(world).endswith(piece)
        assert copy.transfer_syntax == EXPLICIT


def test_the_archive_stays_as_it_is(world: World) -> None:
    linked(world, a_panoramic(1, PatientName="WRONG"))
    before = archived(world)
    (one,) = chosen(world, uid("study-1"))
    with copied(world.porion, actor(world), one, [EXPLICIT]) as copy:
        assert b"Beispiel^Anna" in b"".join(copy.pieces)
    assert archived(world) == before


def test_nothing_is_held_open_whatever_happens(world: World) -> None:
    linked(world, a_panoramic(1, PatientName="WRONG"))
    (one,) = chosen(world, uid("study-1"))
    kept: list[bytes | memoryview] = []
    with pytest.raises(ZeroDivisionError):
        _broken_off(world, one, kept)
    assert len(kept) > 1
    assert all(isinstance(piece, bytes) or _is_released(piece) for piece in kept)


def _broken_off(world: World, one: Outgoing, kept: list[bytes | memoryview]) -> None:
    with copied(world.porion, actor(world), one, [EXPLICIT]) as copy:
        kept += copy.pieces
        raise ZeroDivisionError


def _is_released(piece: memoryview) -> bool:
    try:
        bytes(piece)
    except ValueError:
        return True
    return False


def test_a_form_that_cannot_be_had_is_told(world: World) -> None:
    linked(world, a_panoramic(1))
    (one,) = chosen(world, uid("study-1"))
    held_otherwise = replace(one, transfer_syntax=BIG_ENDIAN)
    for outgoing in (one, held_otherwise):
        with pytest.raises(NotPresentable), copied(world.porion, actor(world), outgoing, ["1.2.3"]):
            pass


def test_what_was_lost_is_told(world: World) -> None:
    linked(world, a_panoramic(1))
    (one,) = chosen(world, uid("study-1"))
    lost = replace(one, digest="0" * 64)
    for taken in (EXPLICIT, IMPLICIT, HTJ2K):
        with pytest.raises(NotFound), copied(world.porion, actor(world), lost, [taken]):
            pass


def test_too_many_are_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_out, "MOST_INSTANCES", 3)
    bring(world, *a_cbct_series(4))
    with pytest.raises(TooManyInstances):
        chosen(world, uid("study-cbct"), verified=False)


def test_who_names_nothing_or_may_not_see_gets_nothing(world: World) -> None:
    linked(world, a_panoramic(1))
    with pytest.raises(Invalid):
        chosen(world)
    (one,) = chosen(world, uid("study-1"))
    stranger = Actor("nobody", world.clinic_id, frozenset())
    with pytest.raises(NotPermitted), copied(world.porion, stranger, one, [EXPLICIT]):
        pass


def test_a_backslash_makes_no_second_value() -> None:
    person = Person(("Back\\slash^A",), "P\\1", "", "20120403", "F", verified=True)
    assert demographics(person).name == "Back/slash^A"
    assert demographics(person).patient_id == "P/1"
    assert demographics(Person()).name == ""
