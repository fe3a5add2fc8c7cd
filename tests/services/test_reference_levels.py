from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from porion.clinic.dose_figures import AgeBand, Ages, ReferenceLevel
from porion.clinic.permissions import Role
from porion.services.doses import see_doses
from porion.services.errors import Invalid, NotFound, NotPermitted
from porion.services.reference_levels import (
    reference_levels,
    remove_reference_level,
    set_reference_level,
)
from porion.services.trail import read_trail
from tests.services.scenes import somebody
from tests.world import World, another_clinic

LEVEL = ReferenceLevel("PANORAMIC", "dap_mgycm2", Ages.CHILDREN, Decimal("60.5"), "an authority, 2019")
DAY = date(2026, 3, 2)


def levels(world: World) -> list[ReferenceLevel]:
    return [level for _, level in reference_levels(world.porion, somebody(world, Role.RECEPTION))]


def test_none_holds_until_the_clinic_says_so(each_world: World) -> None:
    assert levels(each_world) == []


def test_a_level_holds_until_another_takes_its_place(each_world: World) -> None:
    world = each_world
    set_reference_level(world.porion, world.actor, LEVEL)
    newer = LEVEL._replace(value=Decimal(55), source=" the same, 2026 ")
    adults = LEVEL._replace(ages=Ages.ADULTS)
    for level in (newer, adults):
        set_reference_level(world.porion, world.actor, level)
    assert levels(world) == [adults, newer._replace(source="the same, 2026")]
    assert see_doses(world.porion, world.actor, DAY, DAY).levels == levels(world)
    assert AgeBand.ADULT not in {band for band in AgeBand if newer.is_of("PANORAMIC", band)}


def test_a_level_is_removed_once_and_each_change_is_kept_in_the_trail(each_world: World) -> None:
    world = each_world
    level_id, _ = set_reference_level(world.porion, world.actor, LEVEL)
    remove_reference_level(world.porion, world.actor, level_id)
    assert levels(world) == []
    with pytest.raises(NotFound, match=level_id):
        remove_reference_level(world.porion, world.actor, level_id)
    gone, made = read_trail(world.porion, world.actor, before=None, limit=2, object_id=level_id)
    assert (gone.action, made.action) == ("reference level removed", "reference level set")
    assert made.detail == {**LEVEL._asdict(), "value": "60.5"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"value": Decimal(0)}, "above zero"),
        ({"value": Decimal("NaN")}, "above zero"),
        ({"value": Decimal("Infinity")}, "above zero"),
        ({"source": " "}, "Say who gave"),
    ],
)
def test_what_is_no_level_is_refused(world: World, changes: dict[str, object], why: str) -> None:
    with pytest.raises(Invalid, match=why):
        set_reference_level(world.porion, world.actor, LEVEL._replace(**changes))
    assert levels(world) == []


def test_only_an_administrator_says_which_levels_hold(world: World) -> None:
    level_id, _ = set_reference_level(world.porion, world.actor, LEVEL)
    clinician = somebody(world, Role.CLINICIAN)
    with pytest.raises(NotPermitted):
        set_reference_level(world.porion, clinician, LEVEL)
    with pytest.raises(NotPermitted):
        remove_reference_level(world.porion, clinician, level_id)


def test_another_clinic_has_levels_of_its_own(each_world: World) -> None:
    level_id, _ = set_reference_level(each_world.porion, each_world.actor, LEVEL)
    there = another_clinic(each_world)
    assert levels(there) == []
    with pytest.raises(NotFound):
        remove_reference_level(there.porion, there.actor, level_id)
    assert levels(each_world) == [LEVEL]
