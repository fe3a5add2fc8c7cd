"""``porion doctor`` names each of ten planted faults."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pynetdicom import AE, build_context

from porion.cli.identities import certificates_of
from porion.cli.settings import read_settings
from porion.store.certificates import CERTIFICATE_LIFE
from tests.builders import a_panoramic
from tests.cli.desk import Desk, Said
from tests.cli.server import serving
from tests.cli.test_worker_part import spool_one
from tests.dimse.house import nobody_there

DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT = "1.2.840.10008.1.2.1"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A clinic whose devices are all set up wrongly, each in its own way."""
    desk = Desk(tmp_path_factory.mktemp("data"))
    for title in ("WRONGCALL", "BLOCKED", "DEFLATED", "AHEAD"):
        desk.do("device", "add", title, "--address", "127.0.0.1")
    desk.do("device", "add", "ELSEWHERE", "--address", "10.0.0.5")
    desk.do("device", "block", "BLOCKED")
    desk.do("certificates", "init")
    with serving(desk.data, "--dicom-tls", "127.0.0.1:0") as server:
        ready = server.told("ready") or {}
        port = int(ready["dicom"].rpartition(":")[2])
        for title in ("STRANGER", "BLOCKED", "ELSEWHERE"):
            associate(port, title)
        associate(port, "WRONGCALL", called="porion")
        associate(port, "DEFLATED", syntaxes=[DEFLATED])
        ahead = datetime.now().astimezone() + timedelta(hours=3)
        shot = a_panoramic(AcquisitionDate=f"{ahead:%Y%m%d}", AcquisitionTime=f"{ahead:%H%M%S}")
        associate(port, "AHEAD", send=shot)
        with socket.create_connection(("127.0.0.1", int(ready["dicomTls"].rpartition(":")[2]))) as plain:
            plain.sendall(b"\x01\x00\x00\x00\x00\xcc\x00\x01" + bytes(60))
            with suppress(ConnectionError):
                plain.recv(100)
        yield desk, ready["dicom"]


def associate(
    port: int,
    calling: str,
    *,
    called: str = "PORION",
    syntaxes: list[str] | None = None,
    send: Dataset | None = None,
) -> None:
    entity = AE(ae_title=calling)
    wanted = "1.2.840.10008.5.1.4.1.1.1.1"
    contexts = [build_context(wanted, syntaxes or [EXPLICIT])]
    held = entity.associate("127.0.0.1", port, contexts=contexts, ae_title=called)
    if held.is_established:
        if send is not None:
            send.file_meta = FileMetaDataset()
            send.file_meta.TransferSyntaxUID = EXPLICIT
            assert held.send_c_store(send).Status == 0
        held.release()


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("STRANGER", "is not approved yet"),
        ("WRONGCALL", "capital and small letters differ"),
        ("BLOCKED", "It is blocked"),
        ("ELSEWHERE", "is approved for 10.0.0.5/32, but this came from 127.0.0.1"),
        ("ELSEWHERE", "Porion listens on this machine only"),
        ("DEFLATED", "Nothing that it proposed was accepted"),
        ("AHEAD", "Its clock is ahead by"),
        ("network", "plain DICOM"),
    ],
)
def test_what_is_wrong_with_a_device_is_named(address: tuple[Desk, str], about: str, sentence: str) -> None:
    desk, dicom = address
    found = until_told(desk, about, sentence, "--dicom", dicom)
    assert found.status == 1
    assert any(one["about"] == about and sentence in one["sentence"] for one in found.lines), found.out


def until_told(desk: Desk, about: str, sentence: str, *words: str) -> Said:
    """What the doctor says, as soon as that is in it: images are indexed, and visits noted, in a moment."""
    for _ in range(100):
        found = desk.run("doctor", *words, "--json")
        if any(one["about"] == about and sentence in one["sentence"] for one in found.lines):
            break
    return found


def test_one_device_alone(address: tuple[Desk, str]) -> None:
    desk, _ = address
    until_told(desk, "DEFLATED", "Nothing that it proposed was accepted", "DEFLATED")
    found = desk.run("doctor", "DEFLATED")
    assert found.status == 1
    assert "deflated transfer syntaxes are never taken" in " ".join(found.out.split())


def sentences(desk: Desk, *words: str) -> list[str]:
    return [one["sentence"] for one in desk.run("doctor", *words, "--json").lines]


def test_what_is_wrong_with_porion_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.do("device", "list")
    spool_one(desk.data)
    (waiting,) = (desk.data / "spool").glob("*/*.dcm")
    os.utime(waiting, (0, 0))
    certificates_of(read_settings(desk.data)).make_server(["x"], datetime.now(UTC) - CERTIFICATE_LIFE)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage())
    with nobody_there() as port:
        dicom = f"127.0.0.1:{port}"
        found = " ".join(sentences(desk, "--dicom", dicom))
    assert f"Nobody takes DICOM at {dicom}" in found
    assert "to be indexed" in found
    assert "The certificate of Porion has expired" in found
    assert "Only 1 MiB" in found


class Usage:
    free, total = 1 << 20, 1 << 40


def test_a_remote_node_is_knocked_at(desk: Desk) -> None:
    entity = AE(ae_title="PACS")
    entity.add_supported_context("1.2.840.10008.1.1")
    entity.require_called_aet = True
    server = entity.start_server(("127.0.0.1", 0), block=False)
    node = f"127.0.0.1:{server.server_address[1]}"
    assert sentences(desk, "--echo", node, "--aet", "PACS") == ["It answers an echo."]
    assert "does not know the called AE title 'OTHER'" in sentences(desk, "--echo", node, "--aet", "OTHER")[0]
    server.shutdown()
    with nobody_there() as gone:
        assert "Nobody listens" in sentences(desk, "--echo", f"127.0.0.1:{gone}")[0]
