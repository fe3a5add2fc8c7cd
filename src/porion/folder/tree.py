"""What lies below a folder, without following a link."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.folder.labels import shown_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Node:
    """Something at a path, with its mode bits; ``error`` says why it could not be looked at."""

    path: Path
    mode: int = 0
    error: str = ""


def node_at(path: Path) -> Node:
    """What lies at the path itself, be it a link."""
    try:
        return Node(path, os.lstat(path).st_mode)
    except OSError as error:
        return Node(path, error=shown_error(error))


def nodes_below(root: Path) -> Iterator[Node]:
    """Everything below a folder but the folders themselves, depth first, sorted by name.

    Without recursion, for a hostile disc may nest folders deeper than the interpreter's stack. A folder
    that cannot be listed is a node with its error.
    """
    listings = [_listing(root)]
    while listings:
        node = next(listings[-1], None)
        if node is None:
            listings.pop()
        elif stat.S_ISDIR(node.mode):
            listings.append(_listing(node.path))
        else:
            yield node


def files_below(root: Path) -> Iterator[str]:
    """The names of the regular files below a folder, relative to it, with ``/`` between the parts."""
    for node in nodes_below(root):
        if stat.S_ISREG(node.mode):
            yield node.path.relative_to(root).as_posix()


def _listing(folder: Path) -> Iterator[Node]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        return iter((Node(folder, error=shown_error(error)),))
    return map(node_at, paths)
