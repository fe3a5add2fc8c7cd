"""The archive: data sets kept for good in files named by their digest.

A file gets its name only when its bytes are flushed, and a row names it only when its directory is:
a file without a row can be repaired, a row without its file is a loss.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from porion.services.errors import NotFound, StorageFailed
from porion.store.disk import flush_directories, mapped, told_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from porion.services.ports import Spooled
    from porion.store.spool import DirectorySpool


class DirectoryArchive:
    """See :class:`porion.services.ports.Archive`."""

    def __init__(
        self, root: Path, spool: DirectorySpool, checkpoint: Callable[[str], None] = lambda _step: None
    ) -> None:
        self._root = root
        self._spool = spool
        self._checkpoint = checkpoint
        self._touched: set[Path] = set()
        self._made: set[Path] = set()
        self._noting = threading.Lock()
        # Held while flushing: whoever finds nothing left to flush must wait for the one who took it.
        self._flushing = threading.Lock()

    def keep(self, entry: Spooled, digest: str, *, prefix: bytes | None, offset: int) -> None:
        """Keep an entry: a second name for the spool's file, or a copy behind a mended prefix."""
        target = self.path(entry.clinic_id, digest)
        with told_in_words(f"{entry.origin.label} cannot be archived"):
            if prefix is None:
                self._link(entry, target)
            else:
                self._rewrite(entry, target, prefix, offset)
        self._checkpoint("archive.kept")

    def quarantine(self, entry: Spooled, digest: str) -> None:
        """Keep the whole of an entry's bytes aside."""
        with told_in_words(f"{entry.origin.label} cannot be put into quarantine"):
            self._link(entry, self._named(entry.clinic_id, "quarantine", digest))
        self._checkpoint("archive.quarantined")

    def sync(self) -> None:
        """Return when everything kept so far would survive a power cut."""
        failing = told_in_words("The archive cannot be flushed to disk")
        with self._flushing, failing, self._spool.space.flushing():
            with self._noting:
                taken, self._touched = self._touched, set()
            try:
                # Together, because a journalling file system commits once for all that wait.
                self._spool.in_shares(flush_directories, sorted(taken))
            except OSError:
                with self._noting:
                    self._touched |= taken
                raise
        self._checkpoint("archive.synced")

    def open(self, clinic_id: str, digest: str) -> BinaryIO:
        """The archived file; NotFound when it is missing."""
        with _missed(digest):
            return self.path(clinic_id, digest).open("rb")

    @contextmanager
    def contents(self, clinic_id: str, digest: str) -> Iterator[memoryview]:
        """The archived file's bytes, read from disk as they are touched; NotFound when it is missing."""
        with _missed(digest), mapped(self.path(clinic_id, digest)) as view:
            yield view

    def has(self, clinic_id: str, digest: str) -> bool:
        """Whether the archive holds that digest."""
        return self.path(clinic_id, digest).exists()

    def path(self, clinic_id: str, digest: str) -> Path:
        """Where a digest's file lies."""
        return self._named(clinic_id, "images", digest)

    def names(self, clinic_id: str) -> Iterator[str]:
        """The digests of all files that are archived for a clinic."""
        for path in (self._root / clinic_id / "images").glob("??/*.dcm"):
            yield path.stem

    def _named(self, clinic_id: str, kind: str, digest: str) -> Path:
        return self._root.joinpath(clinic_id, kind, digest[:2], f"{digest}.dcm")

    def _link(self, entry: Spooled, target: Path) -> None:
        directory = self._prepared(target)
        try:
            os.link(self._spool.path(entry), target)
        except FileExistsError:
            pass
        except OSError:  # A file system without hard links: copy.
            self._rewrite(entry, target, b"", 0)
        self._touch(directory)

    def _rewrite(self, entry: Spooled, target: Path, prefix: bytes, offset: int) -> None:
        if target.exists():
            # Somebody may have renamed it a moment ago and not flushed yet.
            self._touch(target.parent)
            return
        directory = self._prepared(target)
        beside = target.with_suffix(f".{entry.batch}-{entry.number}.new")
        with suppress(FileNotFoundError):
            beside.unlink()
        with self._spool.path(entry).open("rb") as source, beside.open("xb") as file:
            source.seek(offset)
            file.write(prefix)
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(target)
        self._touch(directory)

    def _prepared(self, target: Path) -> Path:
        """The directory of a file to come, which is there now."""
        directory = target.parent
        with self._noting:
            if directory not in self._made:
                # Flushed even if it is there: whoever made it may have died before flushing it.
                directory.mkdir(parents=True, exist_ok=True)
                self._touched.update(target.parents[index] for index in (1, 2, 3))
                self._made.add(directory)
        return directory

    def _touch(self, directory: Path) -> None:
        with self._noting:
            self._touched.add(directory)


@contextmanager
def _missed(digest: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound(
            f"The archive has lost the file {digest[:12]}…: restore it from a backup, or import it again."
        ) from None
    except OSError as error:
        raise StorageFailed(f"The archive cannot read {digest[:12]}…: {error.strerror or error}.") from error
