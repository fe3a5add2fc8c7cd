from __future__ import annotations

import sqlalchemy as sa

from porion.services.decide import reject
from porion.services.search_upkeep import bring_search_up
from porion.store.schema import items, patients, series, studies
from tests.builders import a_cbct_series, a_panoramic, an_intra_oral
from tests.services.scenes import dump, inbox, link_to, register, waiting
from tests.world import World, bring

NEW = {
    patients: ("dicom_name", "dicom_id"),
    items: ("dicom_name", "dicom_id", "search"),
    studies: ("day", "time", "dicom_id", "referring_physician", "timezone"),
    series: ("number", "step_day", "step_time", "scheduled_step_id", "requested_procedure_id"),
}


def forget_the_keys(world: World) -> None:
    """Make the rows what they were before their keys were kept."""
    with world.engine.begin() as connection:
        for table, columns in NEW.items():
            connection.execute(sa.update(table).values(dict.fromkeys(columns)))


def test_rows_from_before_get_the_keys_that_new_ones_have(each_world: World) -> None:
    anna = register(each_world)
    link_to(each_world, waiting(each_world, a_panoramic(StudyID="7")), anna)
    bring(each_world, *a_cbct_series(3), an_intra_oral(study="rejected"))
    reject(each_world.porion, each_world.actor, inbox(each_world)[-1].item.id, "blurred")
    before = dump(each_world)
    forget_the_keys(each_world)
    assert dump(each_world) != before
    bring_search_up(each_world.porion)
    assert dump(each_world) == before


def test_a_series_of_conflicts_alone_is_done_with(world: World) -> None:
    bring(world, a_panoramic(), a_panoramic(SeriesInstanceUID="1.2.3", Rows=5))
    forget_the_keys(world)
    bring_search_up(world.porion)
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.search.unread(9) == {}


def test_a_file_that_is_lost_stops_nothing_and_is_not_asked_for_again(world: World) -> None:
    bring(world, a_panoramic())
    forget_the_keys(world)
    for path in (world.data / "archive").rglob("*.dcm"):
        path.unlink()
    bring_search_up(world.porion)
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.search.unread(9) == {}
