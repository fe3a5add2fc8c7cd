"""``porion retrieve``: studies of remote nodes, brought in by a job of a running Porion."""

from __future__ import annotations

from pathlib import Path

from tests.builders import a_cbct_series
from tests.cli.desk import Desk
from tests.cli.server import serving
from tests.dimse.fake_pacs import a_pacs
from tests.services.retrieving import Archive


def add_node(desk: Desk, port: int) -> None:
    where = f"127.0.0.1:{port}"
    desk.do("node", "add", "PACS", "--aet", "PACS", "--address", where, "--allow-loopback")


def test_a_study_is_retrieved_by_a_running_porion(tmp_path: Path) -> None:
    desk, archive = Desk(tmp_path), Archive(a_cbct_series(3))
    study = str(archive.images[0].StudyInstanceUID)
    with a_pacs(archive.scripts()) as pacs:
        add_node(desk, pacs.port)
        with serving(tmp_path):
            done = desk.do(
                "retrieve", "PACS", "--study", study, "--wait", "--seconds", "120", "--json"
            ).document
            assert (done["state"], done["result"]["held"], done["result"]["way"]) == ("done", 3, "get")
            gone = desk.run("retrieve", "PACS", "--study", "1.2.3", "--wait", "--seconds", "120", "--json")
            assert gone.status == 1
            assert "holds no study" in gone.document["error"]
    (line,) = desk.do("pending", "list", "--json").lines
    assert line


def test_without_waiting_the_job_is_told(desk: Desk) -> None:
    add_node(desk, 1)
    job = desk.do("retrieve", "PACS", "--study", "1.2.3", "--json").document
    assert (job["state"], job["subject"]) == ("queued", "PACS: study 1.2.3")
    assert desk.run("retrieve", "PACS", "--study", "1.2.3", "--wait", "--seconds", "0").status == 6
    assert desk.run("retrieve", "PACS", "--study", "no UID").status == 2
