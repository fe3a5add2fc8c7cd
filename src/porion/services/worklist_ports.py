"""The rows that worklist and performed steps ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from porion.services.records import Json
    from porion.services.worklist_records import (
        PerformedRow,
        ProfileRow,
        QueryRow,
        StepFilter,
        StepRow,
    )


class WorklistRows(Protocol):
    """Scheduled steps of one clinic, how devices are answered, and what they asked."""

    def get(self, step_id: str) -> StepRow | None:
        """One step by its identifier."""

    def add(self, rows: Sequence[StepRow]) -> None:
        """Insert steps."""

    def update(self, row: StepRow, changes: Json) -> bool:
        """Change columns of a step unless somebody else did since it was read."""

    def list(self, wanted: StepFilter, limit: int) -> Sequence[StepRow]:
        """Steps that pass the filter, in the order in which they start."""

    def named(self, step_ids: Collection[str]) -> Sequence[StepRow]:
        """Steps by Scheduled Procedure Step ID."""

    def any_of(self, studies: Collection[str], accessions: Collection[str]) -> Sequence[StepRow]:
        """Steps under any of these Study Instance UIDs or accession numbers."""

    def ordered(self, source: str, order_key: str) -> Sequence[StepRow]:
        """The steps of an order of another system."""

    def profile(self, device_id: str) -> ProfileRow | None:
        """What was set for a device."""

    def save_profile(self, row: ProfileRow) -> None:
        """Write what is set for a device."""

    def add_query(self, row: QueryRow, keep: int) -> None:
        """Insert a query; only the device's newest ``keep`` stay."""

    def queries(self, device_id: str, limit: int) -> Sequence[QueryRow]:
        """A device's queries, newest first."""


class PerformedRows(Protocol):
    """What devices reported of their work."""

    def get(self, sop_instance_uid: str) -> PerformedRow | None:
        """One performed step by its SOP Instance UID."""

    def add(self, row: PerformedRow) -> None:
        """Insert one."""

    def update(self, performed_id: str, changes: Json) -> None:
        """Change columns of one."""

    def list(self, after: str | None, limit: int) -> Sequence[PerformedRow]:
        """Performed steps, newest first."""

    def refer(self, performed_id: str, sop_instance_uids: Collection[str]) -> None:
        """Note that a performed step made these instances; what is noted stays."""

    def that_made(self, sop_instance_uids: Collection[str]) -> Mapping[str, PerformedRow]:
        """The performed step of each instance, by SOP Instance UID."""
