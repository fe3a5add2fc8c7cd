"""Images over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, an_intra_oral, file_bytes, uid
from tests.http.house import House
from tests.world import bring

IMAGES = "/api/imaging/images"
# The names of the user's data model, which a client may count on.
NAMES = {
    "id", "patientId", "pendingId", "status", "fileType", "category", "categoryConfidence",
    "categoryEvidence", "needsReview", "modality", "dicomModality", "studyId", "seriesId", "instanceId",
    "radiationDose", "radiationDoseUnit", "radiationDoseKind", "acquiredAt", "receivedAt", "source", "rows",
    "columns", "frames", "slices", "pixelSpacing", "laterality", "teeth", "problems", "exposure", "volume",
    "correctedBy",
}  # fmt: skip


def test_an_image_has_the_names_of_the_data_model(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    (image,) = admin.get(IMAGES).json()["items"]
    assert set(image) == NAMES
    assert (image["status"], image["patientId"], image["fileType"]) == ("pending", None, "XRAY")
    assert (image["category"], image["modality"], image["dicomModality"]) == ("PANORAMIC", "OPG", "PX")
    assert (image["studyId"], image["instanceId"]) == (uid("study-1"), uid("panoramic", 1))
    assert (image["rows"], image["columns"], image["frames"], image["slices"]) == (4, 8, 1, None)
    assert image["acquiredAt"] == "2026-03-02T10:15:00"
    assert image["source"] == {
        "device": "Synthetic Devices SYN-1 ROOM1", "aeTitle": None, "path": "1.dcm", "door": "test",
    }  # fmt: skip


def test_a_dose_stands_beside_its_unit_and_kind(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    (image,) = admin.get(IMAGES).json()["items"]
    dose = (image["radiationDose"], image["radiationDoseUnit"], image["radiationDoseKind"])
    assert dose == (81.0, "mGy·cm²", "dose-area-product")
    assert (image["exposure"]["dapMgycm2"], image["exposure"]["kvp"]) == (81.0, 85.0)


def test_a_missing_dose_is_null_with_a_reason_and_never_zero(house: House, admin: TestClient) -> None:
    bring(house.world, a_lateral_ceph())
    (image,) = admin.get(IMAGES).json()["items"]
    assert (image["radiationDose"], image["radiationDoseUnit"]) == (None, None)
    assert image["exposure"]["dapMgycm2"] is None
    assert image["exposure"]["missing"]["dapMgycm2"] == "not in the header"
    assert image["pixelSpacing"]["mm"] == [0.1, 0.1]
    assert image["pixelSpacing"]["basis"] == "detector"


def test_a_volume_tells_its_problems_with_the_images(house: House, admin: TestClient) -> None:
    slices = a_cbct_series(6)
    bring(house.world, *slices[:2], *slices[3:])
    (image,) = admin.get(IMAGES).json()["items"]
    assert (image["instanceId"], image["volume"]["verdict"], image["volume"]["missing"]) == (
        None,
        "incomplete",
        1,
    )
    assert image["problems"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"status": "pending"}, 3),
        ({"status": "linked"}, 0),
        ({"category": "PANORAMIC"}, 1),
        ({"fileType": "XRAY"}, 3),
        ({"fileType": "PHOTOGRAPH"}, 0),
        ({"needsReview": "true"}, 1),
        ({"needsReview": "false"}, 2),
        ({"studyId": uid("study-2")}, 1),
        ({"studyId": "1.2.3"}, 0),
        ({"patientId": "nobody"}, 0),
    ],
)
def test_the_list_is_narrowed_by_its_filters(
    house: House, admin: TestClient, query: dict[str, str], found: int
) -> None:
    bring(house.world, a_panoramic(), a_lateral_ceph(study="study-2"), an_intra_oral())
    assert len(admin.get(IMAGES, params=query).json()["items"]) == found


@pytest.mark.parametrize(
    "query", [{"patientID": "1"}, {"limit": "0"}, {"limit": "201"}, {"cursor": "' OR 1"}]
)
def test_a_filter_that_does_not_exist_or_fit_is_refused(admin: TestClient, query: dict[str, str]) -> None:
    assert admin.get(IMAGES, params=query).status_code == 422


def test_the_list_is_read_page_by_page_newest_first(house: House, admin: TestClient) -> None:
    bring(house.world, *(a_panoramic(n) for n in range(5)))
    seen, cursor = [], None
    while True:
        page = admin.get(IMAGES, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [image["instanceId"] for image in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == [uid("panoramic", n) for n in reversed(range(5))]


def test_one_image_carries_its_header_and_its_instances(house: House, admin: TestClient) -> None:
    _, image_id = house.a_pending_item()
    image = admin.get(f"{IMAGES}/{image_id}").json()
    assert set(image) == NAMES | {"instances", "dicomData", "observations"}
    assert image["dicomData"]["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": "Beispiel^Anna"}]}
    assert [one["sopInstanceUid"] for one in image["instances"]] == [uid("panoramic", 1)]
    assert {one["quantity"] for one in image["observations"] if one["used"]} >= {"dap_mgycm2", "kvp"}


def test_tags_are_read_as_rows_or_as_dicom_json(house: House, admin: TestClient) -> None:
    _, image_id = house.a_pending_item()
    rows = admin.get(f"{IMAGES}/{image_id}/tags").json()["rows"]
    named = {row["keyword"]: row for row in rows}
    assert named["KVP"] == {
        "path": "(0018,0060)", "tag": "(0018,0060)", "keyword": "KVP", "name": "KVP", "vr": "DS",
        "value": "85", "private": False, "depth": 0,
    }  # fmt: skip
    answer = admin.get(f"{IMAGES}/{image_id}/tags", params={"form": "dicom"})
    assert answer.headers["Content-Type"] == "application/dicom+json"
    assert answer.json()["00180060"] == {"vr": "DS", "Value": [85]}


def test_an_instance_of_a_volume_is_named_by_its_uid(house: House, admin: TestClient) -> None:
    image_id = bring(house.world, *a_cbct_series(3))[0].image_id
    params = {"instance": uid("study-cbct", "slice", 2)}
    rows = admin.get(f"{IMAGES}/{image_id}/tags", params=params).json()["rows"]
    assert next(row["value"] for row in rows if row["keyword"] == "InstanceNumber") == "2"
    assert admin.get(f"{IMAGES}/{image_id}/tags", params={"instance": "1.2.3"}).status_code == 404


def test_a_file_comes_back_as_it_came_and_as_nothing_that_a_browser_opens(
    house: House, admin: TestClient
) -> None:
    content = file_bytes(a_panoramic(PatientName='Beispiel^A";filename=evil.html'))
    image_id = bring(house.world, content)[0].image_id
    answer = admin.get(f"{IMAGES}/{image_id}/file")
    assert answer.content == content
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Content-Type"] == "application/dicom"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    name = answer.headers["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('.dcm"')
    assert len(name) == 16
    assert set(name) <= set("0123456789abcdef")


def test_an_executable_preamble_does_not_come_back(house: House, admin: TestClient) -> None:
    image_id = bring(house.world, file_bytes(a_panoramic(), preamble=b"MZ" + bytes(126)))[0].image_id
    assert admin.get(f"{IMAGES}/{image_id}/file").content[:132] == bytes(128) + b"DICM"


def test_a_lost_file_is_told_in_words(house: House, admin: TestClient) -> None:
    _, image_id = house.a_pending_item()
    for path in (house.world.archive.path(house.world.clinic_id, "x").parents[1]).glob("*/*.dcm"):
        path.unlink()
    answer = admin.get(f"{IMAGES}/{image_id}/file")
    assert answer.status_code == 404
    assert "backup" in answer.json()["detail"]


def test_a_person_corrects_what_an_image_shows(house: House, admin: TestClient) -> None:
    _, image_id = house.a_pending_item()
    answer = admin.post(f"{IMAGES}/{image_id}/category", json={"category": "TMJ"})
    assert (answer.status_code, answer.json()["category"], answer.json()["modality"]) == (200, "TMJ", "TMJ")
    assert answer.json()["correctedBy"]
    wrong = admin.post(f"{IMAGES}/{image_id}/category", json={"category": "SELFIE"})
    assert wrong.status_code == 422
    assert "PANORAMIC" in wrong.json()["detail"]


# What is sent, and what comes back: markup stays as it is, and control characters are written out.
HOSTILE = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>': '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "\x1b[31mred": "<1B>[31mred",
    "${7*7}{{7*7}}": "${7*7}{{7*7}}",
}


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_come_back_as_data(house: House, admin: TestClient, value: str) -> None:
    made = a_panoramic(SeriesDescription=value, PatientName=f"{value}^Anna")
    image_id = bring(house.world, made)[0].image_id
    answer = admin.get(f"{IMAGES}/{image_id}/tags")
    values = {row["keyword"]: row["value"] for row in answer.json()["rows"]}
    assert answer.headers["Content-Type"] == "application/json"
    assert (values["PatientName"], values["SeriesDescription"]) == (f"{HOSTILE[value]}^Anna", HOSTILE[value])
    assert admin.get("/api/imaging/pending").status_code == 200
    data = admin.get(f"{IMAGES}/{image_id}").json()["dicomData"]
    assert data["0008103E"]["Value"] == [HOSTILE[value]]


def test_what_no_text_can_be_still_makes_an_answer(house: House, admin: TestClient) -> None:
    content = file_bytes(a_panoramic(SpecificCharacterSet="ISO_IR 192", PatientName="Beispiel^Xnna"))
    image_id = bring(house.world, content.replace(b"^Xnna", b"^\xed\xa0\x80a"))[0].image_id
    assert image_id
    for path in (IMAGES, f"{IMAGES}/{image_id}", f"{IMAGES}/{image_id}/tags", "/api/imaging/pending"):
        assert admin.get(path).status_code == 200


def test_a_picture_of_an_image_for_lists(house: House, admin: TestClient) -> None:
    _, image = house.a_pending_item()
    answer = admin.get(f"{IMAGES}/{image}/picture", params={"size": 64})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert admin.get(f"{IMAGES}/{image}/picture", params={"size": 100_000}).status_code == 422


def test_the_history_of_an_image(house: House, admin: TestClient) -> None:
    _, image = house.a_pending_item()
    admin.post(f"{IMAGES}/{image}/category", json={"category": "TMJ"})
    (row,) = admin.get(f"{IMAGES}/{image}/decisions").json()["items"]
    assert (row["kind"], row["imageId"], row["detail"]["to"]) == ("category", image, "TMJ")
