"""The way from the network into the spool: one association writes, sealed files are ready at once.

Its slots are empty files, made and flushed beforehand (:mod:`porion.store.slots`), so that an instance costs
one flush: bytes, seal, fsync. What has no seal was never acknowledged.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.file_meta import Seal, seal_place, write_seal
from porion.services.errors import StorageFailed
from porion.services.ports import Spooled
from porion.store.about import About
from porion.store.disk import told_in_words

if TYPE_CHECKING:
    from porion.services.records import Origin
    from porion.store.slots import SlotRoom
    from porion.store.spool import DirectorySpool

# A long object is flushed on its way, or its last flush would outlast the sender's patience.
_FLUSH_EVERY = 64 << 20


class DirectoryInlet:
    """See :class:`porion.services.ports.Inlet`."""

    def __init__(self, spool: DirectorySpool, clinic_id: str, origin: Origin) -> None:
        self._spool = spool
        self._about = About(clinic_id, origin, queue=True)
        self._room: SlotRoom | None = None

    def open(self, prefix: bytes) -> SlotIntake:
        """Begin an instance behind its sealable prefix; OutOfSpace or StorageFailed when nothing is taken."""
        self._spool.space.must_have_room()
        if self._room is None:
            self._room = self._spool.slots.enter(self._about)
        with told_in_words("The spool cannot take an instance"):
            return SlotIntake(self._room, self._spool, prefix)

    def close(self) -> None:
        """The association has ended: sealed instances stay in the queue."""
        if self._room is not None:
            self._spool.slots.leave(self._room)
            self._room = None


class SlotIntake:
    """See :class:`porion.services.ports.Intake`."""

    def __init__(self, room: SlotRoom, spool: DirectorySpool, prefix: bytes) -> None:
        self._room = room
        self._spool = spool
        self._path = room.take()
        self._sealing = False
        self._seal_at = seal_place(prefix)
        self._digest = hashlib.sha256()
        self._size = 0
        self._unflushed = 0
        self._file = self._opened()
        self._spool.checkpoint("inlet.opened")
        try:
            self._put(prefix)
        except OSError:
            self.abandon()
            raise

    def write(self, piece: memoryview) -> None:
        """A piece of the data set; OutOfSpace or StorageFailed when the disk refuses."""
        with told_in_words("The spool cannot take an instance"):
            self._put(piece)
            self._unflushed += len(piece)
            if self._unflushed > _FLUSH_EVERY:
                self._flush()
                self._unflushed = 0
        self._digest.update(piece)
        self._size += len(piece)

    def seal(self) -> Spooled:
        """Return when the instance would survive a power cut."""
        digest = self._digest.hexdigest()
        self._spool.checkpoint("inlet.written")
        with told_in_words("The spool cannot seal an instance"):
            self._sealing = True
            os.lseek(self._file, self._seal_at, os.SEEK_SET)
            self._put(write_seal(Seal(self._size, digest)))
            self._spool.checkpoint("inlet.sealed")
            self._flush()
            os.close(self._file)
        self._file = -1
        self._spool.space.taken(self._size)
        self._spool.checkpoint("inlet.flushed")
        self._spool.wake()
        about, path = self._room.about, self._path
        return Spooled(path.parent.name, int(path.stem), about.clinic_id, about.origin, digest)

    def abandon(self) -> None:
        """Forget what came: the sender heard no success."""
        if self._file < 0:
            return
        with suppress(OSError):
            if self._sealing:
                # The worker may have seen the seal and given the file its second name: that one stays whole.
                self._path.unlink()
            else:
                os.ftruncate(self._file, 0)
                self._room.give_back(self._path)
        with suppress(OSError):
            os.close(self._file)
        self._file = -1

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            # Somebody took away what was there: the next association finds a directory that is whole.
            self._room.spent = True
            raise

    def _put(self, piece: bytes | memoryview) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def _flush(self) -> None:
        try:
            os.fdatasync(self._file)
        except OSError as error:
            # The system may have dropped what it could not write: a second attempt that succeeds would lie.
            self._spool.space.break_down(f"a flush failed ({error.strerror})")
            raise StorageFailed(
                "The disk failed to keep what was written: nothing more is taken until Porion is restarted."
            ) from error
