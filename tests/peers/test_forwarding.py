"""A running Porion sends on by itself what a rule names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread

from bench.orthanc import await_port, free_port
from tests.builders import a_panoramic, uid
from tests.cli.desk import Desk, a_file
from tests.cli.server import serving


@pytest.mark.peer("storescp")
@pytest.mark.peer("getscu")
def test_what_comes_is_sent_on_and_can_be_fetched(tmp_path: Path) -> None:
    desk, port, kept = Desk(tmp_path / "data"), free_port(), tmp_path / "kept"
    kept.mkdir()
    where = ("--aet", "PACS", "--address", f"127.0.0.1:{port}", "--allow-loopback")
    desk.do("node", "add", "Archive", *where)
    desk.do("forward", "add", "On", "--to", "Archive", "--unverified")
    desk.do("device", "add", "VIEWER", "--address", "127.0.0.1")
    desk.do("device", "allow", "VIEWER", "query", "retrieve", "pending")
    archive = subprocess.Popen(["storescp", "-od", kept, "-aet", "PACS", str(port)])
    try:
        await_port(port)
        with serving(desk.data) as server:
            desk.do("import", a_file(tmp_path, "pan.dcm", a_panoramic(1)))
            while [row["state"] for row in desk.do("forward", "status", "--json").lines] != ["sent"]:
                server.process.poll()
            dicom = int(str((server.told("ready") or {})["dicom"]).rpartition(":")[2])
            fetched = tmp_path / "fetched"
            fetched.mkdir()
            asked = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={uid('study-1')}")
            titles = ("-aet", "VIEWER", "-aec", "PORION")
            command = ["getscu", "-S", "-od", fetched, *titles, "127.0.0.1", str(dicom), *asked]
            assert subprocess.run(command, timeout=120, check=False).returncode == 0
            move = ["movescu", "-S", "-aem", "PACS", *titles, "127.0.0.1", str(dicom), *asked]
            assert subprocess.run(move, timeout=120, check=False).returncode == 0
    finally:
        archive.terminate()
        archive.wait(60)
    for folder in (kept, fetched):
        assert [dcmread(path).SOPInstanceUID for path in folder.iterdir()] == [uid("panoramic", 1)]
