from __future__ import annotations

import pytest

from porion.services.errors import NotFound, NotOffered, Unshowable
from porion.services.image_frames import FramesWanted, ShownFrame, open_frames
from porion.services.images import list_images
from porion.services.records import ImageFilter
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_panoramic, an_enhanced_ct, uid
from tests.world import World, bring

NATIVE, HTJ2K = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.201"


def the_image(world: World) -> str:
    return list_images(world.porion, world.actor, ImageFilter())[0].image.id


def frames(world: World, wanted: FramesWanted | None = None) -> list[ShownFrame]:
    return list(open_frames(world.porion, world.actor, the_image(world), wanted or FramesWanted(NATIVE)))


def test_slices_come_by_instance_number_whatever_order_they_came_in(world: World) -> None:
    slices = a_cbct_series(4)
    bring(world, slices[2], slices[0], slices[3], slices[1])
    shown = frames(world)
    assert [one.sop_instance_uid for one in shown] == [made.SOPInstanceUID for made in slices]
    assert [one.frame.data for one in shown if one.frame] == [made.PixelData for made in slices]
    assert {one.series_uid for one in shown} == {slices[0].SeriesInstanceUID}


def test_all_frames_of_a_multi_frame_instance_come(world: World) -> None:
    bring(world, an_enhanced_ct(3))
    assert [one.number for one in frames(world)] == [1, 2, 3]


def test_one_frame_of_one_instance_comes_alone_in_the_form_that_was_asked_for(world: World) -> None:
    slices = a_cbct_series(3)
    bring(world, *slices)
    (shown,) = frames(world, FramesWanted(HTJ2K, str(slices[1].SOPInstanceUID), 1))
    assert (shown.sop_instance_uid, shown.number) == (slices[1].SOPInstanceUID, 1)
    assert shown.frame is not None
    assert shown.frame.transfer_syntax == HTJ2K


def test_a_slice_that_cannot_be_shown_says_why_and_the_others_come(world: World) -> None:
    slices = a_cbct_series(3)
    slices[1].PixelData = slices[1].PixelData[:4]
    bring(world, *slices)
    good, bad, also_good = frames(world)
    assert good.frame is not None
    assert also_good.frame is not None
    assert (bad.frame, bad.number) == (None, 1)
    assert "cut off" in bad.reason


def test_one_frame_that_cannot_be_shown_is_an_error(world: World) -> None:
    broken = a_panoramic()
    broken.PixelData = broken.PixelData[:4]
    bring(world, broken)
    with pytest.raises(Unshowable, match="cut off"):
        frames(world, FramesWanted(NATIVE, number=1))


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (FramesWanted(NATIVE, uid("another")), NotFound),
        (FramesWanted(NATIVE, number=2), NotFound),
        (FramesWanted("1.2.3"), NotOffered),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_given(
    world: World, wanted: FramesWanted, error: type[Exception]
) -> None:
    bring(world, a_panoramic())
    image = the_image(world)
    with pytest.raises(error):
        open_frames(world.porion, world.actor, image, wanted)


def test_an_image_of_nowhere_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        open_frames(world.porion, world.actor, "none", FramesWanted(NATIVE))


def test_showing_pixels_leaves_a_link_in_the_trail(world: World) -> None:
    bring(world, a_panoramic())
    image = the_image(world)
    open_frames(world.porion, world.actor, image, FramesWanted(NATIVE))
    trail = read_trail(world.porion, world.actor, before=None, limit=9, object_id=image)
    assert "pixels shown" in [link.action for link in trail]
