"""What is expected of remote nodes, and rules of what is retrieved from them by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """What a job asked a node to send us (C-MOVE): nothing else is taken from it on that ground.

    ``series`` and ``instances`` narrow the study, empty for all of it. ``refused`` counts instances that
    came and had not been asked for.
    """

    id: str
    job_id: str
    node: str
    ae_title: str
    address: str
    study: str
    series: str
    instances: list[str]
    until: datetime
    refused: int = 0

    def covers(self, study: str, series: str, instance: str) -> bool:
        """Whether an instance was asked for."""
        return (
            study == self.study
            and self.series in ("", series)
            and (not self.instances or instance in self.instances)
        )


class RuleKind(StrEnum):
    """What a rule retrieves."""

    PRIORS = "priors"
    """Earlier studies of the patients who have an appointment tomorrow."""
    HISTORY = "history"
    """Studies of every patient of the register."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A retrieval rule: of a node, studies of the last ``years``, once a day from ``hour`` (UTC) on.

    ``modalities`` are the clinic's codes or DICOM's, empty for all. ``note`` is how it went last.
    """

    id: str
    name: str
    node_id: str
    kind: str
    years: int
    hour: int
    enabled: bool
    next_run_at: datetime
    modalities: list[str] = field(default_factory=list)
    last_run_at: datetime | None = None
    note: str = ""
