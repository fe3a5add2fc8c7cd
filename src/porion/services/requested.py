"""What a remote node sends on our request: only what was asked for is kept."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.file_meta import file_prefix
from porion.dicom.membership import HEAD, membership
from porion.services.errors import NodeFailed, PorionError
from porion.services.records import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from porion.services.ports import Inlet, Intake, Porion
    from porion.services.remote_ports import Store, Target, Wanted
    from porion.services.remote_records import ExpectedRow

# A node that goes on and on is stopped, however often it sends the same.
_MOST_STORES = 20_000


def keep_if_requested(
    intake: Intake,
    pieces: Iterable[memoryview],
    transfer_syntax: str,
    covers: Callable[[str, str, str], bool],
) -> bool | None:
    """Write and seal an instance that was asked for; None when it was not, False when it is empty.

    ``covers`` is asked with the Study, Series and SOP Instance UID that its own header has.
    """
    head, size = bytearray(), 0
    for piece in pieces:
        intake.write(piece)
        size += len(piece)
        if len(head) < HEAD:
            head += piece[: HEAD - len(head)]
    if not size:
        return False
    told = membership(bytes(head), transfer_syntax)
    if not covers(told.get("study", ""), told.get("series", ""), told.get("instance", "")):
        return None
    intake.seal()
    return True


def note_refused(porion: Porion, clinic_id: str, expected: ExpectedRow) -> None:
    """Count an instance that a node sent without having been asked for it."""
    with suppress(PorionError), porion.store.write(clinic_id) as tx:
        tx.remote.note_refused(expected.id)


class RequestedSink:
    """See :class:`porion.services.remote_ports.Sink`: into the spool, as images of all doors go."""

    def __init__(self, porion: Porion, clinic_id: str, target: Target, wanted: Wanted, door: str) -> None:
        self.refused = self.taken = 0
        self._target = target
        self._wanted = wanted
        self._stores = 0
        origin = Origin(
            door=door,
            label=f"{target.node.name}: retrieved",
            ae_title=target.node.ae_title or target.node.name,
        )
        self._inlet: Inlet = porion.spool.inlet(clinic_id, origin)

    def take(self, store: Store) -> bool:
        """Whether the instance is safe now; False when it was not asked for."""
        self._stores += 1
        if self._stores > _MOST_STORES:
            raise NodeFailed(f"{self._target.node.name} sends without an end: {_MOST_STORES} instances.")
        prefix = file_prefix(
            store.sop_class_uid,
            store.sop_instance_uid,
            store.transfer_syntax,
            source=self._target.node.ae_title,
            receiver=self._target.ours,
            sealable=True,
        )
        intake = self._inlet.open(prefix)
        try:
            kept = keep_if_requested(intake, store.pieces, store.transfer_syntax, self._covers)
        finally:
            intake.abandon()
        self.taken += bool(kept)
        self.refused += not kept
        return bool(kept)

    def close(self) -> None:
        """Nothing more comes; what came stays in the queue."""
        self._inlet.close()

    def _covers(self, study: str, series: str, instance: str) -> bool:
        wanted = self._wanted
        return (
            study == wanted.study
            and wanted.series in ("", series)
            and (not wanted.instances or instance in wanted.instances)
        )
