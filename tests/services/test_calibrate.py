"""A person gives an image a scale, and takes it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from porion.clinic.permissions import Actor, Permission
from porion.dicom.calibration import Ruler
from porion.services.calibrate import IN_ITS_PLANE, PANORAMIC, calibrate, see_calibrations
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.images import correct_category, see_image
from porion.services.undo import undo
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, an_enhanced_ct
from tests.world import World, a_porion, another_clinic

RULER = Ruler((10, 20), (510, 20), 45)
LARGE = {"Rows": 600, "Columns": 800, "PixelData": b"\0" * (600 * 800 * 2)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_porion(tmp_path)


def a_ceph(world: World, **overrides: Any) -> str:
    image_id = world.bring(a_lateral_ceph(**{**LARGE, **overrides}))[0].image_id
    assert image_id
    return image_id


def spacing_of(world: World, image_id: str) -> Any:
    return see_image(world.porion, world.actor, image_id).image.pixel_spacing


def test_the_image_has_the_measured_scale_and_says_who_measured(world: World) -> None:
    image_id = a_ceph(world)
    found = calibrate(world.porion, world.actor, image_id, RULER)
    assert spacing_of(world, image_id) == {
        "mm": [0.09, 0.09],
        "basis": "calibrated",
        "reason": f"45 mm measured over 500 pixels by {world.actor.name}",
    }
    assert [one.decision.detail["mm"] for one in found.items] == [45]
    assert list(found.warnings) == [IN_ITS_PLANE]


def test_a_second_ruler_stands_on_the_first_and_both_can_be_taken_back(world: World) -> None:
    image_id = a_ceph(world)
    stated = spacing_of(world, image_id)
    first = calibrate(world.porion, world.actor, image_id, RULER).items[0].decision
    second = calibrate(world.porion, world.actor, image_id, Ruler((0, 0), (500, 0), 40)).items[0].decision
    assert spacing_of(world, image_id)["mm"] == [0.08, 0.08]
    with pytest.raises(Conflict, match="A later decision"):
        undo(world.porion, world.actor, first.id)
    undo(world.porion, world.actor, second.id)
    assert spacing_of(world, image_id)["mm"] == [0.09, 0.09]
    undo(world.porion, world.actor, first.id)
    assert spacing_of(world, image_id) == stated
    found = see_calibrations(world.porion, world.actor, image_id)
    assert [(one.decision.id, one.undone) for one in found.items] == [(second.id, True), (first.id, True)]
    assert list(found.warnings) == []


def test_a_corrected_category_does_not_stand_on_a_scale(world: World) -> None:
    image_id = a_ceph(world)
    decision = calibrate(world.porion, world.actor, image_id, RULER).items[0].decision
    correct_category(world.porion, world.actor, image_id, "TMJ")
    undo(world.porion, world.actor, decision.id)
    image = see_image(world.porion, world.actor, image_id).image
    assert (image.category, image.pixel_spacing and image.pixel_spacing["basis"]) == ("TMJ", "detector")


def test_an_image_without_any_spacing_gets_square_pixels(world: World) -> None:
    image_id = a_ceph(world, ImagerPixelSpacing=None)
    assert calibrate(world.porion, world.actor, image_id, RULER).image.pixel_spacing is not None
    assert spacing_of(world, image_id)["mm"] == [0.09, 0.09]


def test_a_panoramic_is_calibrated_with_a_warning(world: World) -> None:
    image_id = world.bring(a_panoramic(**LARGE))[0].image_id
    assert image_id
    assert list(calibrate(world.porion, world.actor, image_id, RULER).warnings) == [PANORAMIC]


def test_a_magnification_that_no_unit_has_is_doubted(world: World) -> None:
    image_id = a_ceph(world)
    found = calibrate(world.porion, world.actor, image_id, Ruler((0, 0), (500, 0), 10))
    assert found.warnings[1].startswith("The file's spacing at the detector would mean a magnification of 5")


def test_a_volume_is_not_calibrated(world: World) -> None:
    for files in (a_cbct_series(3), [an_enhanced_ct()]):
        image_id = world.bring(*files)[0].image_id
        assert image_id
        with pytest.raises(Conflict, match="grid of its own"):
            calibrate(world.porion, world.actor, image_id, RULER)


def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World) -> None:
    image_id = a_ceph(world)
    stated = spacing_of(world, image_id)
    with pytest.raises(Invalid, match="outside the frame"):
        calibrate(world.porion, world.actor, image_id, Ruler((0, 0), (5000, 0), 40))
    with pytest.raises(Invalid, match="no frame 2: the image has 1"):
        calibrate(world.porion, world.actor, image_id, RULER, 2)
    assert spacing_of(world, image_id) == stated
    assert see_calibrations(world.porion, world.actor, image_id).items == []


def test_only_those_who_may_and_only_in_their_clinic(world: World) -> None:
    image_id = a_ceph(world)
    looking = Actor("looker", world.clinic_id, frozenset({Permission.VIEW}))
    with pytest.raises(NotPermitted):
        calibrate(world.porion, looking, image_id, RULER)
    assert see_calibrations(world.porion, looking, image_id).items == []
    with pytest.raises(NotFound):
        see_calibrations(world.porion, another_clinic(world).actor, image_id)
