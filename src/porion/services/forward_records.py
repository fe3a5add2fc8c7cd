"""Rules that send new images on, and what became of each instance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class ForwardState(StrEnum):
    """Where an instance stands on its way to a node."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class ForwardRule:
    """Which new images go to which node; an empty text narrows nothing.

    ``source`` is the AE title of the device that sent, ``category`` and ``modality`` are the image's.
    ``verified_only`` waits until somebody has linked it. ``since`` is the highest identifier that
    was there before the rule, whose instances are not sent; ``position`` that of the last look.
    """

    id: str
    name: str
    node_id: str
    created_at: datetime
    since: str
    position: str
    source: str = ""
    category: str = ""
    modality: str = ""
    verified_only: bool = True
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ForwardRow:
    """An instance on its way to a node: how often it was tried, what the node said last, when it is due."""

    id: str
    rule_id: str
    node_id: str
    instance_id: str
    state: str
    created_at: datetime
    updated_at: datetime
    attempts: int = 0
    last_status: int | None = None
    last_error: str = ""
    next_attempt_at: datetime | None = None
