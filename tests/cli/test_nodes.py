"""``porion node``: PACS and worklist servers that Porion asks."""

from __future__ import annotations

from pathlib import Path

from tests.cli.desk import Desk
from tests.dimse.fake_pacs import a_pacs


def test_a_node_is_added_tried_out_changed_and_removed(desk: Desk, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret")
    with a_pacs() as pacs:
        where = f"127.0.0.1:{pacs.port}"
        refused = desk.run("node", "add", "PACS", "--aet", "ORTHANC", "--address", where)
        assert refused.status == 2
        assert "--allow-loopback" in refused.err
        added = desk.do(
            "node", "add", "PACS", "--aet", "ORTHANC", "--address", where, "--allow-loopback",
            "--token-file", str(token), "--json",
        ).document  # fmt: skip
        assert (added["aeTitle"], added["port"], added["hasToken"]) == ("ORTHANC", pacs.port, True)
        assert "token" not in added
        tried = desk.do("node", "test", "PACS", "--json").document
        assert tried["abilities"]["echo"] is None
        assert "echo" in desk.do("node", "test", "PACS").out
    assert desk.run("node", "test", "PACS").status == 1
    edited = desk.do("node", "edit", "PACS", "--use", "query", "--calling", "US", "--json").document
    assert (edited["uses"], edited["calling"]) == (["query"], "US")
    assert [line["name"] for line in desk.do("node", "list", "--json").lines] == ["PACS"]
    assert where in desk.do("node", "list").out
    desk.do("node", "remove", "PACS")
    assert desk.run("node", "remove", "PACS").status == 5


def test_a_node_may_have_dicomweb_alone(desk: Desk) -> None:
    said = desk.do("node", "add", "WEB", "--dicomweb", "https://192.168.1.5/dicom-web")
    assert "https://192.168.1.5/dicom-web" in said.out
