"""A folder is listed in order, through no link, and without giving up at what cannot be read."""

from __future__ import annotations

import stat
from pathlib import Path

from porion.folder.tree import files_below, node_at, nodes_below


def test_nodes_come_depth_first_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/y", "b/x", "a", "c/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    names = [node.path.relative_to(tmp_path).as_posix() for node in nodes_below(tmp_path)]
    assert names == ["a", "b/x", "b/y", "c/d/e"]


def test_a_link_is_a_node_and_not_a_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    nodes = {node.path.name: node for node in nodes_below(tmp_path)}
    assert stat.S_ISLNK(nodes["loop"].mode)
    assert list(files_below(tmp_path)) == ["file"]


def test_what_cannot_be_listed_or_looked_at_is_a_node_with_its_error(tmp_path: Path) -> None:
    (node,) = nodes_below(tmp_path / "missing")
    assert "No such file" in node.error
    assert "No such file" in node_at(tmp_path / "missing").error
