"""A volume's manifest over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.http.house import House
from tests.world import bring


def manifest(house: House, client: TestClient, *slices: int) -> dict[str, object]:
    wanted = [one for one in a_cbct_series(12) if one.InstanceNumber in slices]
    image_id = bring(house.world, *wanted)[-1].image_id
    answer = client.get(f"/api/imaging/images/{image_id}/volume")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_the_manifest_of_a_series(house: House, admin: TestClient) -> None:
    found = manifest(house, admin, 1, 2, 3, 6)
    assert (found["verdict"], found["sentence"]) == ("incomplete", "incomplete: 2 of 6 missing")
    assert found["gaps"] == [{"behind": 2, "missing": 2}]
    assert (found["coordinates"], found["placedBy"], found["spacing"]) == (
        "LPS",
        "positions",
        [0.3, 0.3, 0.3],
    )
    assert found["affine"] == [[0.3, 0, 0, 0], [0, 0.3, 0, 0], [0, 0, pytest.approx(0.3), 0.3], [0, 0, 0, 1]]
    assert (found["valuesAreHounsfield"], found["apart"]) == (False, [])
    slices = found["slices"]
    assert isinstance(slices, list)
    assert slices[3] == {
        "sopInstanceUid": uid("study-cbct", "slice", 6),
        "frame": 1,
        "place": 5,
        "url": f"/dicom-web/studies/{uid('study-cbct')}/series/{uid('study-cbct', 'series', 1)}"
        f"/instances/{uid('study-cbct', 'slice', 6)}/frames/1",
    }
    pixels = found["pixels"]
    assert isinstance(pixels, dict)
    assert (pixels["rows"], pixels["bitsStored"], pixels["signed"]) == (8, 12, False)
    assert pixels["values"] == {"least": 0, "most": 4095, "basis": "possible"}


def test_a_single_picture_has_one_too(house: House, admin: TestClient) -> None:
    image_id = bring(house.world, a_panoramic(BitsAllocated=12))[0].image_id
    found = admin.get(f"/api/imaging/images/{image_id}/volume").json()
    assert (found["verdict"], found["affine"], found["pixels"]) == ("not-a-volume", None, None)
    assert found["problems"][-1]["tag"] == "(7FE0,0010)"


def test_it_is_found_only_where_it_is(house: House, admin: TestClient) -> None:
    image_id = manifest(house, admin, 1, 2)["imageId"]
    stranger = house.holder(Role.ADMIN, house.another_clinic())
    assert stranger.get(f"/api/imaging/images/{image_id}/volume").status_code == 404


@pytest.mark.parametrize(
    ("ending", "media_type", "start"),
    [("dcm", "application/dicom", b"\0" * 128 + b"DICM"), ("nii.gz", "application/gzip", b"\x1f\x8b")],
)
def test_a_volume_for_other_programs(
    house: House, admin: TestClient, ending: str, media_type: str, start: bytes
) -> None:
    image_id = manifest(house, admin, 1, 2, 3)["imageId"]
    answer = admin.get(f"/api/imaging/images/{image_id}/volume.{ending}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{image_id}.{ending}"'
    assert len(answer.content) == int(answer.headers["Content-Length"])
    assert answer.content.startswith(start)


def test_an_incomplete_one_is_a_problem_document(house: House, admin: TestClient) -> None:
    image_id = manifest(house, admin, 1, 2, 5)["imageId"]
    answer = admin.get(f"/api/imaging/images/{image_id}/volume.nii.gz")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:porion:problem:conflict")
