"""The way from the network into the spool: one association writes, sealed files are ready at once.

A batch is a directory that its association holds. Its slots are made empty and flushed beforehand, so
that an instance costs one flush: bytes, seal, fsync. What has no seal was never acknowledged.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.file_meta import Seal, seal_place, write_seal
from porion.services.errors import StorageFailed
from porion.services.ports import Spooled
from porion.store.about import ABOUT, About
from porion.store.disk import flush_directories, make_empty, told_in_words
from porion.store.rooms import make_room, remove_if_without

if TYPE_CHECKING:
    from pathlib import Path

    from porion.services.records import Origin
    from porion.store.spool import DirectorySpool

_FIRST_SLOTS, _MOST_SLOTS = 4, 64
# A long object is flushed on its way, or its last flush would outlast the sender's patience.
_FLUSH_EVERY = 64 << 20


class DirectoryInlet:
    """See :class:`porion.services.ports.Inlet`."""

    def __init__(self, spool: DirectorySpool, clinic_id: str, origin: Origin) -> None:
        self._spool = spool
        self._clinic_id = clinic_id
        self._origin = origin
        # Made with the first instance: an echo leaves nothing behind.
        self._batch: tuple[Path, int] | None = None
        self._free: list[int] = []
        self._slots = 0

    def open(self, prefix: bytes) -> SlotIntake:
        """Begin an instance behind its sealable prefix; OutOfSpace or StorageFailed when nothing is taken."""
        self._spool.space.must_have_room()
        with told_in_words("The spool cannot take an instance"):
            directory = self._with_slots()
            number = self._free.pop()
            return SlotIntake(self, self._spool, directory / f"{number:08d}.dcm", prefix)

    def spooled(self, path: Path, digest: str) -> Spooled:
        """A sealed instance."""
        return Spooled(path.parent.name, int(path.stem), self._clinic_id, self._origin, digest)

    def give_back(self, number: int) -> None:
        """A slot whose instance was not received."""
        self._free.append(number)

    def close(self) -> None:
        """The association has ended: empty slots go, sealed instances stay in the queue."""
        if self._batch is None:
            return
        directory, lock = self._batch
        for number in self._free:
            with suppress(OSError):
                (directory / f"{number:08d}.dcm").unlink(missing_ok=True)
        remove_if_without(directory, "*.dcm")
        os.close(lock)
        self._batch = None

    def _with_slots(self) -> Path:
        if self._batch is not None and self._free:
            return self._batch[0]
        more = min(max(_FIRST_SLOTS, self._slots), _MOST_SLOTS)
        numbers = range(self._slots + 1, self._slots + more + 1)
        names = [f"{number:08d}.dcm" for number in numbers]
        if self._batch is None:
            about = About(self._clinic_id, self._origin, queue=True)
            directory = self._spool.root / self._spool.new_id()
            lock = make_room(directory, {ABOUT: about.written()}, empty=names)
            self._batch = (directory, lock)
        else:
            directory, lock = self._batch
            make_empty(lock, names)
            flush_directories([directory])
        self._slots += more
        self._free = list(reversed(numbers))
        return directory


class SlotIntake:
    """See :class:`porion.services.ports.Intake`."""

    def __init__(self, inlet: DirectoryInlet, spool: DirectorySpool, path: Path, prefix: bytes) -> None:
        self._inlet = inlet
        self._spool = spool
        self._path = path
        self._sealing = False
        self._seal_at = seal_place(prefix)
        self._digest = hashlib.sha256()
        self._size = 0
        self._unflushed = 0
        self._file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
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
        return self._inlet.spooled(self._path, digest)

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
                self._inlet.give_back(int(self._path.stem))
        with suppress(OSError):
            os.close(self._file)
        self._file = -1

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
