from __future__ import annotations

from porion.dicom.header import read_header
from porion.dicom.slices import slice_geometry
from porion.services.decide import reject
from porion.services.records import ImageFilter
from tests.builders import a_cbct_series, a_cbct_slice, a_lateral_ceph, a_panoramic, file_bytes, uid
from tests.services.scenes import inbox, link_to, register
from tests.world import World, another_clinic, bring


def test_every_received_instance_is_counted_in_one_state(each_world: World) -> None:
    world = each_world
    anna = register(world)
    bring(world, a_panoramic(), a_panoramic(Rows=5), *a_cbct_series(3), a_lateral_ceph(study="b"), b"?", b"!")
    first, volume, _ = inbox(world)
    link_to(world, first, anna)
    reject(world.porion, world.actor, volume.item.id, "blurred")
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.imaging.state_counts() == {"linked": 1, "pending": 1, "conflict": 1, "quarantined": 3 + 2}


def test_an_empty_clinic_has_every_state_at_zero(each_world: World) -> None:
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.imaging.state_counts() == {"linked": 0, "pending": 0, "conflict": 0, "quarantined": 0}


def test_the_archive_must_hold_each_digest_once(each_world: World) -> None:
    bring(each_world, a_panoramic(), a_panoramic(Rows=5), file_bytes(a_panoramic(2)), b"garbage")
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        digests = list(tx.imaging.digests())
    assert sorted(digests) == sorted(each_world.archive.names(each_world.clinic_id))
    assert len(digests) == 3


def test_instances_of_one_uid_come_in_the_order_they_arrived(each_world: World) -> None:
    for rows in (4, 5, 6):
        bring(each_world, a_panoramic(Rows=rows))
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        held = tx.imaging.instances_by_uid([uid("panoramic", 1), "1.2.3"])
    (first, *others) = held[uid("panoramic", 1)]
    assert list(held) == [uid("panoramic", 1)]
    assert first.image_id is not None
    assert [(row.image_id, row.conflicts_with) for row in others] == [(None, first.id)] * 2


def test_an_image_comes_back_as_it_was_written(each_world: World) -> None:
    (outcome,) = bring(each_world, a_lateral_ceph())
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        image = tx.imaging.image(outcome.image_id or "")
        assert tx.imaging.list_images(ImageFilter(), None, 9) == [image]
        assert tx.imaging.images_of([image.item_id if image else "", "none"])["none"] == []
    assert image is not None
    assert image.pixel_spacing is not None
    assert image.pixel_spacing["mm"] == ["0.1", "0.1"]
    assert image.source == {
        "device": "Synthetic Devices SYN-1 ROOM1",
        "aeTitle": None,
        "path": "1.dcm",
        "door": "test",
    }
    assert image.received_at.tzinfo is not None


def test_the_geometry_of_slices_comes_back_as_it_was_written(each_world: World) -> None:
    made = [
        a_cbct_slice(1),
        a_cbct_slice(2, ImagePositionPatient=None),
        a_cbct_slice(3, ImageOrientationPatient=["0.6", "-0.8", "-0.0", "1e-3", "0", "1"], ImageType=None),
        a_cbct_slice(4, PixelSpacing=None, FrameOfReferenceUID=None, InstanceNumber=None),
    ]
    outcomes = bring(each_world, *made, a_panoramic())
    written = [slice_geometry(read_header(file_bytes(one))) for one in made]
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        for _ in range(2):
            assert tx.imaging.geometries_of(outcomes[0].image_id or "") == written
        assert tx.imaging.geometries_of(outcomes[4].image_id or "") == []
    with each_world.porion.store.read(another_clinic(each_world).clinic_id) as tx:
        assert tx.imaging.geometries_of(outcomes[0].image_id or "") == []
