"""The cautious ZIP reader: no member's name ever becomes a path, and no number in a header is believed.

The standard library reads the structure; each member that may be DICOM is unpacked, counted and checked
into one file of our own name in the scratch directory, handed on, and removed.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import ExitStack
from functools import partial
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from porion.folder.caps import DEFAULT_CAPS, MIB, Budget, CapPassedError, Caps
from porion.folder.files import open_regular
from porion.folder.kinds import HEAD_SIZE, Kind, Looks, looks_like
from porion.folder.labels import shown, shown_error
from porion.folder.media import read_media
from porion.folder.zip_members import Member, members_of
from porion.services.incoming import Found, Incoming, Refused, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the standard library raises on damaged or forged archives.
_DAMAGE = (BadZipFile, RuntimeError, ValueError, OverflowError, EOFError, OSError, struct.error, zlib.error)
_DIRECTORY_ENTRY = 512  # generous for one file: APPNOTE 4.3.12 has 46 bytes, then name and extra field
_NESTED = "an archive within the archive: unpack it and bring it by itself"


class _DiskError(Exception):
    """A disk refused while a member was unpacked, most likely because it is full."""


class _BoundedReader(BufferedReader):
    """The archive's bytes; zipfile reads the whole table of contents at once, which must not be gigabytes."""

    limit = MIB

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.limit if size is None or size < 0 else size
        if wanted > self.limit:
            raise BadZipFile("its table of contents is far longer than its files could need")
        return super().read(wanted)


def members(path: Path, label: str, *, caps: Caps = DEFAULT_CAPS, scratch: Path) -> Iterator[Found]:
    """What a ZIP archive holds, one member at a time, in the order of its table of contents.

    ``scratch`` is a directory of ours; it holds one unpacked member at a time and is left as it was.
    Never raises for what the archive is or holds: a member that is not taken is Skipped; when a cap is
    passed, one Refused ends the list, and what came before it stays good.
    """
    try:
        budget = Budget(caps.bytes_from(path.stat().st_size), caps.members)
    except OSError as error:
        yield Refused(label, f"cannot be read ({shown_error(error)})")
        return
    yield from _unpacked(path, label, caps.depth, scratch, budget)


def _unpacked(path: Path, label: str, depth: int, scratch: Path, budget: Budget) -> Iterator[Found]:
    with ExitStack() as held:
        try:
            stream = held.enter_context(_BoundedReader(open_regular(path).detach()))
            stream.limit = max(MIB, budget.most_files * _DIRECTORY_ENTRY)
            archive = ZipFile(stream)
        except _DAMAGE as error:
            yield Refused(
                label, f"a damaged archive ({shown_error(error)}): nothing was taken; ask for it again"
            )
            return
        try:
            room = held.enter_context(TemporaryDirectory(prefix="unpack-", dir=scratch))
        except OSError as error:
            yield Refused(label, f"there is nowhere to unpack it ({shown_error(error)}): nothing was taken")
            return
        yield from _Unpacking(archive, label, depth, Path(room), budget).found()


class _Unpacking:
    """One archive being gone through."""

    def __init__(self, archive: ZipFile, label: str, depth: int, room: Path, budget: Budget) -> None:
        self._archive = archive
        self._label = label
        self._depth = depth
        self._room = room
        self._budget = budget
        self._members = tuple(members_of(archive.infolist(), archive.start_dir))

    def found(self) -> Iterator[Found]:
        """Each member's outcome, until a cap is passed or the disk is full."""
        taken = 0
        for number, member in enumerate(self._members):
            try:
                self._budget.spend_file()
                for outcome in self._outcomes(member):
                    taken += isinstance(outcome, Incoming)
                    yield outcome
            except (CapPassedError, _DiskError) as stop:
                rest = f"{len(self._members) - number:,} of {len(self._members):,} files were not"
                advice = "if you trust the archive, unpack it and import the folder"
                yield Refused(self._label, f"{stop}: {taken:,} images were taken, {rest}; {advice}")
                return

    def _outcomes(self, member: Member) -> Iterator[Found]:
        label = f"{self._label}!{shown(member.name)}"
        if member.objection:
            yield Skipped(label, member.objection)
            return
        try:
            looks, size = self._unpack(member)
        except _DAMAGE as error:
            yield Skipped(label, f"damaged within the archive ({shown_error(error)}): ask for it again")
            return
        yield from self._handed_on(member, label, looks, size)

    def _unpack(self, member: Member) -> tuple[Looks, int]:
        """What the member is and its true size; it lies in the room unless it is of no use."""
        with self._archive.open(member.info) as packed:
            head = self._counted(packed, HEAD_SIZE)
            looks = looks_like(head, member.name)
            if looks.kind is Kind.ZIP and self._depth <= 1:
                looks = Looks(Kind.OTHER, _NESTED)
            if looks.kind is Kind.OTHER:
                return looks, 0
            size = self._copy(head, packed)
        if size != member.info.file_size:
            raise BadZipFile("its size is not the stated one")
        return looks, size

    def _counted(self, packed: IO[bytes], size: int) -> bytes:
        data = packed.read(size)
        self._budget.spend_bytes(len(data))
        return data

    def _copy(self, head: bytes, packed: IO[bytes]) -> int:
        """Unpack into a new file; reading to the end makes zipfile compare the checksum."""
        size = 0
        try:
            self._file.unlink(missing_ok=True)
            with self._file.open("xb") as unpacked:
                data = head
                while data:
                    size += unpacked.write(data)
                    data = self._counted(packed, MIB)
        except OSError as error:
            raise _DiskError(f"unpacking failed ({shown_error(error)})") from error
        return size

    @property
    def _file(self) -> Path:
        return self._room / "member"

    def _handed_on(self, member: Member, label: str, looks: Looks, size: int) -> Iterator[Found]:
        opened = partial(open_regular, self._file)
        if looks.kind is Kind.DICOM:
            yield Incoming(label, size, opened)
        elif looks.kind is Kind.MEDIA_DIRECTORY:
            yield read_media(opened, self._names_beside(member)).report(label)
        elif looks.kind is Kind.ZIP:
            yield from _unpacked(self._file, label, self._depth - 1, self._room, self._budget)
        else:
            yield Skipped(label, looks.reason)

    def _names_beside(self, member: Member) -> Iterator[str]:
        """The files that can be taken from the member's folder down, named from there."""
        root = member.name.rpartition("/")[0]
        prefix = f"{root}/" if root else ""
        for other in self._members:
            if not other.objection and other.name.startswith(prefix):
                yield other.name.removeprefix(prefix)
