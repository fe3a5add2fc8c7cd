from __future__ import annotations

from porion.services.exposures import see_exposures
from tests.builders import a_cbct_slice, a_panoramic, uid
from tests.services.scenes import link_to, register, waiting
from tests.world import World


def test_exposures_are_shown_once_newest_first_with_their_image(each_world: World) -> None:
    world = each_world
    anna = register(world)
    event = uid("event")
    view = waiting(
        world, a_panoramic(1, IrradiationEventUID=event), a_panoramic(2, IrradiationEventUID=event)
    )
    link_to(world, view, anna)
    link_to(world, waiting(world, *[a_cbct_slice(n) for n in range(5)]), anna)
    shown = see_exposures(world.porion, world.actor, anna.id)
    assert [one.image.category for one in shown] == ["CBCT", "PANORAMIC"]
    assert [str(one.exposure.dap_mgycm2) for one in shown] != ["None", "None"]
    assert shown[1].exposure.event_uid == event
