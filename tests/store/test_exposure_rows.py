from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from porion.services.records import ExposureRow, LevelRow, ObservationRow
from porion.store.schema import exposures, images
from tests.builders import a_cbct_slice, a_panoramic, uid
from tests.services.scenes import inbox, link_to, register
from tests.store.plans import explained
from tests.world import NOON, World, a_porion, another_clinic, bring

SEEN = ObservationRow(
    "e1", "dap_mgycm2", "0.810", "dGy·cm²", Decimal("81.0"), "converted", "image", "(0018,115E)", "rule", ""
)


def an_exposure(world: World) -> ExposureRow:
    """Of a study that the clinic holds."""
    bring(world, a_panoramic())
    (view,) = inbox(world)
    return ExposureRow(
        id="e1",
        study_id=view.item.study_id,
        event_key="event",
        event_uid=None,
        event_uid_source="instance",
        started_at=None,
        kvp=Decimal(85),
        missing={"mas": "not in the header"},
    )


def test_an_exposure_comes_back_as_it_was_written(each_world: World) -> None:
    row = an_exposure(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.exposures.save([(row, [SEEN])])
        assert tx.exposures.by_id(["e1", "e2"]) == {"e1": row}
        assert tx.exposures.by_key([row.event_key, "another"]) == {row.event_key: row}
        assert tx.exposures.observations(["e1", "e2"]) == {"e1": [SEEN], "e2": []}


def test_an_observation_is_added_once_and_never_changed(each_world: World) -> None:
    row = an_exposure(each_world)
    again = replace(SEEN, value=Decimal("81.000"))
    other = replace(SEEN, raw_text="0.9", value=Decimal(90))
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.exposures.save([(row, [SEEN])])
        changed = replace(row, kvp=None, problems=[{"tag": None, "reason": "conflict"}])
        tx.exposures.save([(changed, [again, other])])
        assert tx.exposures.by_id(["e1"]) == {"e1": changed}
        assert tx.exposures.observations(["e1"]) == {"e1": [SEEN, other]}


def test_a_patients_exposures_are_those_of_the_linked_images(each_world: World) -> None:
    world = each_world
    anna = register(world)
    bring(world, a_panoramic(1), a_panoramic(2, study="waits"))
    link_to(world, inbox(world)[0], anna)
    with world.porion.store.read(world.clinic_id) as tx:
        ((exposure, image),) = tx.exposures.of_patient(anna.id)
        assert tx.exposures.of_patient("nobody") == []
    assert image.exposure_id == exposure.id
    assert exposure.kvp == Decimal(85)


def test_a_series_that_took_two_exposures_shows_both(each_world: World) -> None:
    world = each_world
    anna = register(world)
    bring(world, *(a_cbct_slice(n, AcquisitionNumber=1 + n // 3) for n in range(1, 6)))
    link_to(world, inbox(world)[0], anna)
    with world.porion.store.read(world.clinic_id) as tx:
        shown = tx.exposures.of_patient(anna.id)
    assert len({exposure.event_key for exposure, _ in shown}) == 2
    assert len({image.id for _, image in shown}) == 1


def test_one_irradiation_event_in_two_studies_is_one_exposure(each_world: World) -> None:
    world = each_world
    anna = register(world)
    event = uid("event")
    bring(world, *(a_panoramic(n, study=f"s{n}", IrradiationEventUID=event) for n in (1, 2)))
    for view in inbox(world):
        link_to(world, view, anna)
    with world.porion.store.read(world.clinic_id) as tx:
        ((exposure, _),) = tx.exposures.of_patient(anna.id)
    assert (exposure.event_uid, exposure.dap_mgycm2) == (event, Decimal(81))


def test_exposures_of_some_days_come_in_the_order_in_which_they_were_made(each_world: World) -> None:
    world = each_world
    late = {"AcquisitionDate": "20260331", "AcquisitionTime": "235959"}
    bring(world, a_panoramic(1, study="b", **late), a_panoramic(2, study="a", AcquisitionDate="20260301"))
    bring(world, a_panoramic(3, study="c", AcquisitionDate="20260401"), a_panoramic(4, study="d"))
    anna = register(world)
    link_to(world, inbox(world)[0], anna)
    with world.porion.store.read(world.clinic_id) as tx:
        found = tx.exposures.made_between(date(2026, 3, 1), date(2026, 3, 31))
        assert tx.exposures.made_between(date(2026, 4, 2), date(2027, 3, 31)) == []
    assert [one.day.isoformat() for one in found] == ["2026-03-01", "2026-03-02", "2026-03-31"]
    assert [one.patient_id for one in found] == [None, None, anna.id]
    assert [one.state for one in found] == ["pending", "pending", "linked"]
    first = found[0]
    assert (first.category, first.modality, first.exposure.dap_mgycm2) == ("PANORAMIC", "PX", Decimal(81))
    assert first.source["device"] == "Synthetic Devices SYN-1 ROOM1"


def test_of_several_images_of_an_exposure_the_linked_one_says_whose_it_is(each_world: World) -> None:
    world = each_world
    anna, event = register(world), uid("event")
    bring(world, *(a_panoramic(n, study=f"s{n}", IrradiationEventUID=event) for n in (1, 2)))
    first, second = inbox(world)
    link_to(world, second, anna)
    with world.porion.store.read(world.clinic_id) as tx:
        (found,) = tx.exposures.made_between(NOON.date(), NOON.date())
    assert first.item.id < second.item.id
    assert (found.state, found.patient_id, found.image_id) == ("linked", anna.id, second.images[0].id)


def test_an_exposure_without_a_moment_has_that_of_its_image(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic(1))
    with world.engine.begin() as connection:
        connection.execute(sa.update(exposures).values(started_at=None))
        connection.execute(sa.update(images).values(acquired_at="2026-02-03T10:15:00"))
    with world.porion.store.read(world.clinic_id) as tx:
        (found,) = tx.exposures.made_between(date(2026, 2, 3), date(2026, 2, 3))
        assert tx.exposures.made_between(NOON.date(), NOON.date()) == []
    assert (found.day, found.dated_by) == (date(2026, 2, 3), "image")


def test_an_exposure_without_any_moment_has_that_of_its_receipt(each_world: World) -> None:
    world = each_world
    undated = dict.fromkeys(("StudyDate", "StudyTime", "AcquisitionDate", "AcquisitionTime"))
    bring(world, a_panoramic(1, **undated))
    with world.porion.store.read(world.clinic_id) as tx:
        (found,) = tx.exposures.made_between(NOON.date(), NOON.date())
    assert (found.exposure.started_at, found.acquired_at, found.day) == (None, None, NOON.date())
    assert found.dated_by == "receipt"


def test_the_slices_of_a_volume_are_one_exposure_of_the_log(each_world: World) -> None:
    world = each_world
    bring(world, *(a_cbct_slice(n, AcquisitionNumber=1 + n // 3) for n in range(1, 6)))
    with world.porion.store.read(world.clinic_id) as tx:
        found = tx.exposures.made_between(NOON.date(), NOON.date())
    assert len(found) == 2
    assert len({one.image_id for one in found}) == 1


def test_another_clinics_exposures_are_not_in_the_log(each_world: World) -> None:
    bring(each_world, a_panoramic())
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.exposures.made_between(date(2000, 1, 1), date(2100, 1, 1)) == []


def test_some_days_are_found_without_reading_what_all_others_hold(tmp_path: Path) -> None:
    world = a_porion(tmp_path)
    bring(world, a_panoramic())
    with explained(world) as plan, world.porion.store.read(world.clinic_id) as tx:
        tx.exposures.made_between(NOON.date(), NOON.date())
    assert not [step for step in plan if step.startswith("SCAN")]
    assert [step for step in plan if "ix_exposures_started_at (clinic_id=? AND started_at" in step]


def test_a_reference_level_takes_the_place_of_the_one_before(each_world: World) -> None:
    row = LevelRow("l1", "CBCT", "dap_mgycm2", "adults", Decimal("265.5"), "an authority, 2019")
    newer, children = replace(row, id="l2", value=Decimal(200)), replace(row, id="l3", ages="children")
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for one in (row, newer, children):
            tx.exposures.set_level(one)
        assert tx.exposures.levels() == [newer, children]
        assert [tx.exposures.remove_level(one) for one in ("l1", "l2", "l2")] == [False, True, False]
        assert tx.exposures.levels() == [children]
