"""An image's pixels over HTTP."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from fastapi.testclient import TestClient

from tests.builders import a_cbct_series, a_panoramic
from tests.http.house import House
from tests.world import bring

IMAGES = "/api/imaging/images"


def address(admin: TestClient) -> str:
    (image,) = admin.get(IMAGES).json()["items"]
    return f"{IMAGES}/{image['id']}/frames"


def test_a_volume_comes_in_one_answer_each_slice_with_its_place(house: House, admin: TestClient) -> None:
    slices = a_cbct_series(3)
    bring(house.world, *slices)
    answer = admin.get(address(admin))
    whole = b"Content-Type: " + answer.headers["content-type"].encode() + b"\r\n\r\n" + answer.content
    parts = BytesParser(policy=HTTP).parsebytes(whole).get_payload()
    assert isinstance(parts, list)
    assert [part.get_payload(decode=True) for part in parts] == [made.PixelData for made in slices]
    assert [part["Content-Location"].split("/")[-3] for part in parts] == [
        made.SOPInstanceUID for made in slices
    ]
    assert parts[0]["Content-Type"].params["transfer-syntax"] == "1.2.840.10008.1.2.1"
    assert [int(part["Content-Length"]) for part in parts] == [len(made.PixelData) for made in slices]


def test_a_slice_without_pixels_says_why_in_its_place(house: House, admin: TestClient) -> None:
    slices = a_cbct_series(2)
    slices[0].PixelData = b"\0\0"
    bring(house.world, *slices)
    answer = admin.get(address(admin))
    assert answer.content.count(b"Content-Type: text/plain") == 1
    assert b"cut off" in answer.content


def test_one_frame_that_cannot_be_shown_is_a_problem(house: House, admin: TestClient) -> None:
    broken = a_panoramic()
    broken.PixelData = b"\0\0"
    bring(house.world, broken)
    answer = admin.get(address(admin), params={"frame": 1})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:porion:problem:unshowable")


def test_a_form_that_is_not_made_is_a_problem(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic())
    answer = admin.get(address(admin), params={"transferSyntax": "1.2.3"})
    assert answer.status_code == 406
