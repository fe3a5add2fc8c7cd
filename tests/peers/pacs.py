"""PACS of the field that hold images: Orthanc, DCMTK's dcmqrscp, pynetdicom's qrscp; plain and behind TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pydicom.dataset import Dataset
from pynetdicom import AE

from bench.orthanc import PATIENCE, await_port, free_port, orthanc
from porion.dimse.tls import Identity
from tests.builders import file_bytes

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
TITLE = "PACS"


@dataclass(frozen=True)
class Pacs:
    """Where it takes DICOM, and its DICOMweb if it has one."""

    port: int
    web: str = ""


# A PACS with these images, that knows Porion at this port.
Opener = Callable[[Path, Sequence[Dataset], int], AbstractContextManager[Pacs]]


@contextmanager
def an_orthanc(folder: Path, images: Sequence[Dataset], porion: int) -> Iterator[Pacs]:
    """Orthanc, with its DICOMweb plug-in."""
    folder.mkdir(exist_ok=True)
    settings = {
        "DicomAet": TITLE,
        # In which its answers are written: letters that its own default lacks would be lost.
        "DefaultEncoding": "Utf8",
        "DicomCheckCalledAet": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomModalities": {"porion": ["PORION", "127.0.0.1", porion]},
        "Plugins": [str(PLUGIN)],
    }
    with orthanc(folder, **settings) as running:
        url = f"http://127.0.0.1:{running.http}"
        with httpx2.Client(base_url=url, timeout=60, trust_env=False) as client:
            for one in images:
                assert client.post("/instances", content=file_bytes(one)).status_code == 200
        yield Pacs(running.dicom, f"{url}/dicom-web")


@contextmanager
def a_dcmqrscp(folder: Path, images: Sequence[Dataset], porion: int) -> Iterator[Pacs]:
    """DCMTK's central test node."""
    (folder / "held").mkdir(parents=True, exist_ok=True)
    port = free_port()
    for number, one in enumerate(images):
        (folder / "held" / f"{number}.dcm").write_bytes(file_bytes(one))
    config = folder / "dcmqrscp.cfg"
    config.write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        f"HostTable BEGIN\nporion = (PORION, localhost, {porion})\nHostTable END\n"
        "VendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\n{TITLE} {folder / 'held'} RW (200, 1024mb) ANY\nAETable END\n"
    )
    paths = sorted(map(str, (folder / "held").glob("*.dcm")))
    subprocess.run(["dcmqridx", str(folder / "held"), *paths], check=True, capture_output=True)
    with _running(["dcmqrscp", "-c", str(config)], port):
        yield Pacs(port)


@contextmanager
def a_qrscp(folder: Path, images: Sequence[Dataset], porion: int) -> Iterator[Pacs]:
    """pynetdicom's sample."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    config = folder / "qrscp.ini"
    config.write_text(
        f"[DEFAULT]\nae_title: {TITLE}\nport: {port}\nmax_pdu: 16382\nacse_timeout: 30\ndimse_timeout: 30\n"
        f"network_timeout: 30\nbind_address: 127.0.0.1\ninstance_location: {folder / 'held'}\n"
        f"database_location: {folder / 'held.sqlite'}\nlog_identifier: False\n"
        f"[PORION]\naddress: 127.0.0.1\nport: {porion}\n"
    )
    with _running([sys.executable, "-W", "ignore", "-m", "pynetdicom", "qrscp", "-c", str(config)], port):
        _send(port, images)
        yield Pacs(port)


def _send(port: int, images: Sequence[Dataset]) -> None:
    entity = AE(ae_title="LOADER")
    for uid in {one.SOPClassUID for one in images}:
        entity.add_requested_context(uid, "1.2.840.10008.1.2.1")
    held = entity.associate("127.0.0.1", port, ae_title=TITLE)
    assert held.is_established
    for one in images:
        assert held.send_c_store(one).Status == 0
    held.release()


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


@contextmanager
def behind_tls(port: int, identity: Identity) -> Iterator[int]:
    """A port of TLS with mutual authentication in front of a plain one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(identity.certificate, identity.key)
    context.load_verify_locations(identity.authority)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()
        thread = threading.Thread(target=_accept, args=(listener, context, port, over), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(listener.getsockname()[:2], 1).close()
            thread.join(PATIENCE)


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int, over: threading.Event) -> None:
    while not over.is_set():
        plain, _ = listener.accept()
        if over.is_set():
            plain.close()
            return
        threading.Thread(target=_forward, args=(plain, context, port), daemon=True).start()


def _forward(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        context.wrap_socket(plain, server_side=True) as outer,
        socket.create_connection(("127.0.0.1", port)) as inner,
    ):
        back = threading.Thread(target=_pump, args=(inner, outer), daemon=True)
        back.start()
        _pump(outer, inner)
        back.join(PATIENCE)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
