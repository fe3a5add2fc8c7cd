"""Where everything is built: settings in, a Porion out."""

from __future__ import annotations

import getpass
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pwdlib import PasswordHash

from porion.cli.model_choice import chosen_model
from porion.cli.settings import Settings
from porion.cli.supervisor import follow_parent
from porion.clinic.permissions import Actor, operator
from porion.dicom.habits import Habits
from porion.pixels.crew import Crew
from porion.pixels.darkroom import Darkroom
from porion.services.accounts import the_clinic
from porion.services.arrival import Arrival, Unreadable
from porion.services.errors import WrongDataDirectory
from porion.services.examine import examine
from porion.services.ports import Porion, Spooled
from porion.services.search_upkeep import bring_search_up
from porion.store.archive import DirectoryArchive
from porion.store.database import migrate, open_engine
from porion.store.derived import DerivedFiles
from porion.store.disk import flush_directories, mapped, told_in_words
from porion.store.register_index import bring_up
from porion.store.rooms import scratch_room
from porion.store.space import Space
from porion.store.spool import DirectorySpool
from porion.store.store import SqlStore

ATTEMPTS_PER_MINUTE = 10
# Below this many files the pool's hand-over costs more than it saves.
_WORTH_A_POOL = 24
# Niceness of what decodes pixels that nobody waits for.
_BACKGROUND = 10


@contextmanager
def opened(settings: Settings, *, reads_many: bool = False, in_background: bool = False) -> Iterator[Porion]:
    """A Porion on its data directory, made on first use; WrongDataDirectory says why it can't be.

    A model file that cannot be used is Invalid, before anything is opened.

    ``reads_many`` starts processes that read files: for those who bring files in. ``in_background``:
    nobody waits for the pixels that this one asks for.
    """
    model = chosen_model(settings.model)
    data = _data_directory(settings)
    checkpoint = _crash_hook(settings.crash_at)
    new_id = Identifiers()
    space = Space(data / "spool", reserve=settings.reserve, quota=settings.spool_quota)
    spool = DirectorySpool(data / "spool", new_id, checkpoint, space)
    # Before the database is opened: a fork would share its files.
    reader = Reader(spool, settings.workers if reads_many else 1)
    try:
        engine = open_engine(settings.database or f"sqlite:///{data / 'porion.sqlite'}")
    except WrongDataDirectory:
        reader.close()
        raise
    archive = DirectoryArchive(data / "archive", spool, checkpoint)
    derived = DerivedFiles(data / "derived", settings.reserve)
    # Starts no process before somebody asks for pixels.
    crew = Crew(1, niceness=_BACKGROUND) if in_background else Crew(settings.workers)
    try:
        migrate(engine)
        bring_up(engine)
        porion = Porion(
            store=SqlStore(engine, checkpoint),
            spool=spool,
            archive=archive,
            passwords=Argon2(),
            now=lambda: datetime.now(UTC),
            new_id=new_id,
            new_secret=lambda: secrets.token_urlsafe(32),
            checkpoint=checkpoint,
            limiter=_limiter(),
            examine=reader,
            model=model,
            pixels=Darkroom(crew, archive.path, partial(_scratch_file, data), derived),
        )
        bring_search_up(porion)
        yield porion
    finally:
        spool.close()
        crew.close()
        reader.close()
        engine.dispose()


def scratch(settings: Settings) -> AbstractContextManager[Path]:
    """A directory of this run's own in the data directory, for files under way."""
    return scratch_room(settings.data / "scratch", secrets.token_hex(8))


@contextmanager
def _scratch_file(data: Path) -> Iterator[Path]:
    """A name for one file under way."""
    with scratch_room(data / "scratch", secrets.token_hex(8)) as room:
        yield room / "made"


@contextmanager
def at_the_desk(settings: Settings, *, reads_many: bool = False) -> Iterator[tuple[Porion, Actor]]:
    """A Porion, and the person at this machine's command line as the one who acts."""
    with opened(settings, reads_many=reads_many) as porion:
        yield porion, operator(f"cli:{getpass.getuser()}", the_clinic(porion))


def _data_directory(settings: Settings) -> Path:
    with told_in_words(f"The data directory {settings.data} cannot be used"):
        for name in ("spool", "archive", "scratch"):
            (settings.data / name).mkdir(parents=True, exist_ok=True)
        settings.data.chmod(0o700)
        # Each time: whoever made them may have died before flushing them.
        flush_directories([settings.data])
        for above in settings.data.parents:
            with suppress(PermissionError):
                flush_directories([above])
    if (settings.data / "spool").stat().st_dev != (settings.data / "archive").stat().st_dev:
        raise WrongDataDirectory("Spool and archive must lie on one file system.")
    return settings.data


class Identifiers:
    """Identifiers that rise with time: 48 bits of milliseconds, 16 of order, 64 of chance, in hexadecimal."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """A new identifier, above every one that this object gave before."""
        with self._lock:
            self._last = max(self._last + 1, int(self._clock() * 1000) << 16)
            return f"{self._last:016x}{secrets.token_hex(8)}"


class Argon2:
    """Passwords hashed with argon2id."""

    def __init__(self) -> None:
        self._hash = PasswordHash.recommended()

    def hash(self, password: str) -> str:
        """A salted argon2 hash."""
        return self._hash.hash(password)

    def verify(self, password: str, hashed: str) -> bool:
        """Whether the password is the hashed one."""
        return self._hash.verify(password, hashed)


def _limiter() -> Callable[[str], bool]:
    window = MovingWindowRateLimiter(MemoryStorage())
    rate = RateLimitItemPerMinute(ATTEMPTS_PER_MINUTE)
    return lambda key: window.hit(rate, key)


def _crash_hook(crash_at: str) -> Callable[[str], None]:
    """Nothing, unless a fault test names the step at which this process has to die, and the how-manieth."""
    if not crash_at:
        return lambda _step: None
    wanted, _, nth = crash_at.partition(":")
    left = [int(nth or 1)]

    def checkpoint(step: str) -> None:
        left[0] -= step == wanted
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


def _forked(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=_follow)


def _follow() -> None:
    """A worker ends with its parent, however that ends; the terminal's Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()


class Reader:
    """Reads spooled files, many of them in processes of their own when their digests are still to be taken.

    Where they were taken on the way in, a header is read in less time than another process is asked.
    The processes are forked at once, while this one has a single thread: later a fork could copy a
    lock that nobody will open.
    """

    def __init__(self, spool: DirectorySpool, workers: int) -> None:
        self._spool = spool
        self._pool = _forked(workers) if workers > 1 else None
        if self._pool is not None:
            self._pool.submit(int).result()

    def __call__(self, entries: Sequence[Spooled]) -> Callable[[], Sequence[Arrival | Unreadable]]:
        """Start to read; the answer waits for what each file says, in the order of the entries."""
        asked = [(self._spool.path(entry), entry.digest, entry.origin.habits) for entry in entries]
        try:
            if self._pool is not None and sum(digest is None for _, digest, _ in asked) >= _WORTH_A_POOL:
                return partial(self._collected, self._pool.map(_examine, asked, chunksize=16), asked)
        except BrokenProcessPool:
            self._pool = None
        return partial(_examine_all, asked)

    def _collected(
        self, found: Iterator[Arrival | Unreadable], asked: Sequence[_Asked]
    ) -> Sequence[Arrival | Unreadable]:
        try:
            return list(found)
        except BrokenProcessPool:
            # Somebody ended a process (the system does, when memory is short): this one reads on alone.
            self._pool = None
            return _examine_all(asked)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


_Asked = tuple[Path, str | None, Habits]


def _examine(asked: _Asked) -> Arrival | Unreadable:
    path, digest, habits = asked
    with told_in_words(f"{path.name} cannot be read from the spool"), mapped(path) as data:
        return examine(data, digest, habits)


def _examine_all(asked: Sequence[_Asked]) -> Sequence[Arrival | Unreadable]:
    return [_examine(one) for one in asked]
