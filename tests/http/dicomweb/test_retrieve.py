from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom.dataset import Dataset

from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_panoramic, file_bytes, uid
from tests.http.dicomweb.multipart import parts_of
from tests.http.house import House
from tests.world import bring

WEB = "/dicom-web"
STUDY = f"{WEB}/studies/{uid('study-1')}"
SERIES = f"{STUDY}/series/{uid('study-1', 'series', 1)}"
INSTANCE = f"{SERIES}/instances/{uid('panoramic', 1)}"
ANY = 'multipart/related; type="application/dicom"; transfer-syntax=*'
NATIVE, IMPLICIT, HTJ2K = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.4.201"


@pytest.mark.parametrize("place", [STUDY, SERIES, INSTANCE])
def test_files_come_as_they_are_held(house: House, viewer: TestClient, place: str) -> None:
    content = file_bytes(a_panoramic())
    bring(house.world, content)
    answer = viewer.get(place, headers={"Accept": ANY})
    assert answer.headers["content-type"].startswith('multipart/related; type="application/dicom"; boundary=')
    assert answer.headers["cache-control"] == "private, no-cache"
    assert parts_of(answer) == [(f"application/dicom; transfer-syntax={NATIVE}", content)]


def test_a_whole_series_comes_in_the_order_of_its_numbers(house: House, viewer: TestClient) -> None:
    bring(house.world, *reversed(a_cbct_series(5)))
    answer = viewer.get(f"{WEB}/studies/{uid('study-cbct')}", headers={"Accept": ANY})
    numbers = [pydicom.dcmread(BytesIO(content)).InstanceNumber for _, content in parts_of(answer)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 5


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ('multipart/related; type="application/dicom"', NATIVE),
        ("multipart/related; type=application/dicom; transfer-syntax=*", IMPLICIT),
        (f'multipart/related; type="application/dicom"; transfer-syntax={HTJ2K}', HTJ2K),
        ("*/*", IMPLICIT),
        (f"application/dicom; q=0.1, application/dicom; transfer-syntax={IMPLICIT}", IMPLICIT),
    ],
)
def test_a_file_comes_in_the_transfer_syntax_that_is_asked_for(
    house: House, viewer: TestClient, accept: str, syntax: str
) -> None:
    held = a_panoramic()
    bring(house.world, file_bytes(held, transfer_syntax=IMPLICIT))
    answer = viewer.get(INSTANCE, headers={"Accept": accept})
    if answer.headers["content-type"].startswith("multipart"):
        ((kind, content),) = parts_of(answer)
        assert kind == f"application/dicom; transfer-syntax={syntax}"
    else:
        content = answer.content
    read = pydicom.dcmread(BytesIO(content))
    assert read.file_meta.TransferSyntaxUID == syntax
    assert read.PatientName == held.PatientName
    assert (read.pixel_array == held.pixel_array).all()


def test_what_is_no_image_comes_as_it_is_held_whatever_is_asked_for(house: House, viewer: TestClient) -> None:
    report = a_panoramic(Modality="SR", SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11")
    del report.PixelData
    content = file_bytes(report, transfer_syntax=IMPLICIT)
    bring(house.world, content)
    answer = viewer.get(STUDY, headers={"Accept": 'multipart/related; type="application/dicom"'})
    assert parts_of(answer) == [(f"application/dicom; transfer-syntax={IMPLICIT}", content)]


@pytest.mark.parametrize(
    "place", [STUDY, f"{STUDY}/metadata", f"{INSTANCE}/frames/1", f"{INSTANCE}/rendered"]
)
def test_what_the_caller_has_is_not_sent_again(house: House, viewer: TestClient, place: str) -> None:
    bring(house.world, a_panoramic())
    first = viewer.get(place)
    again = viewer.get(place, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    bring(house.world, a_panoramic(2))
    if "instances" not in place:
        assert viewer.get(place, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("place", [STUDY, SERIES, INSTANCE])
def test_metadata_says_everything_but_bulk_data(house: House, viewer: TestClient, place: str) -> None:
    bring(house.world, a_panoramic(PatientName="Müller^Änne"))
    answer = viewer.get(f"{place}/metadata")
    assert answer.headers["content-type"] == "application/dicom+json"
    (document,) = answer.json()
    assert document["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "Müller^Änne"}]}
    assert document["00083002"] == {"vr": "UI", "Value": [NATIVE]}
    assert document["7FE00010"] == {
        "vr": "OW",
        "BulkDataURI": f"http://localhost{INSTANCE}/bulkdata/7FE00010",
    }


def test_bulk_data_is_fetched_where_the_metadata_says(house: House, viewer: TestClient) -> None:
    item = Dataset()
    item.add_new(0x00091001, "OB", bytes(range(256)) * 300)
    item.add_new(0x00090010, "LO", "SYNTHETIC")
    bring(house.world, a_panoramic(ReferencedImageSequence=[Dataset(), item]))
    (document,) = viewer.get(f"{INSTANCE}/metadata").json()
    address = document["00081140"]["Value"][1]["00091001"]["BulkDataURI"]
    assert address.endswith("/bulkdata/00081140.1.00091001")
    answer = viewer.get(address)
    assert (answer.content, answer.headers["content-type"]) == (
        bytes(range(256)) * 300,
        "application/octet-stream",
    )
    part = viewer.get(address, headers={"Range": "bytes=-2"})
    assert (part.status_code, part.content) == (206, b"\xfe\xff")
    assert viewer.get(document["7FE00010"]["BulkDataURI"]).content == bytes(2 * 4 * 8)


@pytest.mark.parametrize("path", ["00080018.0.00091001", "00091001", "7FE00011", "00081140.9.00091001"])
def test_bulk_data_that_is_not_there_is_not_found(house: House, viewer: TestClient, path: str) -> None:
    bring(house.world, a_panoramic())
    assert viewer.get(f"{INSTANCE}/bulkdata/{path}").status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        f"{WEB}/studies/1.2",
        f"{STUDY}/series/1.2",
        f"{SERIES}/instances/1.2",
        f"{WEB}/studies/1.2/series/{uid('study-1', 'series', 1)}",
        f"{STUDY}/metadata".replace(uid("study-1"), "1.2"),
    ],
)
def test_what_is_not_there_is_not_found(house: House, viewer: TestClient, place: str) -> None:
    bring(house.world, a_panoramic())
    assert viewer.get(place).status_code == 404


@pytest.mark.parametrize(
    "place", [STUDY, f"{STUDY}/metadata", f"{INSTANCE}/rendered", f"{INSTANCE}/thumbnail"]
)
def test_another_clinic_fetches_nothing(house: House, place: str) -> None:
    bring(house.world, a_panoramic())
    neighbour = house.holder(clinic_id=house.another_clinic())
    assert neighbour.get(place).status_code == 404


@pytest.mark.parametrize("accept", ["text/html", "multipart/related; type=video/mp4", "application/json"])
def test_a_type_that_files_are_not_had_in_is_not_acceptable(
    house: House, viewer: TestClient, accept: str
) -> None:
    bring(house.world, a_panoramic())
    answer = viewer.get(STUDY, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_syntax_that_is_not_made_is_not_acceptable(house: House, viewer: TestClient) -> None:
    bring(house.world, a_panoramic())
    accept = 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50'
    assert viewer.get(STUDY, headers={"Accept": accept}).status_code == 406


def test_a_viewer_s_many_looks_at_a_series_leave_one_link(house: House, viewer: TestClient) -> None:
    bring(house.world, a_panoramic())
    for place in (SERIES, f"{SERIES}/metadata", f"{INSTANCE}/frames/1", f"{INSTANCE}/frames/1"):
        assert viewer.get(place).status_code == 200
    trail = read_trail(house.world.porion, house.world.admin, before=None, limit=99, object_id=None)
    shown = [(link.object_kind, link.object_id) for link in trail if link.action == "images retrieved"]
    assert shown == [("series", uid("study-1", "series", 1))]
