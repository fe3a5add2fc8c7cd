"""Looking through files and folders for images: everything found has an outcome, nothing is found twice."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from porion.folder.archive_zip import members
from porion.folder.caps import DEFAULT_CAPS, Caps
from porion.folder.files import open_regular, special_kind
from porion.folder.kinds import HEAD_SIZE, Kind, looks_like
from porion.folder.labels import shown, shown_error
from porion.folder.media import read_media
from porion.folder.tree import Node, files_below, node_at, nodes_below
from porion.services.incoming import Found, Incoming, Refused, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def find(paths: Iterable[Path], *, caps: Caps = DEFAULT_CAPS, scratch: Path) -> Iterator[Found]:
    """Everything in the given files and folders, folders in the order of their names.

    Lazy: a file is looked at when its turn comes. Links within a folder are not followed, pipes and
    devices not opened; a ZIP archive is looked into, told by its content. A DICOMDIR that is given by
    itself brings the files that it names. What cannot be read is Refused and the rest goes on.
    """
    looking = _Looking(caps, scratch)
    for path in paths:
        yield from looking.given(path)


def unpack(path: Path, label: str, *, caps: Caps = DEFAULT_CAPS, scratch: Path) -> Iterator[Found]:
    """One file, an upload say, that may be a ZIP archive; ``label`` is the name that the sender gave it.

    Nothing beside the file is looked at, for that may be another person's upload.
    """
    yield from _Looking(caps, scratch).file(path, shown(label))


class _Looking:
    """One run over the given paths, which remembers what it has seen."""

    def __init__(self, caps: Caps, scratch: Path) -> None:
        self._caps = caps
        self._scratch = scratch
        self._seen: set[Path] = set()

    def given(self, path: Path) -> Iterator[Found]:
        """What lies at a path that a person named; a link that is named is meant, and followed."""
        try:
            real = path.resolve(strict=True)
        except (OSError, ValueError, RuntimeError) as error:
            yield Refused(shown(str(path)), f"cannot be read ({shown_error(error)}): check the name")
            return
        if real.is_dir():
            yield from self._all(nodes_below(real), real, path)
        else:
            spelled = path.parent if path.name == real.name else real.parent
            yield from self._all(_with_its_media(real), real.parent, spelled)

    def _all(self, nodes: Iterable[Node], root: Path, spelled: Path) -> Iterator[Found]:
        """The outcomes of nodes below ``root``, labelled with the spelling that the person used for it."""
        for node in nodes:
            if node.path not in self._seen:
                self._seen.add(node.path)
                yield from self._node(node, shown(str(spelled / node.path.relative_to(root))), root)

    def _node(self, node: Node, label: str, root: Path) -> Iterator[Found]:
        special = special_kind(node.mode)
        if node.error:
            yield Refused(label, f"cannot be read ({node.error}): check who may read it")
        elif special:
            yield Skipped(label, f"not opened: {special}{_destination(node.path, root)}")
        else:
            yield from self.file(node.path, label, beside=True)

    def file(self, path: Path, label: str, *, beside: bool = False) -> Iterator[Found]:
        """What a file is or holds; ``beside`` says whether the files beside a DICOMDIR are its media."""
        try:
            with open_regular(path) as stream:
                size = os.fstat(stream.fileno()).st_size
                looks = looks_like(stream.read(HEAD_SIZE), label)
        except OSError as error:
            yield Refused(label, f"cannot be read ({shown_error(error)}): check who may read it")
            return
        if looks.kind is Kind.DICOM:
            yield Incoming(label, size, partial(open_regular, path))
        elif looks.kind is Kind.ZIP:
            yield from members(path, label, caps=self._caps, scratch=self._scratch)
        elif looks.kind is Kind.MEDIA_DIRECTORY:
            names = files_below(path.parent) if beside else ()
            yield read_media(partial(open_regular, path), names).report(label)
        else:
            yield Skipped(label, looks.reason)


def _with_its_media(path: Path) -> Iterator[Node]:
    """A file, and if it is a media directory the files that it names."""
    yield node_at(path)
    if _is_media_directory(path):
        media = read_media(partial(open_regular, path), files_below(path.parent))
        yield from (node_at(path.parent / name) for name in media.found)


def _is_media_directory(path: Path) -> bool:
    try:
        with open_regular(path) as stream:
            return looks_like(stream.read(HEAD_SIZE), path.name).kind is Kind.MEDIA_DIRECTORY
    except OSError:
        return False


def _destination(path: Path, root: Path) -> str:
    """For a link, where it leads; its target comes by itself when it lies in the same folder."""
    if not path.is_symlink():
        return ""
    inside = Path(os.path.realpath(path)).is_relative_to(root)
    return " within the folder, whose files come by themselves" if inside else " out of the folder"
