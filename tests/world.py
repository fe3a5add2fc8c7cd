"""A whole Porion for tests: real store, spool and archive in a temporary directory, a clock that obeys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from pydicom.dataset import Dataset

from porion.cli.compose import Identifiers, Reader
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model import Model
from porion.clinic.permissions import Actor, operator
from porion.dicom.pixel_form import NoPixels
from porion.pixels.darkroom import Darkroom
from porion.pixels.tasks import perform
from porion.services.accounts import the_clinic
from porion.services.errors import Unshowable
from porion.services.import_files import import_found
from porion.services.incoming import Found, Incoming
from porion.services.ports import Porion
from porion.services.receive import Outcome
from porion.store.archive import DirectoryArchive
from porion.store.database import migrate, open_engine
from porion.store.derived import DerivedFiles
from porion.store.rooms import scratch_room
from porion.store.spool import DirectorySpool
from porion.store.store import SqlStore
from tests.builders import file_bytes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


class Clock:
    """A clock that goes on by a second each time somebody looks, and further on request."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def pass_by(self, span: timedelta) -> None:
        """Let time pass."""
        self._now += span


class PlainPasswords:
    """Passwords that cost nothing to check; ``looked_at`` are the hashes that were compared with."""

    def __init__(self) -> None:
        self.looked_at: list[str] = []

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, password: str, hashed: str) -> bool:
        self.looked_at.append(hashed)
        return hashed == f"plain:{password}"


@dataclass(frozen=True)
class World:
    """A Porion, its clinic, and an administrator (``actor``) who may do everything in it."""

    porion: Porion
    clinic_id: str
    actor: Actor
    data: Path
    archive: DirectoryArchive
    spool: DirectorySpool
    engine: sa.Engine
    clock: Clock
    passwords: PlainPasswords

    @property
    def admin(self) -> Actor:
        """The actor."""
        return self.actor

    def bring(self, *files: Dataset | bytes | Found) -> list[Outcome]:
        """See :func:`bring`."""
        return bring(self, *files)


def a_porion(
    tmp_path: Path,
    *,
    engine: sa.Engine | None = None,
    clock: Clock | None = None,
    checkpoint: Callable[[str], None] = lambda _step: None,
    limiter: Callable[[str], bool] = lambda _key: True,
    model: Model = DEFAULT_MODEL,
) -> World:
    """A Porion on a data directory, in SQLite unless an engine is given."""
    engine = engine or open_engine(f"sqlite:///{tmp_path / 'porion.sqlite'}")
    migrate(engine)
    clock, passwords, new_id = clock or Clock(), PlainPasswords(), Identifiers()
    spool = DirectorySpool(tmp_path / "spool", new_id, checkpoint)
    spool.root.mkdir(parents=True, exist_ok=True)
    (tmp_path / "scratch").mkdir(exist_ok=True)
    archive = DirectoryArchive(tmp_path / "archive", spool, checkpoint)
    secrets = itertools.count(1)
    porion = Porion(
        store=SqlStore(engine, checkpoint),
        spool=spool,
        archive=archive,
        passwords=passwords,
        now=clock,
        new_id=new_id,
        new_secret=lambda: f"secret-{next(secrets)}",
        checkpoint=checkpoint,
        limiter=limiter,
        examine=Reader(spool, workers=1),
        model=model,
        pixels=Darkroom(
            in_process, archive.path, partial(_scratch_file, tmp_path), DerivedFiles(tmp_path / "derived")
        ),
    )
    clinic_id = the_clinic(porion)
    actor = operator("tester", clinic_id)
    return World(porion, clinic_id, actor, tmp_path, archive, spool, engine, clock, passwords)


def in_process(task: str, arguments: dict[str, Any], seconds: float) -> Sequence[bytes]:
    """What a worker does, done here: for files that a test made and trusts."""
    try:
        return perform(task, arguments)
    except NoPixels as error:
        raise Unshowable(str(error)) from error


@contextmanager
def _scratch_file(data: Path) -> Iterator[Path]:
    with scratch_room(data / "scratch", "made") as room:
        yield room / "made"


def incoming(content: bytes, path: str = "image.dcm") -> Incoming:
    """Bytes as a door would find them."""

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield BytesIO(content)

    return Incoming(path, len(content), opened)


def bring(world: World, *files: Dataset | bytes | Found, actor: Actor | None = None) -> list[Outcome]:
    """Import data sets, bytes or whatever a door found, in this order; one outcome each."""
    found = [_found(file, f"{number}.dcm") for number, file in enumerate(files, 1)]
    return list(import_found(world.porion, actor or world.actor, "test", found))


def _found(file: Dataset | bytes | Found, path: str) -> Found:
    if isinstance(file, Dataset):
        return incoming(file_bytes(file), path)
    return incoming(file, path) if isinstance(file, bytes) else file


def another_clinic(world: World) -> World:
    """A second clinic of the same deployment, and its administrator."""
    clinic_id = world.porion.new_id()
    with world.porion.store.write("") as tx:
        tx.accounts.add_clinic(clinic_id, "Another clinic", world.clock())
    return replace(world, clinic_id=clinic_id, actor=operator("neighbour", clinic_id))
