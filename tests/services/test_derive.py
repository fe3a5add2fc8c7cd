"""Copies and thumbnails are made in the background, once, in the order in which instances came."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from porion.services.derive import SETTLES, derive_round
from porion.services.errors import OutOfSpace
from porion.services.front import front_of
from porion.services.pictures import see_picture
from porion.services.volumes import ValueRange, read_volume
from porion.store.derived import DerivedFiles
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, an_enhanced_ct, uid
from tests.pixels.pictures import drawn, ramp
from tests.world import World, a_porion

HTJ2K = "1.2.840.10008.1.2.4.201"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_porion(tmp_path)


def made(world: World, kind: str) -> list[Path]:
    return sorted((world.data / "derived").rglob(f"*.{kind}"))


def settle(world: World) -> None:
    world.clock.pass_by(SETTLES + timedelta(hours=1))


def slices(count: int) -> list[Dataset]:
    """A series whose values are 100 times the slice's number."""
    series = a_cbct_series(count)
    for one in series:
        one.PixelData = (100 * int(one.InstanceNumber)).to_bytes(2, "little") * 64
    return series


def test_a_settled_volume_has_copies_and_one_thumbnail(world: World) -> None:
    image_id = world.bring(*slices(5))[0].image_id
    assert image_id
    assert derive_round(world.porion).instances == 0
    assert not read_volume(world.porion, world.clinic_id, image_id).prepared
    settle(world)
    assert derive_round(world.porion).instances == 5
    assert (len(made(world, "htj2k")), len(made(world, "jpg"))) == (5, 1)
    view = read_volume(world.porion, world.clinic_id, image_id)
    assert (view.prepared, view.values) == (True, ValueRange(100, 500, "measured"))
    assert made(world, "jpg")[0].stem == view.frames[2].instance.digest


def test_what_was_made_is_served_and_made_only_once(world: World) -> None:
    image_id = world.bring(*slices(3))[0].image_id
    assert image_id
    settle(world)
    derive_round(world.porion)
    (thumbnail,) = made(world, "jpg")
    thumbnail.write_bytes(b"as it was made")
    assert see_picture(world.porion, world.actor, image_id) == b"as it was made"
    before = [path.stat().st_mtime_ns for path in made(world, "htj2k")]
    assert derive_round(world.porion).instances == 0
    assert [path.stat().st_mtime_ns for path in made(world, "htj2k")] == before


def test_a_radiograph_has_a_thumbnail_and_no_copy(world: World) -> None:
    world.bring(drawn(ramp()), a_lateral_ceph())
    settle(world)
    derive_round(world.porion)
    assert (len(made(world, "htj2k")), len(made(world, "jpg"))) == (0, 2)


def test_a_multi_frame_volume_is_one_copy(world: World) -> None:
    world.bring(an_enhanced_ct(4))
    settle(world)
    derive_round(world.porion)
    assert (len(made(world, "htj2k")), len(made(world, "jpg"))) == (1, 1)


def test_what_was_deleted_is_made_again(world: World) -> None:
    world.bring(*slices(3), a_panoramic())
    settle(world)
    derive_round(world.porion)
    shutil.rmtree(world.data / "derived")
    assert derive_round(world.porion).instances == 4
    assert (len(made(world, "htj2k")), len(made(world, "jpg"))) == (3, 2)


def test_the_middle_of_a_volume_that_grew_is_another_one(world: World) -> None:
    series = slices(9)
    image_id = world.bring(*series[:3])[0].image_id
    settle(world)
    derive_round(world.porion)
    world.bring(*series[3:])
    settle(world)
    derive_round(world.porion)
    with world.porion.store.read(world.clinic_id) as tx:
        image = tx.imaging.image(str(image_id))
        front = front_of(tx, image) if image else None
    assert front is not None
    assert front.sop_instance_uid == uid("study-cbct", "slice", 5)
    assert front.digest in {path.stem for path in made(world, "jpg")}


def test_pixels_that_cannot_be_shown_hold_nobody_up(world: World) -> None:
    broken = a_panoramic()
    broken.PixelData = b"\0\0"
    world.bring(broken, a_lateral_ceph())
    settle(world)
    done = derive_round(world.porion)
    assert (done.instances, len(done.unshowable), len(made(world, "jpg"))) == (2, 1, 1)
    assert derive_round(world.porion).instances == 0


def test_a_round_ends_where_instances_have_not_settled(world: World) -> None:
    world.bring(a_panoramic())
    settle(world)
    world.bring(a_lateral_ceph())
    assert derive_round(world.porion).instances == 1
    settle(world)
    assert derive_round(world.porion).instances == 1


def test_nothing_is_made_on_a_disk_that_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.bring(a_panoramic())
    settle(world)
    monkeypatch.setattr(world.porion.pixels, "_derived", DerivedFiles(world.data / "derived", 1 << 60))
    with pytest.raises(OutOfSpace):
        derive_round(world.porion)
    monkeypatch.setattr(world.porion.pixels, "_derived", DerivedFiles(world.data / "derived"))
    assert derive_round(world.porion).instances == 1


def test_what_is_no_image_is_passed_over(world: World) -> None:
    world.bring(a_panoramic(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR"))
    settle(world)
    assert derive_round(world.porion) == (1, [])
    assert made(world, "jpg") == []
