"""An image as the API gives it: the names that others build on, and no number without its unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from porion.http.image_shapes import exposure_answer, image_answer, image_detail
from porion.services.decide import LinkRequest, link
from porion.services.exposures import see_exposures
from porion.services.images import see_image
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, uid
from tests.http.house import House, register_anna

DESIGNED = [
    "id",
    "patientId",
    "status",
    "fileType",
    "category",
    "categoryConfidence",
    "categoryEvidence",
    "modality",
    "dicomModality",
    "studyId",
    "seriesId",
    "instanceId",
    "dicomData",
    "radiationDose",
    "radiationDoseUnit",
    "radiationDoseKind",
    "acquiredAt",
    "receivedAt",
    "source",
    "rows",
    "columns",
    "frames",
    "slices",
    "pixelSpacing",
    "laterality",
    "teeth",
    "problems",
]


def detail(house: House, *datasets: Any) -> dict[str, Any]:
    image_id = str(house.world.bring(*datasets)[0].image_id)
    view = see_image(house.world.porion, house.world.admin, image_id)
    return image_detail(view, {}).model_dump(mode="json", by_alias=True)


def test_every_name_of_the_design_is_there(house: House) -> None:
    assert not set(DESIGNED) - set(detail(house, a_panoramic()))


def test_a_dose_stands_beside_its_unit_and_kind(house: House) -> None:
    told = detail(house, a_panoramic())

    assert (told["radiationDose"], told["radiationDoseUnit"]) == (81, "mGy·cm²")
    assert told["radiationDoseKind"] == "dose-area-product"


def test_an_unknown_dose_is_null_with_a_reason_and_never_zero(house: House) -> None:
    told = detail(house, a_lateral_ceph())

    assert (told["radiationDose"], told["radiationDoseUnit"], told["exposure"]["dapMgycm2"]) == (
        None,
        None,
        None,
    )
    assert told["exposure"]["missing"]["dapMgycm2"]


def test_a_volume_of_slices_has_no_instance_of_its_own_and_says_what_is_missing(house: House) -> None:
    series = a_cbct_series(6)
    del series[3]

    told = detail(house, *series)

    assert (told["instanceId"], told["slices"], told["volume"]["missing"]) == (None, 5, 1)
    assert any("gap" in problem["reason"] or "missing" in problem["reason"] for problem in told["problems"])


def test_uids_are_those_of_the_files(house: House) -> None:
    told = detail(house, a_panoramic(study="s"))

    assert (told["studyId"], told["instanceId"]) == (uid("s"), uid("panoramic", 1))


def test_a_list_shows_the_image_without_its_header(house: House) -> None:
    image_id = str(house.world.bring(a_panoramic())[0].image_id)
    view = see_image(house.world.porion, house.world.admin, image_id)

    assert not hasattr(image_answer(view), "dicom_data")


def test_an_exposure_names_its_image_and_the_origin_of_every_number(house: House) -> None:
    patient, (item, _) = register_anna(house), house.a_pending_item()
    link(house.world.porion, house.world.admin, LinkRequest(item, patient, ("name", "birthDate")))

    (view,) = see_exposures(house.world.porion, house.world.admin, patient)
    told = exposure_answer(view)

    assert told.image.category == "PANORAMIC"
    assert {seen.tag for seen in told.observations if seen.used and seen.quantity == "dap_mgycm2"} == {
        "(0018,115E)"
    }


@pytest.mark.parametrize("hours", [0, 5])
def test_when_an_image_came_is_told_in_utc(house: House, hours: int) -> None:
    house.world.clock.pass_by(timedelta(hours=hours))

    assert detail(house, a_panoramic())["receivedAt"].endswith("Z")
