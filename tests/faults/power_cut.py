"""The disks that a power cut could leave: only what was flushed is certain.

Strict POSIX, without the favours of any file system: a file's bytes are safe by an fsync of the file, a
name by an fsync of its directory. Everything else may be there, in any selection and order, and writes may
be torn. Renames within a directory happen or do not, as file systems with a journal promise.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.recorder import Kind, Record

# Drives promise to write a sector whole, and many a page.
SECTORS = (512, 4096)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A pending write; ``data`` None with ``size`` is a new length."""

    offset: int
    data: bytes | None = None
    size: int = 0
    only_grows: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """A pending change of a directory: names that go and names that come, together or not at all."""

    gone: tuple[str, ...] = ()
    came: tuple[tuple[str, Node], ...] = ()


@dataclass(eq=False)
class Node:
    """A file or directory: what is certain, and what has happened since, oldest first."""

    is_directory: bool
    content: bytearray = field(default_factory=bytearray)
    names: dict[str, Node] = field(default_factory=dict)
    pending: list[Bytes | Names] = field(default_factory=list)
    flushed: int = 0

    def flush(self, until: int) -> None:
        """What had happened by ``until``, counted from the beginning, is certain now."""
        count = until - self.flushed
        if count > 0:
            for change in self.pending[:count]:
                apply(change, self.content, self.names)
            del self.pending[:count]
            self.flushed = until

    @property
    def changes(self) -> int:
        """How much has happened since the beginning."""
        return self.flushed + len(self.pending)


def apply(change: Bytes | Names, content: bytearray, names: dict[str, Node]) -> None:
    """Let a change happen to a content or to a directory's names."""
    if isinstance(change, Names):
        for name in change.gone:
            names.pop(name, None)
        names.update(change.came)
    elif change.data is None:
        if not change.only_grows:
            del content[change.size :]
        content.extend(bytes(max(0, change.size - len(content))))
    else:
        content.extend(bytes(max(0, change.offset - len(content))))
        content[change.offset : change.offset + len(change.data)] = change.data


Choice = Callable[[Node], Iterable[Bytes | Names]]
"""Which of a node's pending changes reached the disk."""


def nothing(_node: Node) -> Iterable[Bytes | Names]:
    """All that was not flushed is gone."""
    return ()


def everything(node: Node) -> Iterable[Bytes | Names]:
    """As if the power had stayed."""
    return node.pending


def only_names(node: Node) -> Iterable[Bytes | Names]:
    """Names are there and bytes are not: files of zeros."""
    for change in node.pending:
        if isinstance(change, Names):
            yield change
        elif change.data is not None:
            yield Bytes(0, size=change.offset + len(change.data), only_grows=True)


def only_bytes(node: Node) -> Iterable[Bytes | Names]:
    """Bytes are there and names are not."""
    return (change for change in node.pending if isinstance(change, Bytes))


def only_removals(node: Node) -> Iterable[Bytes | Names]:
    """What was taken away is gone, and what was to replace it is not there."""
    return (change for change in node.pending if isinstance(change, Names) and not change.came)


def by_chance(seed: object) -> Choice:
    """Any selection, with torn writes; the same seed makes the same disk."""
    dice = random.Random(str(seed))
    most = dice.random()

    def chosen(node: Node) -> Iterable[Bytes | Names]:
        for change in node.pending:
            if isinstance(change, Bytes) and change.data is not None:
                yield from _torn(change, dice, most)
            elif dice.random() < most:
                yield change

    return chosen


def _torn(write: Bytes, dice: random.Random, most: float) -> Iterator[Bytes]:
    data = write.data or b""
    sector = dice.choice(SECTORS)
    begin = 0
    while begin < len(data):
        end = min(len(data), begin + sector - (write.offset + begin) % sector)
        if dice.random() < most:
            yield Bytes(write.offset + begin, data[begin:end])
        begin = end


CHOICES: tuple[Choice, ...] = (nothing, only_names, only_bytes, only_removals, everything)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file or a directory (``names``) at rest, with its inode number."""

    number: int
    content: bytes = b""
    names: dict[str, Snapshot] | None = None


def snapshot(path: Path) -> Snapshot:
    """What lies there now, all of it certain."""
    number = path.stat().st_ino
    if path.is_dir():
        return Snapshot(number, names={one.name: snapshot(one) for one in path.iterdir()})
    return Snapshot(number, path.read_bytes())


class Disk:
    """A disk that follows a recording, which began with that snapshot.

    Flushes that match one of ``ignored`` (``fsync PATH``, ``fdatasync PATH``) are left out.
    """

    def __init__(self, begin: Snapshot, ignored: tuple[str, ...] = ()) -> None:
        self._nodes: dict[int, Node] = {}
        self._root = self._held(begin)
        self._ignored = ignored
        self._flushing: dict[tuple[int, int], tuple[Node, int]] = {}
        self.left_out = 0

    def _held(self, begin: Snapshot) -> Node:
        node = Node(is_directory=begin.names is not None, content=bytearray(begin.content))
        node.names = {name: self._held(one) for name, one in (begin.names or {}).items()}
        return self._nodes.setdefault(begin.number, node)

    def follow(self, record: Record) -> None:
        """Let an operation happen."""
        match record.kind:
            case Kind.CREATE | Kind.MAKE_DIRECTORY:
                made = Node(is_directory=record.kind is Kind.MAKE_DIRECTORY)
                self._nodes[record.node] = made
                self._change(record.directory, Names(came=((record.name, made),)))
            case Kind.WRITE:
                self._change(record.node, Bytes(record.offset, record.data))
            case Kind.TRUNCATE | Kind.EXTEND:
                grows = record.kind is Kind.EXTEND
                self._change(record.node, Bytes(0, size=record.length, only_grows=grows))
            case Kind.RENAME | Kind.LINK:
                self._name(record)
            case Kind.REMOVE:
                self._change(record.directory, Names(gone=(record.name,)))
            case Kind.SYNC_BEGIN | Kind.SYNC_END:
                self._sync(record)
            case Kind.UNRECORDABLE:
                raise AssertionError(f"{record.name} is written through memory, which nobody can record")
            case _:
                pass

    def _change(self, number: int, change: Bytes | Names) -> None:
        self._nodes[number].pending.append(change)

    def _name(self, record: Record) -> None:
        node = self._nodes.get(record.node)
        if node is None:  # A FIFO or a socket: nothing that a disk keeps.
            return
        gone = (record.name,) if record.kind is Kind.RENAME else ()
        came = ((record.other_name, node),)
        if record.directory == record.other_directory:
            self._change(record.directory, Names(gone, came))
            return
        self._change(record.other_directory, Names(came=came))
        if gone:
            self._change(record.directory, Names(gone))

    def _sync(self, record: Record) -> None:
        call = f"{record.other_name} {record.name}"
        if any(re.fullmatch(pattern, call) for pattern in self._ignored):
            self.left_out += record.kind is Kind.SYNC_END
            return
        key = (record.process, record.length)
        if record.kind is Kind.SYNC_BEGIN:
            node = self._nodes[record.node]
            self._flushing[key] = (node, node.changes)
        else:
            node, until = self._flushing.pop(key)
            node.flush(until)

    def write(self, choice: Choice, target: Path) -> None:
        """Make the disk that a power cut now would leave, if what ``choice`` says had reached it."""
        target.mkdir(parents=True)
        places: dict[Node, Path] = {}
        self._write(self._root, choice, target, places)

    def _write(self, directory: Node, choice: Choice, target: Path, places: dict[Node, Path]) -> None:
        names = dict(directory.names)
        for change in choice(directory):
            apply(change, bytearray(), names)
        for name, node in sorted(names.items()):
            path = target / name
            if node in places and not node.is_directory:
                path.hardlink_to(places[node])
            elif node not in places:
                places[node] = path
                if node.is_directory:
                    path.mkdir()
                    self._write(node, choice, path, places)
                else:
                    path.write_bytes(_content(node, choice))


def _content(node: Node, choice: Choice) -> bytes:
    content = bytearray(node.content)
    for change in choice(node):
        apply(change, content, {})
    return bytes(content)
