"""Which instance stands for an image."""

from __future__ import annotations

from pathlib import Path

from porion.services.front import front_of
from tests.builders import a_cbct_series, a_panoramic, an_enhanced_ct, uid
from tests.world import a_porion


def test_the_middle_of_a_volume_or_the_only_one(tmp_path: Path) -> None:
    world = a_porion(tmp_path)
    found = []
    for files in (a_cbct_series(5)[::-1], [an_enhanced_ct(5)], [a_panoramic()]):
        image_id = world.bring(*files)[0].image_id
        with world.porion.store.read(world.clinic_id) as tx:
            image = tx.imaging.image(str(image_id))
            front = front_of(tx, image) if image else None
        found.append(front.sop_instance_uid if front else None)
    assert found == [uid("study-cbct", "slice", 3), uid("enhanced"), uid("panoramic", 1)]
