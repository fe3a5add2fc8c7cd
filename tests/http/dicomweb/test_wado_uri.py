from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.builders import a_panoramic, file_bytes, uid
from tests.http.house import House
from tests.world import bring

ASKED = {
    "requestType": "WADO",
    "studyUID": uid("study-1"),
    "seriesUID": uid("study-1", "series", 1),
    "objectUID": uid("panoramic", 1),
}
CONTENT = file_bytes(a_panoramic(Rows=40, Columns=80))


@pytest.fixture(autouse=True)
def _an_image(house: House) -> None:
    bring(house.world, CONTENT)


def test_a_picture_is_what_comes_unless_something_else_is_asked_for(viewer: TestClient) -> None:
    answer = viewer.get(
        "/dicom-web/wado", params={**ASKED, "rows": "20", "windowCenter": "1", "windowWidth": "2"}
    )
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (40, 20)


def test_the_file_comes_as_it_is_held(viewer: TestClient) -> None:
    answer = viewer.get("/dicom-web/wado", params={**ASKED, "contentType": "application/dicom"})
    assert answer.headers["content-type"].startswith("application/dicom")
    assert answer.content == CONTENT


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"requestType": "X"}, 400),
        ({"studyUID": ""}, 400),
        ({"objectUID": "1.2\0"}, 400),
        ({"objectUID": "1.2"}, 404),
        ({"frameNumber": "2"}, 404),
        ({"frameNumber": "x"}, 400),
        ({"contentType": "text/html"}, 406),
        ({"anonymize": "yes"}, 400),
        ({"contentType": "application/dicom", "transferSyntax": "1.2.3"}, 406),
    ],
)
def test_what_cannot_be_had_is_told(viewer: TestClient, changes: dict[str, str], status: int) -> None:
    assert viewer.get("/dicom-web/wado", params={**ASKED, **changes}).status_code == status
