from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydicom.dataset import Dataset

from tests.builders import a_panoramic, file_bytes, uid
from tests.http.dicomweb.multipart import parts_of
from tests.http.house import House
from tests.world import bring

FRAMES = (
    f"/dicom-web/studies/{uid('study-1')}/series/{uid('study-1', 'series', 1)}"
    f"/instances/{uid('panoramic', 1)}/frames"
)
NATIVE, HTJ2K, JPEG_LS = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.80"
PIXELS = np.arange(3 * 16 * 32, dtype=np.uint16).reshape(3, 16, 32)


def three_frames() -> Dataset:
    return a_panoramic(NumberOfFrames=3, Rows=16, Columns=32, PixelData=PIXELS.tobytes())


def octets(syntax: str) -> str:
    return f"application/octet-stream; transfer-syntax={syntax}"


def test_frames_come_in_the_order_asked_for(house: House, viewer: TestClient) -> None:
    bring(house.world, three_frames())
    answer = viewer.get(
        f"{FRAMES}/3,1", headers={"Accept": 'multipart/related; type="application/octet-stream"'}
    )
    assert parts_of(answer) == [(octets(NATIVE), PIXELS[n].tobytes()) for n in (2, 0)]


def test_a_single_frame_is_had_without_parts(house: House, viewer: TestClient) -> None:
    bring(house.world, three_frames())
    answer = viewer.get(f"{FRAMES}/2", headers={"Accept": "application/octet-stream"})
    assert (answer.headers["content-type"], answer.content) == (octets(NATIVE), PIXELS[1].tobytes())
    several = viewer.get(f"{FRAMES}/1,2", headers={"Accept": "application/octet-stream"})
    assert several.status_code == 406


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (f"application/octet-stream; transfer-syntax={HTJ2K}", octets(HTJ2K)),
        ("image/jphc", f"image/jphc; transfer-syntax={HTJ2K}"),
        ("image/jls", f"image/jls; transfer-syntax={JPEG_LS}"),
        ('application/octet-stream; transfer-syntax="*"', octets(NATIVE)),
        ("*/*", octets(NATIVE)),
        ("image/gif, image/x-jls;q=0.5", f"image/jls; transfer-syntax={JPEG_LS}"),
    ],
)
def test_frames_come_as_they_are_asked_for_and_are_the_same(
    house: House, viewer: TestClient, accept: str, kind: str
) -> None:
    bring(house.world, three_frames())
    answer = viewer.get(f"{FRAMES}/2", headers={"Accept": accept})
    content = answer.content
    if answer.headers["content-type"].startswith("multipart"):
        ((found, content),) = parts_of(answer)
    else:
        found = answer.headers["content-type"]
    assert found == kind
    codecs = {HTJ2K: imagecodecs.htj2k_decode, JPEG_LS: imagecodecs.jpegls_decode}
    decode = codecs.get(kind.rpartition("=")[2])
    pixels = decode(content) if decode else np.frombuffer(content, np.uint16).reshape(16, 32)
    assert (pixels == PIXELS[1]).all()


def test_compressed_frames_come_as_they_are_held_where_that_is_taken(
    house: House, viewer: TestClient
) -> None:
    bring(house.world, three_frames())
    stored = viewer.get(
        FRAMES.rpartition("/")[0], headers={"Accept": f"application/dicom; transfer-syntax={HTJ2K}"}
    ).content
    held = house.another_clinic()
    neighbour = house.holder(clinic_id=held)
    sent = neighbour.post("/dicom-web/studies", content=stored, headers={"Content-Type": "application/dicom"})
    assert sent.status_code == 200
    ((kind, content),) = parts_of(
        neighbour.get(f"{FRAMES}/1", headers={"Accept": "multipart/related; type=image/jphc"})
    )
    assert kind == f"image/jphc; transfer-syntax={HTJ2K}"
    assert (imagecodecs.htj2k_decode(content) == PIXELS[0]).all()
    bulk = neighbour.get(f"{FRAMES.rpartition('/')[0]}/bulkdata/7FE00010")
    assert [kind for kind, _ in parts_of(bulk)] == [octets(HTJ2K)] * 3
    native = neighbour.get(f"{FRAMES}/1", headers={"Accept": "application/octet-stream"})
    assert native.content == PIXELS[0].tobytes()


@pytest.mark.parametrize(("frames", "status"), [("4", 404), ("0", 404), ("1,9", 404), ("x", 400)])
def test_a_frame_that_is_not_there_is_said_before_anything_is_sent(
    house: House, viewer: TestClient, frames: str, status: int
) -> None:
    bring(house.world, three_frames())
    assert viewer.get(f"{FRAMES}/{frames}").status_code == status


@pytest.mark.parametrize("accept", ["image/gif", "image/jpeg; transfer-syntax=1.2.3", "image/jpeg", "text/*"])
def test_a_form_that_frames_are_not_had_in_is_not_acceptable(
    house: House, viewer: TestClient, accept: str
) -> None:
    bring(house.world, three_frames())
    assert viewer.get(f"{FRAMES}/1", headers={"Accept": accept}).status_code == 406


def test_pixels_that_are_cut_off_are_told(house: House, viewer: TestClient) -> None:
    content = file_bytes(three_frames())
    bring(house.world, content[:-700])
    assert viewer.get(f"{FRAMES}/1").status_code == 200
    assert viewer.get(f"{FRAMES}/3").status_code == 422
