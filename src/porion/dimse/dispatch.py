"""Which service answers which command in which presentation context: one row a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dimse.commitment import commit
from porion.dimse.find import find
from porion.dimse.get import get
from porion.dimse.move import move
from porion.dimse.negotiation import (
    MODALITY_WORKLIST,
    PATIENT_ROOT_FIND,
    PATIENT_ROOT_GET,
    PATIENT_ROOT_MOVE,
    PERFORMED_STEP,
    STORAGE_COMMITMENT,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    STUDY_ROOT_MOVE,
    VERIFICATION,
)
from porion.dimse.performed import change, create
from porion.dimse.protocol.commands import Field
from porion.dimse.storage import store
from porion.dimse.verification import verify
from porion.dimse.worklist import find_worklist

if TYPE_CHECKING:
    from porion.dimse.call import Service


@dataclass(frozen=True, slots=True)
class Row:
    """A service; without an abstract syntax it is that of every class not named elsewhere."""

    field: Field
    abstract_syntax: str | None
    service: Service


SERVICES = (
    Row(Field.C_ECHO_RQ, VERIFICATION, verify),
    Row(Field.C_STORE_RQ, None, store),
    Row(Field.N_ACTION_RQ, STORAGE_COMMITMENT, commit),
    Row(Field.C_FIND_RQ, PATIENT_ROOT_FIND, find),
    Row(Field.C_FIND_RQ, STUDY_ROOT_FIND, find),
    Row(Field.C_FIND_RQ, MODALITY_WORKLIST, find_worklist),
    Row(Field.N_CREATE_RQ, PERFORMED_STEP, create),
    Row(Field.N_SET_RQ, PERFORMED_STEP, change),
    Row(Field.C_MOVE_RQ, PATIENT_ROOT_MOVE, move),
    Row(Field.C_MOVE_RQ, STUDY_ROOT_MOVE, move),
    Row(Field.C_GET_RQ, PATIENT_ROOT_GET, get),
    Row(Field.C_GET_RQ, STUDY_ROOT_GET, get),
)
_NAMED = frozenset(row.abstract_syntax for row in SERVICES if row.abstract_syntax)


def service_for(field: int, abstract_syntax: str) -> Service | None:
    """The service, or None when the command is not offered in that presentation context."""
    for row in SERVICES:
        fits = (
            row.abstract_syntax == abstract_syntax if row.abstract_syntax else abstract_syntax not in _NAMED
        )
        if row.field == field and fits:
            return row.service
    return None
