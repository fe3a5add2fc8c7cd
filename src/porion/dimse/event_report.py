"""The answer to a storage commitment: N-EVENT-REPORT on an association of our own (PS3.4 section J.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset
from pynetdicom import AE, build_role

from porion.dicom.file_meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from porion.dimse.commitment import WELL_KNOWN_INSTANCE
from porion.dimse.negotiation import STORAGE_COMMITMENT
from porion.dimse.tls import Identity, client_context
from porion.services.commitment import (
    answering_port,
    begin_attempt,
    clinics_with_due,
    note_delivered,
    note_undelivered,
    settle,
)
from porion.services.errors import PorionError

if TYPE_CHECKING:
    from pynetdicom.association import Association

    from porion.services.ports import Porion
    from porion.services.records import CommitmentRow, Json

_ALL_SUCCESSFUL, _SOME_FAILED = 1, 2
_SECONDS = 15


class NotDelivered(PorionError):
    """The device did not take its answer; the message says at which step."""


def deliver_due(porion: Porion, identity: Identity) -> int:
    """Decide and answer what is due; how many answers were delivered."""
    return sum(
        _answered(porion, identity, clinic_id, row)
        for clinic_id in clinics_with_due(porion)
        for row in settle(porion, clinic_id)
        if begin_attempt(porion, clinic_id, row)
    )


def _answered(porion: Porion, identity: Identity, clinic_id: str, row: CommitmentRow) -> bool:
    try:
        _deliver(row, answering_port(porion, clinic_id, row.device_id), identity)
    except PorionError as error:
        note_undelivered(porion, clinic_id, row, str(error))
        return False
    note_delivered(porion, clinic_id, row)
    return True


def _deliver(row: CommitmentRow, port: int, identity: Identity) -> None:
    where = f"{row.peer['calling']} at {row.peer['address']}:{port}"
    try:
        association = _associate(row.peer, port, identity)
        if not association.is_established:
            raise NotDelivered(f"{where}: {_why_not(association)}.")
        try:
            _report(row, association, where)
        finally:
            association.release()
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        raise NotDelivered(f"{where}: it cannot be told ({error}).") from error


def _associate(peer: Json, port: int, identity: Identity) -> Association:
    entity = AE(ae_title=peer["called"])
    entity.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    entity.implementation_version_name = IMPLEMENTATION_VERSION
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = _SECONDS
    entity.add_requested_context(STORAGE_COMMITMENT)
    tls = (client_context(identity), peer["calling"]) if peer["tls"] else None
    return entity.associate(
        peer["address"],
        port,
        ae_title=peer["calling"],
        # It is we who play the service's provider on an association that we ask for.
        ext_neg=[build_role(STORAGE_COMMITMENT, scp_role=True)],
        tls_args=tls,
    )


def _why_not(association: Association) -> str:
    """Why there is no association; what could be reached has answered something."""
    if association.is_rejected:
        return "it rejected the association"
    if association.rejected_contexts:
        return "it does not take reports of storage commitment"
    return "nobody answers"


def _report(row: CommitmentRow, association: Association, where: str) -> None:
    if not any(context.as_scp for context in association.accepted_contexts):
        raise NotDelivered(f"{where}: it does not grant Porion the SCP role of storage commitment.")
    kind = _SOME_FAILED if row.failed else _ALL_SUCCESSFUL
    status, _ = association.send_n_event_report(
        _information(row), kind, STORAGE_COMMITMENT, WELL_KNOWN_INSTANCE
    )
    if "Status" not in status:
        raise NotDelivered(f"{where}: it did not answer the report.")
    if status.Status not in (0x0000, 0x0107, 0x0116):
        raise NotDelivered(f"{where}: it answered the report with status {status.Status:04X}H.")


def _information(row: CommitmentRow) -> Dataset:
    """The event information (PS3.4 table J.3-2)."""
    failed = {(one[0], one[1]): one[2] for one in row.failed}
    made = Dataset()
    made.TransactionUID = row.transaction_uid
    made.RetrieveAETitle = row.peer["called"]
    kept = [pair for pair in row.asked if tuple(pair) not in failed]
    if kept:
        made.ReferencedSOPSequence = [_reference(one, instance) for one, instance in kept]
    if failed:
        made.FailedSOPSequence = [_reference(*pair, reason) for pair, reason in failed.items()]
    return made


def _reference(sop_class: str, instance: str, reason: int | None = None) -> Dataset:
    made = Dataset()
    made.ReferencedSOPClassUID, made.ReferencedSOPInstanceUID = sop_class, instance
    if reason is not None:
        made.FailureReason = reason
    return made
