"""What the services need from outside: rows, files, secrets and the time. Doors never see these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from porion.clinic.model import Model
    from porion.services.arrival import Arrival, Unreadable
    from porion.services.forward_ports import ForwardRows
    from porion.services.job_ports import JobRows
    from porion.services.node_ports import NodeRows, RemoteRows
    from porion.services.overview import OverviewRows
    from porion.services.pixel_ports import Pixels
    from porion.services.records import Origin
    from porion.services.row_ports import (
        AccountRows,
        AuditRows,
        CommitmentRows,
        DeviceRows,
        ExposureRows,
        FeedRows,
        ImagingRows,
        InboxRows,
        LinkingRows,
        NetworkRows,
        PatientRows,
    )
    from porion.services.search_rows import SearchRows
    from porion.services.worklist_ports import PerformedRows, WorklistRows


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file in the spool: flushed once :meth:`Spool.flush` returned, gone after release.

    ``digest`` is the SHA-256 of its data set when that was taken while it arrived; ``sealed`` says what
    it ought to be where nobody has looked since a restart.
    """

    batch: str
    number: int
    clinic_id: str
    origin: Origin
    digest: str | None = None
    sealed: str | None = None


class Spool(Protocol):
    """The queue of what has come in and is not yet indexed."""

    def batch(self, clinic_id: str, origin: Origin) -> AbstractContextManager[SpoolBatch]:
        """Open a batch that no other process takes for a leftover while it is open."""

    def queue(self) -> Queue:
        """The worker's end of what inlets sealed."""

    def inlet(self, clinic_id: str, origin: Origin) -> Inlet:
        """A way in for instances that arrive one after the other, each ready as soon as it is sealed."""

    def waiting(self, clinic_id: str) -> frozenset[str]:
        """The SOP Instance UIDs of what came over the network for a clinic and is not yet indexed."""

    def leftovers(self) -> Iterator[Sequence[Spooled]]:
        """Batches that a process which ended left behind, each held while it is looked at."""

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""

    def must_be_trusted(self) -> None:
        """StorageFailed after a flush that the disk refused, in whichever process, until a restart."""

    def trust_again(self) -> None:
        """A restart: somebody has looked at the disk."""


class SpoolBatch(Protocol):
    """A batch of files on their way in."""

    def put(self, stream: BinaryIO, label: str) -> Spooled:
        """Write a stream into the spool; OutOfSpace or StorageFailed when the disk refuses."""

    def flush(self, entries: Sequence[Spooled]) -> None:
        """Return when the entries would survive a power cut."""

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""


class Inlet(Protocol):
    """One sender's way into the spool."""

    def open(self, prefix: bytes) -> Intake:
        """Begin an instance behind its sealable prefix; OutOfSpace or StorageFailed when nothing is taken."""

    def close(self) -> None:
        """The sender has gone; what is sealed stays in the queue."""


class Intake(Protocol):
    """An instance on its way in."""

    def write(self, piece: memoryview) -> None:
        """A piece of the data set; OutOfSpace or StorageFailed when the disk refuses."""

    def seal(self) -> Spooled:
        """Return when the instance would survive a power cut."""

    def abandon(self) -> None:
        """Forget what came: the sender heard no success."""


class Queue(Protocol):
    """What was sealed and is not yet indexed; one worker on a machine has its turn at it."""

    def await_turn(self) -> None:
        """Return when no other worker serves this spool."""

    def wait(self, seconds: float) -> bool:
        """Return when something was sealed, or after so many seconds; whether something was."""

    def tidy(self) -> None:
        """Clear away what aborted and ended associations left."""

    def close(self) -> None:
        """Let another worker have its turn."""

    def take(self, most: int, most_bytes: int) -> Sequence[Spooled]:
        """Entries of one clinic that nobody took yet; none when the queue is empty."""

    def give_back(self, entries: Sequence[Spooled]) -> None:
        """Entries that could not be indexed now; they are taken again later."""

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""


class Archive(Protocol):
    """Where data sets are kept for good, named by their digest."""

    def keep(self, entry: Spooled, digest: str, *, prefix: bytes | None, offset: int) -> None:
        """Keep an entry; with ``prefix``, that preamble and file meta in front of its data set."""

    def quarantine(self, entry: Spooled, digest: str) -> None:
        """Keep the whole of an entry's bytes aside."""

    def sync(self) -> None:
        """Return when everything kept so far would survive a power cut."""

    def contents(self, clinic_id: str, digest: str) -> AbstractContextManager[memoryview]:
        """The archived file's bytes, read from disk as they are touched; NotFound when it is missing."""

    def open(self, clinic_id: str, digest: str) -> BinaryIO:
        """The archived file; NotFound when it is missing."""

    def names(self, clinic_id: str) -> Iterator[str]:
        """The digests of all data sets that are archived for a clinic."""

    def has(self, clinic_id: str, digest: str) -> bool:
        """Whether the archive holds that digest."""


class Transaction(Protocol):
    """One transaction in one clinic; everything in it happens or nothing does."""

    @property
    def imaging(self) -> ImagingRows:
        """Studies, series, instances, images."""

    @property
    def exposures(self) -> ExposureRows:
        """Exposures."""

    @property
    def inbox(self) -> InboxRows:
        """Items and decisions."""

    @property
    def patients(self) -> PatientRows:
        """The register."""

    @property
    def accounts(self) -> AccountRows:
        """Users and credentials."""

    @property
    def devices(self) -> DeviceRows:
        """Devices, and what failed before they said a name."""

    @property
    def networks(self) -> NetworkRows:
        """The clinics' networks."""

    @property
    def commitments(self) -> CommitmentRows:
        """What devices asked us to commit to."""

    @property
    def linking(self) -> LinkingRows:
        """Which sources link unattended."""

    @property
    def feeds(self) -> FeedRows:
        """What other systems said of the register."""

    @property
    def worklist(self) -> WorklistRows:
        """Scheduled steps, and how devices are answered."""

    @property
    def performed(self) -> PerformedRows:
        """What devices reported of their work."""

    @property
    def jobs(self) -> JobRows:
        """Durable work."""

    @property
    def search(self) -> SearchRows:
        """Searches of the DICOM kind."""

    @property
    def forwards(self) -> ForwardRows:
        """What is sent on, and by which rules."""

    @property
    def nodes(self) -> NodeRows:
        """Remote nodes."""

    @property
    def remote(self) -> RemoteRows:
        """What is expected from remote nodes, and retrieval rules."""

    @property
    def audit(self) -> AuditRows:
        """The audit chain."""

    @property
    def overview(self) -> OverviewRows:
        """Counts and marks."""


class Store(Protocol):
    """The database."""

    def write(self, clinic_id: str) -> AbstractContextManager[Transaction]:
        """A transaction that is durable when its block ends."""

    def together(
        self,
        clinic_id: str,
        said: Any,
        write: Callable[[Transaction, Sequence[Any]], None],
        key: Any = None,
    ) -> None:
        """Return when ``said`` is written and durable, in one transaction with what others say meanwhile.

        ``write`` is called with everything that is said through it. What was said under the same
        ``key`` in the last ten minutes is not said again.
        """

    def rehearse(self, clinic_id: str) -> AbstractContextManager[Transaction]:
        """A transaction of which nothing stays."""

    def read(self, clinic_id: str) -> AbstractContextManager[Transaction]:
        """A consistent view."""


class Passwords(Protocol):
    """Slow hashes for passwords."""

    def hash(self, password: str) -> str:
        """A salted argon2 hash."""

    def verify(self, password: str, hashed: str) -> bool:
        """Whether the password is the hashed one."""


@dataclass(frozen=True, slots=True)
class Porion:
    """Everything that a service may use, built once by the command line.

    ``checkpoint`` is called with the name of each step of the way in, so that tests can end the
    process there. ``examine`` starts to read entries, on as many cores as the composition root
    allows, and answers a function that waits for what they say. ``limiter`` says whether a log-in
    attempt under that key may still be made. ``model`` is what the matcher weighs with.
    """

    store: Store
    spool: Spool
    archive: Archive
    passwords: Passwords
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    checkpoint: Callable[[str], None]
    limiter: Callable[[str], bool]
    examine: Callable[[Sequence[Spooled]], Callable[[], Sequence[Arrival | Unreadable]]]
    model: Model
    pixels: Pixels
