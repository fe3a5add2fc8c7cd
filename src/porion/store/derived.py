"""What is made of archived instances to be quicker: copies and thumbnails, named by the instance's digest.

All of it can be deleted at any time: what is missing is made when it is asked for, and what the mark
of a clinic has not passed is made in the background.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from porion.store.disk import flush_file, told_in_words, write_durably
from porion.store.space import Space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from porion.services.pixel_ports import Held

_MARK = "mark"


class DerivedFiles:
    """See :class:`porion.services.pixel_ports.Derived`; ``reserve`` bytes stay free on the disk."""

    def __init__(self, root: Path, reserve: int = 0) -> None:
        self._root = root
        self._reserve = reserve

    def find(self, held: Held, kind: str) -> Path | None:
        """The file, if it is there."""
        path = self._path(held, kind)
        return path if path.exists() else None

    @contextmanager
    def making(self, held: Held, kind: str) -> Iterator[Path]:
        """A file to write, which gets its place when the block ends well.

        A power cut leaves it whole or away. What a process that died left half made lies under the same
        name, and is written over.
        """
        target = self._path(held, kind)
        beside = target.with_name(f".{target.name}")
        with told_in_words("A derived file cannot be kept"):
            target.parent.mkdir(parents=True, exist_ok=True)
            # What comes in needs its own reserve: copies stop well before.
            Space(self._root, reserve=2 * self._reserve).must_have_room()
            try:
                yield beside
                flush_file(beside)
                beside.rename(target)
            finally:
                beside.unlink(missing_ok=True)

    def forget(self, held: Held, kind: str) -> None:
        """Delete a file that is not what it should be."""
        self._path(held, kind).unlink(missing_ok=True)

    def mark(self, clinic_id: str) -> str:
        """The identifier of the instance up to which a clinic's files were made; empty for none."""
        try:
            return (self._root / clinic_id / _MARK).read_text(encoding="ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def set_mark(self, clinic_id: str, instance_id: str) -> None:
        """Go on behind that instance from now on, after a restart too."""
        with told_in_words("The mark of derived files cannot be written"):
            directory = self._root / clinic_id
            directory.mkdir(parents=True, exist_ok=True)
            write_durably(directory / _MARK, instance_id.encode("ascii"))

    def _path(self, held: Held, kind: str) -> Path:
        return self._root.joinpath(held.clinic_id, held.digest[:2], f"{held.digest}.{kind}")
