"""Remote nodes as rows: PACS and worklist servers that Porion asks, and stores that it sends to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from porion.services.records import Json


class Use(StrEnum):
    """What a node may be used for."""

    QUERY = "query"
    RETRIEVE = "retrieve"
    WORKLIST = "worklist"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A remote node.

    ``ae_title`` is the node's, ``calling`` the title that Porion shows it, empty for the clinic's own.
    ``dicomweb`` is the base address of its DICOMweb services, ``token`` what it wants to hear there.
    ``may_be_local`` lets it lie on this machine. ``abilities`` is what a test found that it can do.
    """

    id: str
    name: str
    ae_title: str
    host: str
    port: int
    created_at: datetime
    updated_at: datetime
    calling: str = ""
    tls: bool = False
    dicomweb: str = ""
    token: str = ""
    may_be_local: bool = False
    uses: list[str] = field(default_factory=lambda: list(Use))
    abilities: Json = field(default_factory=dict)
    tested_at: datetime | None = None
