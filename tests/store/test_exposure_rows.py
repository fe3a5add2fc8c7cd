from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from porion.services.records import ExposureRow, ObservationRow
from tests.builders import a_cbct_slice, a_panoramic, uid
from tests.services.scenes import inbox, link_to, register
from tests.world import World, bring

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
