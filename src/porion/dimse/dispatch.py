"""Which service answers which command in which presentation context: one row a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dimse.commitment import commit
from porion.dimse.negotiation import STORAGE_COMMITMENT, VERIFICATION
from porion.dimse.protocol.commands import Field
from porion.dimse.storage import store
from porion.dimse.verification import verify

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
)
_NAMED = frozenset({VERIFICATION, STORAGE_COMMITMENT})


def service_for(field: int, abstract_syntax: str) -> Service | None:
    """The service, or None when the command is not offered in that presentation context."""
    for row in SERVICES:
        fits = (
            row.abstract_syntax == abstract_syntax if row.abstract_syntax else abstract_syntax not in _NAMED
        )
        if row.field == field and fits:
            return row.service
    return None
