"""A clinic's first day, with real processes: set up, bring in, decide, undo, crash, go on."""

from __future__ import annotations

import io
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, file_bytes
from tests.cli.server import calling, serving

ADMIN = {"email": "anna@clinic.example", "password": "correct horse battery"}
BROKEN = bytes(128) + b"DICM" + bytes(40)
SLICES = 5


def a_zip_of_slices() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, made in enumerate(a_cbct_series(SLICES, PatientName="Okafor^Daniel", PatientID="P-2")):
            archive.writestr(f"volume/{n}.dcm", file_bytes(made))
    return packed.getvalue()


def set_up(client: httpx2.Client, link: str) -> str:
    """Use the one-time link; answers an API token."""
    secret = httpx2.URL(link).params["token"]
    made = client.post("/api/setup", json={**ADMIN, "token": secret, "clinicName": "Harbour Street"})
    assert (made.status_code, made.json()["role"]) == (201, "admin")
    again = client.post("/api/setup", json={**ADMIN, "token": secret, "email": "eve@clinic.example"})
    assert again.status_code == 401
    assert client.post("/api/session", json=ADMIN).status_code == 201
    return str(client.post("/api/tokens", json={"name": "the script"}).json()["secret"])


def send(client: httpx2.Client, **files: bytes) -> Any:
    parts = [("files", (name.replace("_", "."), content)) for name, content in files.items()]
    answer = client.post("/api/imaging/dicom/import", files=parts)
    assert answer.status_code == 200, answer.text
    return answer.json()


def got(client: httpx2.Client, path: str, **query: str) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """An administrator's client of a clinic with patients, to which three devices and a mistake sent."""
    with serving(tmp_path_factory.mktemp("clinic")) as server:
        with calling(server) as nobody:
            token = set_up(nobody, str((server.told("setup") or {})["url"]))
        with calling(server, token) as client:
            send(
                client,
                pan_dcm=file_bytes(a_panoramic()),
                ceph_dcm=file_bytes(a_lateral_ceph(study="study-2", PatientName="Beispiel^Ann")),
                volume_zip=a_zip_of_slices(),
                broken_dcm=BROKEN,
            )
            for family, given, born in (
                ("Beispiel", "Anna", "2012-04-03"),
                ("Beispiel", "Lena", "2012-04-03"),
            ):
                body = {"family": family, "given": given, "birthDate": born, "sex": "F"}
                assert client.post("/api/patients", json=body).status_code == 201
            yield client
        assert server.end(signal.SIGTERM) == (0, "")


def the_item(client: httpx2.Client, category: str) -> Any:
    items = got(client, "/api/imaging/pending", status="all")["items"]
    return next(item for item in items if item["images"][0]["category"] == category)


def test_every_file_was_accounted_for(clinic: httpx2.Client) -> None:
    again = send(clinic, pan_dcm=file_bytes(a_panoramic()), volume_zip=a_zip_of_slices(), broken_dcm=BROKEN)
    assert again["summary"] == {"duplicate": 1 + SLICES, "quarantined": 1}
    assert all(outcome["reason"] for outcome in again["outcomes"])


def test_the_volume_is_one_image(clinic: httpx2.Client) -> None:
    (volume,) = got(clinic, "/api/imaging/images", category="CBCT")["items"]
    assert (volume["slices"], volume["fileType"], volume["status"]) == (SLICES, "XRAY", "pending")


def test_an_image_is_linked_seen_under_its_patient_and_waits_again_after_undo(clinic: httpx2.Client) -> None:
    item = the_item(clinic, "PANORAMIC")
    match = clinic.post("/api/imaging/dicom/match", json={"pendingId": item["id"]}).json()
    best = match["candidates"][0]
    assert (best["patient"]["given"], best["rank"]) == ("Anna", 1)
    assert best["explanation"]
    assert best["evidence"]

    decision = {
        "pendingId": item["id"],
        "patientId": best["patientId"],
        "snapshot": match["snapshot"],
        "verified": ["name", "birthDate"],
    }
    linked = clinic.post("/api/imaging/dicom/match", json=decision).json()
    assert linked["status"] == "linked"
    (image,) = got(clinic, "/api/imaging/images", patientId=best["patientId"])["items"]
    assert (image["category"], image["modality"], image["status"]) == ("PANORAMIC", "OPG", "linked")
    dose = (image["radiationDose"], image["radiationDoseUnit"], image["radiationDoseKind"])
    assert dose == (81, "mGy·cm²", "dose-area-product")
    (exposure,) = got(clinic, f"/api/patients/{best['patientId']}/exposures")["items"]
    assert (exposure["dapMgycm2"], exposure["kvp"], exposure["timeMs"]) == (81, 85, 6800)

    undone = clinic.post(f"/api/imaging/decisions/{linked['decisionId']}/undo")
    assert undone.status_code == 200
    assert the_item(clinic, "PANORAMIC")["status"] == "pending"
    assert got(clinic, "/api/imaging/images", patientId=best["patientId"])["items"] == []
    assert got(clinic, f"/api/patients/{best['patientId']}/exposures")["items"] == []


def test_the_trail_is_whole_and_names_everybody(clinic: httpx2.Client) -> None:
    assert got(clinic, "/api/audit/verify")["whole"] is True
    links = got(clinic, "/api/audit", limit="200")["items"]
    assert {"user added", "files received", "patient added"} <= {link["action"] for link in links}
    assert ADMIN["email"] in {link["actor"] for link in links}


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as server:
        with calling(server) as nobody:
            token = set_up(nobody, str((server.told("setup") or {})["url"]))
        with calling(server, token) as client:
            (kept,) = send(client, pan_dcm=file_bytes(a_panoramic()))["outcomes"]
        assert server.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with serving(tmp_path) as server, calling(server, token) as client:
        assert server.told("setup") is None
        image = got(client, f"/api/imaging/images/{kept['imageId']}")
        assert image["instanceId"] == kept["sopInstanceUid"]
        file = client.get(f"/api/imaging/images/{kept['imageId']}/file").content
        assert file == file_bytes(a_panoramic())
        assert got(client, "/api/audit/verify")["whole"] is True
