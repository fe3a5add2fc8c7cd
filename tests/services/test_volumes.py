"""Which frame of a volume goes where, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from porion.clinic.permissions import Actor
from porion.services.errors import NotFound, NotPermitted
from porion.services.trail import read_trail
from porion.services.volumes import ValueRange, VolumeView, see_volume
from tests.builders import (
    a_cbct_series,
    a_cbct_slice,
    a_panoramic,
    an_enhanced_ct,
    an_intra_oral,
    data_set,
    uid,
)
from tests.world import World, a_porion, another_clinic


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_porion(tmp_path)


def volume_of(world: World, *files: Dataset) -> VolumeView:
    image_id = world.bring(*files)[-1].image_id
    assert image_id
    return see_volume(world.porion, world.actor, image_id)


def test_slices_in_any_order_come_in_that_of_their_places(world: World) -> None:
    slices = a_cbct_series(6)
    view = volume_of(world, *[slices[n] for n in (4, 0, 3, 1, 5, 2)])
    assert [frame.instance.instance_number for frame in view.frames] == [1, 2, 3, 4, 5, 6]
    assert [(frame.number, frame.place) for frame in view.frames] == [(1, n) for n in range(6)]
    assert (view.verdict, view.sentence) == ("complete", "complete: 6 slices, 0.3 mm")
    assert (view.missing, list(view.gaps), view.placed_by) == (0, [], "positions")
    assert view.spacing == [0.3, 0.3, 0.3]
    assert np.allclose(
        view.affine or [], np.diag([0.3, 0.3, 0.3, 1]) + 0.3 * np.eye(4)[2][:, None] * np.eye(4)[3]
    )


def test_a_gap_is_told_and_places_leap_over_it(world: World) -> None:
    view = volume_of(world, *[one for one in a_cbct_series(10) if one.InstanceNumber not in (4, 5)])
    assert (view.verdict, view.sentence) == ("incomplete", "incomplete: 2 of 10 missing")
    assert [frame.place for frame in view.frames] == [0, 1, 2, 5, 6, 7, 8, 9]
    assert [tuple(gap) for gap in view.gaps] == [(2, 2)]


def test_slices_that_are_still_to_come(world: World) -> None:
    view = volume_of(world, *[a_cbct_slice(n, ImagesInAcquisition="40") for n in (1, 2, 3)])
    assert (view.verdict, view.missing) == ("incomplete", 37)
    assert view.sentence == "incomplete: 3 slices so far, 40 expected"


def test_frames_of_one_instance(world: World) -> None:
    view = volume_of(world, an_enhanced_ct(5))
    assert [(frame.instance.sop_instance_uid, frame.number) for frame in view.frames] == [
        (uid("enhanced"), n) for n in range(1, 6)
    ]
    assert (view.sentence, view.placed_by) == ("complete: 5 slices, 0.3 mm", "positions")


def test_frames_come_in_the_order_of_their_positions(world: World) -> None:
    made = an_enhanced_ct(4)
    made.PerFrameFunctionalGroupsSequence = list(reversed(made.PerFrameFunctionalGroupsSequence))
    assert [frame.number for frame in volume_of(world, made).frames] == [4, 3, 2, 1]


def test_a_plain_ct_with_many_frames_is_shown_as_its_maker_meant_it(world: World) -> None:
    made = a_cbct_slice(1, NumberOfFrames=3, SliceThickness="0.2")
    del made.ImagePositionPatient
    view = volume_of(world, made)
    assert view.verdict == "not-a-volume"
    assert view.sentence == (
        "not a volume: 3 slices in the order of their numbers, positions missing;"
        " shown as if 0.2 mm apart (SliceThickness)"
    )
    assert (view.spacing, view.placed_by) == ((0.3, 0.3, 0.2), "assumed from SliceThickness")
    assert [frame.number for frame in view.frames] == [1, 2, 3]


def test_a_single_slice_is_no_volume_and_nothing_is_assumed_of_it(world: World) -> None:
    view = volume_of(world, a_cbct_slice(1))
    assert (view.sentence, view.placed_by, view.spacing) == ("not a volume: 1 slice", "nothing", None)


def test_a_single_picture_says_why_it_is_none(world: World) -> None:
    view = volume_of(world, an_intra_oral())
    assert (view.verdict, view.sentence) == ("not-a-volume", "not a volume: a single picture")
    assert (view.affine, view.spacing, view.placed_by, len(view.frames)) == (None, None, "nothing", 1)


def test_how_the_pixels_are_to_be_taken(world: World) -> None:
    signed = a_cbct_series(3, PixelRepresentation=1, RescaleSlope="2", RescaleIntercept="-1000")
    view = volume_of(world, *signed)
    assert view.form is not None
    assert (view.form.rows, view.form.bits_stored, view.form.photometric) == (8, 12, "MONOCHROME2")
    assert (view.look.slope, view.look.intercept) == (2, -1000)
    assert view.values == ValueRange(-2048, 2047, "possible")


def test_pixels_that_cannot_be_read_are_a_reason(world: World) -> None:
    view = volume_of(world, a_panoramic(BitsAllocated=12))
    assert (view.form, view.values) == (None, None)
    assert view.reason.startswith("BitsAllocated is '12'")


def test_what_does_not_belong_to_it_stays_apart(world: World) -> None:
    other = a_cbct_slice(9, Rows=4, Columns=4)
    view = volume_of(world, *a_cbct_series(4), other)
    assert (list(view.apart), len(view.frames)) == ([other.SOPInstanceUID], 4)


def test_x_ray_3d_craniofacial(world: World) -> None:
    made = an_enhanced_ct(3, SOPClassUID="1.2.840.10008.5.1.4.1.1.13.1.2", Modality="DX")
    assert volume_of(world, made).sentence == "complete: 3 slices, 0.3 mm"


def test_looking_is_permitted_audited_and_stays_in_the_clinic(world: World) -> None:
    image_id = world.bring(*a_cbct_series(2))[0].image_id
    assert image_id
    see_volume(world.porion, world.actor, image_id)
    (link,) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=image_id)
    assert link.action == "volume shown"
    with pytest.raises(NotPermitted):
        see_volume(world.porion, Actor("nobody", world.clinic_id, frozenset()), image_id)
    with pytest.raises(NotFound):
        see_volume(world.porion, another_clinic(world).actor, image_id)


def test_functional_groups_that_are_shared_hold_for_all(world: World) -> None:
    made = an_enhanced_ct(3)
    shared = made.SharedFunctionalGroupsSequence[0]
    shared.PixelValueTransformationSequence = [data_set(RescaleSlope="1", RescaleIntercept="-1024")]
    assert volume_of(world, made).look.intercept == -1024
