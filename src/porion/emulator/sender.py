"""Sends data sets as a device does: over the network, one association for each study."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pynetdicom import AE, build_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydicom.dataset import Dataset
    from pynetdicom.association import Association


class NotReceived(Exception):
    """Nobody takes an association there, or it broke off."""


def send(data_sets: Iterable[Dataset], host: str, port: int, calling: str, called: str) -> list[int]:
    """The status of each data set, in their order; NotReceived when an association fails."""
    studies = [list(study) for _, study in groupby(data_sets, key=lambda one: str(one.StudyInstanceUID))]
    return [status for study in studies for status in _send_study(study, (host, port), calling, called)]


def _send_study(study: Sequence[Dataset], address: tuple[str, int], calling: str, called: str) -> list[int]:
    asked = sorted({(str(one.SOPClassUID), str(one.file_meta.TransferSyntaxUID)) for one in study})
    entity = AE(ae_title=calling)
    association = entity.associate(*address, contexts=[build_context(*row) for row in asked], ae_title=called)
    try:
        if not association.is_established:
            raise NotReceived(f"{called} at {address[0]}:{address[1]} takes no association from {calling}.")
        return [_store(association, one, calling) for one in study]
    finally:
        if association.is_established:
            association.release()
        entity.shutdown()


def _store(association: Association, one: Dataset, calling: str) -> int:
    try:
        answer = association.send_c_store(one)
    except (ValueError, RuntimeError) as error:
        raise NotReceived(f"{calling} cannot send {one.SOPInstanceUID}: {error}") from error
    if "Status" not in answer:
        raise NotReceived(f"{calling}'s association broke off at {one.SOPInstanceUID}.")
    return int(answer.Status)
