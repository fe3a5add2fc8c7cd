from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.builders import a_cbct_series, a_panoramic, uid
from tests.http.dicomweb.multipart import parts_of
from tests.http.house import House
from tests.world import bring

STUDY = f"/dicom-web/studies/{uid('study-1')}"
SERIES = f"{STUDY}/series/{uid('study-1', 'series', 1)}"
INSTANCE = f"{SERIES}/instances/{uid('panoramic', 1)}"
PIXELS = np.tile(np.linspace(0, 4000, 64, dtype=np.uint16), (32, 1))


@pytest.fixture(autouse=True)
def _an_image(house: House) -> None:
    bring(house.world, a_panoramic(Rows=32, Columns=64, PixelData=PIXELS.tobytes()))


def picture(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(content)).convert("L"))


@pytest.mark.parametrize("place", [STUDY, SERIES, INSTANCE, f"{INSTANCE}/frames/1"])
def test_a_picture_is_drawn_of_whatever_the_address_names(viewer: TestClient, place: str) -> None:
    answer = viewer.get(f"{place}/rendered", headers={"Accept": "image/png"})
    assert answer.headers["content-type"] == "image/png"
    drawn = picture(answer.content)
    assert drawn.shape == (32, 64)
    assert drawn[0, 0] < drawn[0, 63]


def test_a_window_and_a_size_are_obeyed(viewer: TestClient) -> None:
    asked = {"window": "1000,2,linear", "viewport": "32,16"}
    drawn = picture(viewer.get(f"{INSTANCE}/rendered", params=asked, headers={"Accept": "image/png"}).content)
    assert drawn.shape == (16, 32)
    assert (drawn[0, 0], drawn[0, 31]) == (0, 255)


def test_all_pictures_of_a_series_come_as_parts(house: House, viewer: TestClient) -> None:
    bring(house.world, *a_cbct_series(3))
    place = f"/dicom-web/studies/{uid('study-cbct')}/rendered"
    answer = viewer.get(place, headers={"Accept": "multipart/related; type=image/jpeg"})
    assert [kind for kind, _ in parts_of(answer)] == ["image/jpeg"] * 3


@pytest.mark.parametrize("place", [STUDY, SERIES, INSTANCE, f"{INSTANCE}/frames/1"])
def test_a_thumbnail_is_small(viewer: TestClient, place: str) -> None:
    answer = viewer.get(f"{place}/thumbnail")
    assert answer.headers["content-type"] == "image/jpeg"
    assert max(picture(answer.content).shape) <= 256
    again = viewer.get(f"{place}/thumbnail", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "asked",
    [
        {"window": "1"},
        {"window": "1,0"},
        {"window": "1,2,cubic"},
        {"window": "a,b"},
        {"window": "nan,1"},
        {"quality": "0"},
        {"quality": "101"},
        {"viewport": "0,0"},
        {"viewport": "1,2,3"},
        {"viewport": "99999,1"},
        {"viewport": "10,10,0,0,-5,5"},
        {"viewport": "10,10,-1,0,5,5"},
    ],
)
def test_what_makes_no_sense_is_a_bad_request(viewer: TestClient, asked: dict[str, str]) -> None:
    assert viewer.get(f"{INSTANCE}/rendered", params=asked).status_code == 400


@pytest.mark.parametrize("what", ["rendered", "thumbnail"])
def test_a_picture_of_another_kind_is_not_acceptable(viewer: TestClient, what: str) -> None:
    assert viewer.get(f"{INSTANCE}/{what}", headers={"Accept": "image/gif"}).status_code == 406


def test_what_has_no_pixels_cannot_be_drawn(house: House, viewer: TestClient) -> None:
    report = a_panoramic(2, study="b", Modality="SR", SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11")
    del report.PixelData
    bring(house.world, report)
    answer = viewer.get(f"/dicom-web/studies/{uid('b')}/rendered")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:porion:problem:unshowable")
