"""Transactions over the database: one clinic at a time, all or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.errors import OutOfSpace, StorageFailed
from porion.store.account_rows import AccountRows
from porion.store.audit_rows import AuditRows
from porion.store.commitment_rows import CommitmentRows
from porion.store.database import take_turn
from porion.store.device_rows import DeviceRows, NetworkRows
from porion.store.exposure_rows import ExposureRows
from porion.store.feed_rows import FeedRows
from porion.store.forward_rows import ForwardRows
from porion.store.imaging_rows import ImagingRows
from porion.store.inbox_rows import InboxRows
from porion.store.job_rows import JobRows
from porion.store.linking_rows import LinkingRows
from porion.store.node_rows import NodeRows
from porion.store.overview_rows import OverviewRows
from porion.store.patient_rows import PatientRows
from porion.store.performed_rows import PerformedRows
from porion.store.remote_rows import RemoteRows
from porion.store.search_rows import SearchRows
from porion.store.together import Together
from porion.store.worklist_rows import WorklistRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from porion.services.ports import Transaction


@dataclass(frozen=True, slots=True)
class SqlTransaction:
    """The row classes of one transaction in one clinic."""

    imaging: ImagingRows
    exposures: ExposureRows
    inbox: InboxRows
    patients: PatientRows
    accounts: AccountRows
    devices: DeviceRows
    networks: NetworkRows
    commitments: CommitmentRows
    linking: LinkingRows
    feeds: FeedRows
    worklist: WorklistRows
    performed: PerformedRows
    jobs: JobRows
    search: SearchRows
    forwards: ForwardRows
    nodes: NodeRows
    remote: RemoteRows
    audit: AuditRows
    overview: OverviewRows


def _transaction(connection: sa.Connection, clinic_id: str) -> SqlTransaction:
    return SqlTransaction(
        imaging=ImagingRows(connection, clinic_id),
        exposures=ExposureRows(connection, clinic_id),
        inbox=InboxRows(connection, clinic_id),
        patients=PatientRows(connection, clinic_id),
        accounts=AccountRows(connection),
        devices=DeviceRows(connection, clinic_id),
        networks=NetworkRows(connection),
        commitments=CommitmentRows(connection, clinic_id),
        linking=LinkingRows(connection, clinic_id),
        feeds=FeedRows(connection, clinic_id),
        worklist=WorklistRows(connection, clinic_id),
        performed=PerformedRows(connection, clinic_id),
        jobs=JobRows(connection, clinic_id),
        search=SearchRows(connection, clinic_id),
        forwards=ForwardRows(connection, clinic_id),
        nodes=NodeRows(connection, clinic_id),
        remote=RemoteRows(connection, clinic_id),
        audit=AuditRows(connection, clinic_id),
        overview=OverviewRows(connection, clinic_id),
    )


class SqlStore:
    """See :class:`porion.services.ports.Store`."""

    def __init__(self, engine: sa.Engine, checkpoint: Callable[[str], None] = lambda _step: None) -> None:
        # SQLite reads a snapshot anyway; PostgreSQL would answer each statement from another moment.
        snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._read = engine.execution_options(**snapshot)
        self._write = engine.execution_options(porion_writes=True)
        self._checkpoint = checkpoint
        self._together = Together(self.write)

    def together(
        self,
        clinic_id: str,
        said: Any,
        write: Callable[[Transaction, Sequence[Any]], None],
        key: Any = None,
    ) -> None:
        """See :meth:`porion.services.ports.Store.together`."""
        self._together.say(clinic_id, said, write, key)

    @contextmanager
    def write(self, clinic_id: str) -> Iterator[SqlTransaction]:
        """A transaction that is durable when its block ends."""
        with _translated(), self._write.begin() as connection:
            take_turn(connection, clinic_id)
            yield _transaction(connection, clinic_id)
            self._checkpoint("database.before-commit")
        self._checkpoint("database.committed")

    @contextmanager
    def rehearse(self, clinic_id: str) -> Iterator[SqlTransaction]:
        """A transaction of which nothing stays."""
        with _translated(), self._write.connect() as connection, connection.begin() as transaction:
            take_turn(connection, clinic_id)
            yield _transaction(connection, clinic_id)
            transaction.rollback()

    @contextmanager
    def read(self, clinic_id: str) -> Iterator[SqlTransaction]:
        """A consistent view."""
        with _translated(), self._read.connect() as connection:
            yield _transaction(connection, clinic_id)


# As SQLite and PostgreSQL put it.
_FULL = ("disk is full", "No space left on device")


@contextmanager
def _translated() -> Iterator[None]:
    """A full disk and a refusing database are facts that a person must hear in words."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise StorageFailed("The database has too much to do: try again in a moment.") from error
    except sa.exc.DBAPIError as error:
        reason = str(error.orig)
        if any(words in reason for words in _FULL):
            raise OutOfSpace("The disk of the data directory is full; nothing was acknowledged.") from error
        raise StorageFailed(f"The database refused: {reason}.") from error
