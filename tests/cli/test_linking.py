"""``porion linking``: who may link without a person, and what they linked."""

from __future__ import annotations

from pathlib import Path

from tests.builders import a_panoramic, file_bytes
from tests.cli.desk import Desk


def test_a_source_is_allowed_and_forbidden(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pan.dcm").write_bytes(file_bytes(a_panoramic()))
    desk.do("import", tmp_path / "pan.dcm")
    (source,) = desk.do("linking", "sources", "--json").lines
    assert (source["images"], source["unattended"]) == (1, False)
    said = desk.do("linking", "allow", source["sourceKey"], "--one-in", "10").out
    assert "1 link in 10" in said
    assert "yes, 1 in 10" in desk.do("linking", "sources").out
    desk.do("linking", "forbid", source["sourceKey"])
    (source,) = desk.do("linking", "sources", "--json").lines
    assert not source["unattended"]
    assert desk.do("linking", "samples", "--json").lines == []
    assert "sample" in desk.do("linking", "samples").out


def test_what_nobody_knows_is_told(desk: Desk) -> None:
    said = desk.run("linking", "allow", "nobody|")
    assert said.status == 5
    assert "No image came" in said.err
    assert desk.run("linking", "judge", "f" * 32, "--right").status == 5
