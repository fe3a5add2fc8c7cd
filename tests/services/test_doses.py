from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from porion.clinic.dose_figures import AgeBand
from porion.clinic.permissions import Role
from porion.services.decide import reject
from porion.services.doses import days_of, export_doses, see_doses
from porion.services.errors import Invalid, NotPermitted
from porion.services.trail import read_trail
from tests.builders import a_cbct_slice, a_lateral_ceph, a_panoramic
from tests.services.scenes import BERTA, inbox, link_to, register, somebody, waiting
from tests.world import World, another_clinic, bring

DAY = date(2026, 3, 2)


def test_figures_are_of_the_whole_clinic_linked_or_not(each_world: World) -> None:
    world = each_world
    anna = register(world)
    bring(world, a_panoramic(1), a_lateral_ceph(2))
    bring(world, *(a_cbct_slice(n, ImageAndFluoroscopyAreaDoseProduct="5.18") for n in range(4)))
    link_to(world, inbox(world)[0], anna)
    found = see_doses(world.porion, somebody(world, Role.RECEPTION), DAY, DAY)
    assert (found.all.exposures, found.all.without_dose) == (3, 1)
    by_kind = {group.category: group for group in found.groups}
    assert by_kind["PANORAMIC"].device == "Synthetic Devices SYN-1 ROOM1"
    assert list(by_kind["PANORAMIC"].by_age) == [AgeBand.TO_13]
    assert list(by_kind["CBCT"].by_age) == [AgeBand.UNKNOWN]
    assert [spread.median for spread in by_kind["PANORAMIC"].figures.spreads] == [Decimal(81)]
    dap = next(one for one in by_kind["CBCT"].figures.spreads if one.quantity == "dap_mgycm2")
    assert (dap.count, dap.median) == (1, 518)


def test_without_days_it_is_the_year_that_ends_today() -> None:
    assert days_of(None, None, DAY) == (date(2025, 3, 3), DAY)
    assert days_of(None, date(2026, 1, 31), DAY) == (date(2025, 2, 1), date(2026, 1, 31))
    assert days_of(date(2026, 3, 1), None, DAY) == (date(2026, 3, 1), DAY)


@pytest.mark.parametrize("day", [date.min, date(1894, 12, 31), date(3000, 1, 1), date.max])
def test_a_day_without_x_rays_is_refused(day: date) -> None:
    for days in ((day, None), (None, day), (day, day)):
        with pytest.raises(Invalid, match="is no day of an exposure"):
            days_of(*days, DAY)
    assert days_of(date(1895, 1, 1), date(2999, 12, 31), DAY)


def test_days_without_exposures_have_no_figures_and_turned_round_they_are_refused(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic())
    before = DAY - timedelta(days=1)
    assert see_doses(world.porion, world.actor, before, before).groups == ()
    with pytest.raises(Invalid, match="lies before the first one"):
        see_doses(world.porion, world.actor, DAY, before)


def test_a_device_without_a_name_is_called_by_its_ae_title_or_not_at_all(each_world: World) -> None:
    world = each_world
    nameless = {"Manufacturer": None, "ManufacturerModelName": None, "StationName": None}
    bring(world, a_panoramic(1, **nameless))
    (line,) = export_doses(world.porion, world.actor, DAY, DAY, named=False)
    assert line.device == ""
    sent = replace(line.logged, source={**line.logged.source, "aeTitle": "PANO1"})
    assert line._replace(logged=sent).device == "PANO1"


def test_an_age_does_not_follow_from_the_day_of_receipt(each_world: World) -> None:
    world = each_world
    undated = dict.fromkeys(("StudyDate", "StudyTime", "AcquisitionDate", "AcquisitionTime"))
    anna = register(world)
    link_to(world, waiting(world, a_panoramic(1, **undated)), anna)
    (line,) = export_doses(world.porion, world.actor, DAY, DAY, named=False)
    assert (line.patient is not None, line.logged.dated_by, line.age) == (True, "receipt", None)
    (group,) = see_doses(world.porion, world.actor, DAY, DAY).groups
    assert list(group.by_age) == [AgeBand.UNKNOWN]


def test_what_was_rejected_is_in_the_log_and_in_no_figure(each_world: World) -> None:
    world = each_world
    view = waiting(world, a_panoramic(1))
    reject(world.porion, world.actor, view.item.id, "a phantom")
    assert see_doses(world.porion, world.actor, DAY, DAY).all.exposures == 0
    (line,) = export_doses(world.porion, world.actor, DAY, DAY, named=False)
    assert line.logged.state == "quarantined"


def test_the_log_has_every_exposure_in_order_with_its_patient_and_leaves_a_trace(each_world: World) -> None:
    world = each_world
    berta = register(world, BERTA)
    bring(
        world, a_panoramic(1, AcquisitionTime="120000"), a_panoramic(2, study="b", AcquisitionTime="090000")
    )
    link_to(world, inbox(world)[-1], berta, verified=("name", "birthDate"))
    early, late = export_doses(world.porion, world.actor, DAY, DAY, named=True)
    assert [line.logged.made_at[11:16] for line in (early, late)] == ["09:00", "12:00"]
    assert (early.patient, early.age, late.patient, late.age) == (berta, 14, None, None)
    (link, *_) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=None)
    assert (link.action, link.object_kind) == ("exposures exported", "clinic")
    assert link.detail == {"from": "2026-03-02", "to": "2026-03-02", "named": True}


def test_only_an_administrator_takes_the_log_out(each_world: World) -> None:
    world = each_world
    with pytest.raises(NotPermitted):
        export_doses(world.porion, somebody(world, Role.CLINICIAN), DAY, DAY, named=False)


def test_another_clinics_exposures_are_not_counted(each_world: World) -> None:
    bring(each_world, a_panoramic())
    there = another_clinic(each_world)
    assert see_doses(there.porion, there.actor, DAY, DAY).all.exposures == 0
