"""Which processes live, without a clock: a lock that the system lets go when its holder has gone."""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.errors import StorageFailed
from porion.services.job_ports import LeaseLost
from porion.store.database import open_engine
from porion.store.disk import told_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from porion.services.job_ports import Leases

_CLASS = zlib.crc32(b"porion jobs") - (1 << 31)
# Seconds, and how often: a machine that lost its power says no good-bye to the database.
_KEEPALIVES = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class FileLeases:
    """Leases of processes on one data directory: locked files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: list[int] = []

    def take(self, name: str) -> None:
        """Hold a lease until this process ends; StorageFailed when it cannot be had."""
        with told_in_words(f"{self._directory} cannot be used"):
            self._directory.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._held.append(file)

    def close(self) -> None:
        """Let go of what is held."""
        for file in self._held:
            os.close(file)
        self._held.clear()

    def must_be_held(self) -> None:
        """A locked file stays locked."""

    def has_ended(self, name: str) -> bool:
        """Whether nobody holds the lease of that name any more; its file goes with it."""
        try:
            file = os.open(self._path(name), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                self._path(name).unlink()
        except BlockingIOError:
            return False
        finally:
            os.close(file)
        return True

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.lease"


class PostgresLeases:
    """Leases of processes on one PostgreSQL database: session locks, each on a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._held: sa.Connection | None = None

    def take(self, name: str) -> None:
        """Hold a lease until this process ends; StorageFailed when it cannot be had."""
        try:
            self._held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            for setting in _KEEPALIVES:
                self._held.exec_driver_sql(f"SET {setting}")
            mine = self._held.scalar(_try(name))
        except sa.exc.DBAPIError as error:
            self.close()
            raise StorageFailed(f"The database gives no lease: {error.orig}.") from error
        if not mine:
            self.close()
            raise StorageFailed(f"Another process holds the lease {name}.")

    def close(self) -> None:
        """Let go of what is held."""
        if self._held is not None:
            self._held.invalidate()
            self._held.close()
            self._held = None
        self._engine.dispose()

    def must_be_held(self) -> None:
        """LeaseLost when the connection that holds the lease broke."""
        if self._held is None:
            return
        try:
            self._held.exec_driver_sql("SELECT 1")
        except sa.exc.DBAPIError as error:
            raise LeaseLost("The lease was lost: the database broke the connection off.") from error

    def has_ended(self, name: str) -> bool:
        """Whether nobody holds the lease of that name any more."""
        with self._engine.connect() as connection:
            # Within a transaction that ends at once: a lock that was free is free again.
            own = sa.func.pg_try_advisory_xact_lock(_CLASS, _number(name))
            ended = bool(connection.scalar(sa.select(own)))
            connection.rollback()
        return ended


def leases_for(database: str, directory: Path) -> Leases:
    """The leases that fit a database: of all machines on one PostgreSQL, else of this data directory."""
    return PostgresLeases(open_engine(database)) if database else FileLeases(directory)


def _try(name: str) -> sa.Select[tuple[bool]]:
    return sa.select(sa.func.pg_try_advisory_lock(_CLASS, _number(name)))


def _number(name: str) -> int:
    return zlib.crc32(name.encode()) - (1 << 31)
