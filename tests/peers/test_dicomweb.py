"""Other people's DICOMweb clients against us: dicomweb-client, and Orthanc with its plug-in."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import numpy as np
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from dicomweb_client.session_utils import create_session
from PIL import Image

from bench.orthanc import PATIENCE, await_port, free_port
from porion.services.images import count_states
from tests.builders import a_cbct_series, a_panoramic, file_bytes, uid
from tests.http.house import House, a_house
from tests.peers.web import Served, served
from tests.world import bring

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
PIXELS = np.arange(3 * 8 * 16, dtype=np.uint16).reshape(3, 8, 16)
PLACE = (uid("study-1"), uid("study-1", "series", 1), uid("panoramic", 1))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty clinic."""
    return a_house(tmp_path)


@pytest.fixture
def porion(house: House) -> Iterator[Served]:
    """Its door on the network."""
    with served(house) as door:
        yield door


@pytest.fixture
def client(porion: Served) -> DICOMwebClient:
    """dicomweb-client, signed in."""
    session = create_session()
    session.trust_env = False
    session.headers.update(porion.headers)
    return DICOMwebClient(f"{porion.url}/dicom-web", session=session)


def pending(house: House) -> int:
    """How many instances wait."""
    return count_states(house.world.porion, house.world.admin)["pending"]


def test_dicomweb_client_stores_and_finds(house: House, client: DICOMwebClient) -> None:
    made = [a_panoramic(), *a_cbct_series(4)]
    for one in made:
        one.file_meta = pydicom.dcmread(BytesIO(file_bytes(one))).file_meta
    told = client.store_instances(made)
    assert len(told.ReferencedSOPSequence) == 5
    assert pending(house) == 5
    found = client.search_for_studies(search_filters={"PatientName": "Beispiel*", "StudyDate": "20260302"})
    assert {study["0020000D"]["Value"][0] for study in found} == {uid("study-1"), uid("study-cbct")}
    assert len(client.search_for_series(uid("study-cbct"))) == 1
    assert len(client.search_for_instances(uid("study-cbct"), fields=["all"])) == 4
    assert len(client.search_for_instances(limit=2, offset=1)) == 2
    assert client.search_for_studies(fuzzymatching=True, search_filters={"PatientName": "nobody"}) == []


def test_dicomweb_client_retrieves_everything(house: House, porion: Served, client: DICOMwebClient) -> None:
    image = a_panoramic(NumberOfFrames=3, Rows=8, Columns=16, PixelData=PIXELS.tobytes())
    bring(house.world, image, *a_cbct_series(4))
    assert len(client.retrieve_study(uid("study-cbct"))) == 4
    (series,) = client.search_for_series(uid("study-cbct"))
    assert len(client.retrieve_series(uid("study-cbct"), series["0020000E"]["Value"][0])) == 4
    whole = client.retrieve_instance(*PLACE)
    assert (whole.PatientName, (whole.pixel_array == PIXELS).all()) == (image.PatientName, True)
    for syntax in ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "*"):
        other = client.retrieve_instance(*PLACE, media_types=(("application/dicom", syntax),))
        held = syntax.replace("*", "1.2.840.10008.1.2.1")
        assert other.file_meta.TransferSyntaxUID == held
    metadata = client.retrieve_instance_metadata(*PLACE)
    assert metadata["00100010"]["Value"] == [{"Alphabetic": "Beispiel^Anna"}]
    assert len(client.retrieve_study_metadata(uid("study-cbct"))) == 4
    frames = client.retrieve_instance_frames(*PLACE, frame_numbers=[3, 1])
    assert [np.frombuffer(frame, np.uint16).tolist() for frame in frames] == [
        PIXELS[2].ravel().tolist(),
        PIXELS[0].ravel().tolist(),
    ]
    # This client leaves the port out of its Host header, and reads addresses without it then.
    address = urlsplit(metadata["7FE00010"]["BulkDataURI"]).path
    (bulk,) = client.retrieve_bulkdata(f"{porion.url}{address}")
    assert bulk == PIXELS.tobytes()
    drawn = client.retrieve_instance_rendered(*PLACE, media_types=("image/png",))
    assert Image.open(BytesIO(drawn)).size == (16, 8)


@pytest.fixture
def orthanc(porion: Served, tmp_path: Path) -> Iterator[httpx2.Client]:
    """An Orthanc that knows us as a DICOMweb server, called over its REST interface."""
    if not PLUGIN.exists():
        pytest.skip("the peer orthanc-dicomweb is not installed")
    port, data = free_port(), tmp_path / "orthanc"
    data.mkdir()
    server = {"Url": f"{porion.url}/dicom-web/", "HttpHeaders": porion.headers}
    settings: dict[str, Any] = {
        "StorageDirectory": str(data),
        "IndexDirectory": str(data),
        "HttpPort": port,
        "DicomPort": free_port(),
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "Plugins": [str(PLUGIN)],
        "DicomWeb": {"Enable": True, "Servers": {"porion": server}},
    }
    (data / "orthanc.json").write_text(json.dumps(settings))
    command = [shutil.which("Orthanc") or "/usr/sbin/Orthanc", str(data / "orthanc.json")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False) as http:
            yield http
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.mark.peer("Orthanc")
def test_orthanc_s_plug_in_stores_with_us(house: House, orthanc: httpx2.Client) -> None:
    made = [a_panoramic(), *a_cbct_series(4)]
    ids = [orthanc.post("/instances", content=file_bytes(one)).json()["ID"] for one in made]
    told = orthanc.post("/dicom-web/servers/porion/stow", json={"Resources": ids, "Synchronous": True})
    assert told.status_code == 200, told.text
    assert pending(house) == 5


@pytest.mark.peer("Orthanc")
def test_orthanc_s_plug_in_searches_and_retrieves_from_us(house: House, orthanc: httpx2.Client) -> None:
    bring(house.world, a_panoramic(), *a_cbct_series(4))
    asked = {"Uri": "/studies", "Arguments": {"PatientName": "Beispiel*", "ModalitiesInStudy": "CT"}}
    (study,) = orthanc.post("/dicom-web/servers/porion/qido", json=asked).json()
    assert study["0020000D"]["Value"] == uid("study-cbct")
    wanted = {"Resources": [{"Study": uid("study-cbct")}], "Synchronous": True}
    told = orthanc.post("/dicom-web/servers/porion/retrieve", json=wanted)
    assert told.status_code == 200, told.text
    held = [
        orthanc.get(f"/instances/{one}/simplified-tags").json() for one in orthanc.get("/instances").json()
    ]
    assert {one["SOPInstanceUID"] for one in held} == {one.SOPInstanceUID for one in a_cbct_series(4)}
