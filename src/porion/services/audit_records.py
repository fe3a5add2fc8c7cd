"""A link of the audit trail as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porion.services.records import Json


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One link of the audit chain; ``hash`` covers everything else and the hash before it."""

    number: int
    at: str
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: Json
    previous: str
    hash: str
