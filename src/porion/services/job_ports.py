"""What jobs need and give: their rows, the task that a kind of job works at, and leases of processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from porion.services.errors import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from porion.services.job_records import JobFilter, JobRow, Waiting
    from porion.services.records import Json

Answer = TypeVar("Answer")


class JobRows(Protocol):
    """Jobs of one clinic; what names ``anywhere`` is of all clinics."""

    def add(self, row: JobRow) -> None:
        """Insert a job."""

    def get(self, job_id: str) -> JobRow | None:
        """One job."""

    def list(self, wanted: JobFilter, after: str | None, limit: int) -> Sequence[JobRow]:
        """Jobs that pass the filter, newest first, after a cursor."""

    def latest(self, key: str) -> JobRow | None:
        """The newest job of that key."""

    def update(self, job_id: str, changes: Json, *, only_in: Collection[str]) -> bool:
        """Change columns of a job that is in one of these states; whether it was."""

    def waiting_anywhere(self, limit: int) -> Sequence[Waiting]:
        """Jobs that nobody has begun, oldest first."""

    def running_anywhere(self) -> Sequence[tuple[str, JobRow]]:
        """Jobs that are being done, each with its clinic."""

    def forget_anywhere(self, ended_before: datetime) -> int:
        """Delete finished jobs; answers how many."""


class Task(Protocol):
    """A job while it is being done. Its kind may be called again from the start at any time."""

    @property
    def clinic_id(self) -> str:
        """Whose job it is."""

    @property
    def job(self) -> JobRow:
        """The job as it was when this call began."""

    @property
    def resumed(self) -> bool:
        """Whether a process died at it, or was stopped, since it was asked for."""

    def once(self, name: str, do: Callable[[], Answer]) -> Answer:
        """Do a step, or answer what it answered when it was done before.

        Steps come in the same order each time. What they answer is kept as JSON: UIDs and numbers,
        nobody's name. A step that its process died at is done again.
        """

    def tell(self, progress: Json) -> None:
        """Note the progress for whoever looks; Cancelled when somebody asked to stop."""

    def pause(self, seconds: float) -> None:
        """Wait; Cancelled when somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: ``run`` answers the result, or raises a PorionError that says why it failed."""

    name: str
    run: Callable[[Task], Json]


class LeaseLost(StorageFailed):
    """Others may have taken over what this process does: it must end."""


class Leases(Protocol):
    """Which processes live: each holds a lease that ends with it, however that ends."""

    def take(self, name: str) -> None:
        """Hold a lease until this process ends; StorageFailed when it cannot be had."""

    def must_be_held(self) -> None:
        """LeaseLost when it no longer is."""

    def has_ended(self, name: str) -> bool:
        """Whether nobody holds the lease of that name any more."""
