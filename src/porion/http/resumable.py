"""Uploads that go on where they stopped: a large file comes in pieces, each at the place that is named."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from porion.clinic.permissions import Actor
from porion.http.uploads import told_in_words
from porion.services.errors import Conflict, Invalid, NotFound

MOST_OPEN = 20
"""Uploads that one person may have under way."""

STALE = 24 * 3600
"""Seconds after which an upload that nobody went on with is forgotten."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload under way: whose, under what name, and how large it is to become."""

    id: str
    clinic_id: str
    who: str
    name: str
    size: int


class Resumable:
    """Uploads under way, in a directory of ours; they end with the process that serves them."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def begin(self, actor: Actor, name: str, size: int) -> Begun:
        """Make room for a file; Invalid when it is too large, Conflict when too many are open."""
        if size > self._limit:
            raise Invalid(f"The file is larger than the {self._limit} bytes that may be sent here.")
        with told_in_words():
            self._folder.mkdir(exist_ok=True)
            self._forget_stale()
            mine = [one for one in self._all() if (one.clinic_id, one.who) == (actor.clinic_id, actor.name)]
            if len(mine) >= MOST_OPEN:
                raise Conflict(f"You have {MOST_OPEN} uploads under way: finish or end one of them first.")
            begun = Begun(secrets.token_hex(16), actor.clinic_id, actor.name, name, size)
            self._path(begun).touch()
            self._folder.joinpath(f"{begun.id}.json").write_text(json.dumps(asdict(begun)))
        return begun

    def find(self, actor: Actor, upload_id: str) -> Begun:
        """An upload of one's own, or NotFound."""
        found = self._read(self._folder / f"{upload_id}.json")
        if found is None or (found.clinic_id, found.who) != (actor.clinic_id, actor.name):
            raise NotFound("There is no such upload any more: begin it again.")
        return found

    def offset(self, begun: Begun) -> int:
        """How many bytes have come."""
        with told_in_words():
            return self._path(begun).stat().st_size

    def add(self, begun: Begun, offset: int, piece: bytes) -> int:
        """Add a piece at the end; answers the new end. Conflict when it belongs elsewhere."""
        held = self.offset(begun)
        if offset != held:
            raise Conflict(f"The upload stands at {held}, not at {offset}: go on from there.")
        if held + len(piece) > begun.size:
            raise Invalid(f"The upload was to have {begun.size} bytes: this is more.")
        with told_in_words(), self._path(begun).open("ab") as file:
            file.write(piece)
        return held + len(piece)

    @contextmanager
    def whole(self, begun: Begun, digest: str | None) -> Iterator[Path]:
        """The complete file, gone after the block; Conflict when bytes are missing or are not those sent."""
        held, path = self.offset(begun), self._path(begun)
        if held != begun.size:
            raise Conflict(f"Only {held} of {begun.size} bytes have come: send the rest first.")
        try:
            with told_in_words():
                if digest is not None and _digest(path) != digest.lower():
                    raise Conflict("What came is not what was sent (the digests differ): send it again.")
            yield path
        finally:
            self.end(begun)

    def end(self, begun: Begun) -> None:
        """Forget an upload."""
        self._path(begun).unlink(missing_ok=True)
        self._folder.joinpath(f"{begun.id}.json").unlink(missing_ok=True)

    def _path(self, begun: Begun) -> Path:
        return self._folder / f"{begun.id}.part"

    def _all(self) -> Iterator[Begun]:
        for path in self._folder.glob("*.json"):
            found = self._read(path)
            if found is not None:
                yield found

    def _read(self, path: Path) -> Begun | None:
        try:
            return Begun(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _forget_stale(self) -> None:
        for begun in list(self._all()):
            path = self._path(begun)
            if not path.exists() or time.time() - path.stat().st_mtime > STALE:
                self.end(begun)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
