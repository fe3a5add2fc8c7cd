"""Dose of performed steps, on the exposures of their images."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from porion.dicom.encode import element, sequence
from porion.services.exposures import ExposureView, see_exposures
from porion.services.performed import begin_performed, change_performed
from porion.services.performed_dose import shared
from tests.builders import a_lateral_ceph, a_panoramic
from tests.dicom.test_performed import an_exposure
from tests.services.scenes import link_to, register, waiting
from tests.services.test_performed import REPORTER, a_change, made_by, reported
from tests.world import World, bring


def dap(view: ExposureView) -> Any:
    return view.exposure.dap_mgycm2


def exposures(world: World) -> list[ExposureView]:
    """Anna's exposures, the only ones there are, oldest first."""
    anna = register(world)
    link_to(world, waiting(world), anna)
    return sorted(see_exposures(world.porion, world.actor, anna.id), key=lambda view: view.id)


A_CEPH = a_lateral_ceph()


@pytest.mark.parametrize("first", ["report", "image"])
def test_a_report_gives_its_dose_to_the_exposure_whichever_comes_first(each_world: World, first: str) -> None:
    world = each_world
    reporter = REPORTER(world)
    steps = [lambda: bring(world, A_CEPH), lambda: _report(world, reporter)]
    for step in steps if first == "image" else reversed(steps):
        step()
    (view,) = exposures(world)
    assert view.exposure.dap_mgycm2 == Decimal("22.00")
    assert (view.exposure.kvp, view.exposure.time_ms) == (73, 9400)
    assert {seen.source for seen in view.exposure.observations if seen.quantity == "dap_mgycm2"} == {"mpps"}


def _report(world: World, reporter: Any) -> None:
    begin_performed(world.porion, reporter, "1.2.9", reported())
    total = element("ImageAndFluoroscopyAreaDoseProduct", "0.22")
    each = sequence("ExposureDoseSequence", an_exposure(KVP="73", ExposureTime="9400"))
    change_performed(world.porion, reporter, "1.2.9", a_change(total, each, made_by(A_CEPH)))


def test_what_the_image_states_itself_stands_and_a_difference_is_told(world: World) -> None:
    pan = a_panoramic()
    bring(world, pan)
    reporter = REPORTER(world)
    begin_performed(world.porion, reporter, "1.2.9", reported())
    total = element("ImageAndFluoroscopyAreaDoseProduct", "1.62")
    change_performed(world.porion, reporter, "1.2.9", a_change(total, made_by(pan)))
    (view,) = exposures(world)
    assert view.exposure.dap_mgycm2 == 81
    assert any("conflict" in problem.reason for problem in view.exposure.problems)


def test_the_same_report_twice_adds_nothing(world: World) -> None:
    bring(world, A_CEPH)
    reporter = REPORTER(world)
    begin_performed(world.porion, reporter, "1.2.9", reported())
    total = element("ImageAndFluoroscopyAreaDoseProduct", "0.22")
    for _ in range(2):
        change_performed(world.porion, reporter, "1.2.9", a_change(total, made_by(A_CEPH), status=""))
    (view,) = exposures(world)
    assert [seen.quantity for seen in view.exposure.observations if seen.source == "mpps"] == ["dap_mgycm2"]


ONE, OTHER = {"quantity": "kvp"}, {"quantity": "mas"}
TOTAL = {"quantity": "dap_mgycm2"}


@pytest.mark.parametrize(
    ("dose", "number", "images", "expected"),
    [
        ({"total": [TOTAL]}, None, 1, [[TOTAL]]),
        ({"total": [TOTAL], "exposures": [[ONE]]}, 1, 1, [[TOTAL, ONE]]),
        ({"exposures": [[ONE]]}, None, 1, [[ONE]]),
        # A repeated exposure without an image: the total is not that of the one that has one.
        ({"total": [TOTAL], "exposures": [[ONE], [OTHER]]}, 2, 1, []),
        ({"total": [TOTAL]}, 2, 1, []),
        ({"total": [TOTAL], "exposures": [[ONE], [OTHER]]}, 2, 2, [[ONE], [OTHER]]),
        ({"total": [TOTAL], "exposures": [[ONE], [OTHER]]}, 3, 2, []),
        ({"total": [TOTAL]}, None, 2, []),
        ({}, None, 0, []),
    ],
)
def test_dose_goes_only_where_it_is_told_to_belong(
    dose: dict[str, Any], number: int | None, images: int, expected: list[Any]
) -> None:
    assert list(shared(dose, number, images)) == expected
