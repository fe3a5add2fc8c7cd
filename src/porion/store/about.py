"""What describes a batch of the spool: whose it is, where it came from, and which way it goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import structlog

from porion.services.records import Origin

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger("porion.store")

ABOUT = "batch.json"


@dataclass(frozen=True, slots=True)
class About:
    """A batch: its clinic and sender, and whether its files are sealed one by one for the queue."""

    clinic_id: str
    origin: Origin
    queue: bool = False

    def written(self) -> bytes:
        """The content of its file."""
        about = {"clinic": self.clinic_id, "origin": asdict(self.origin), "queue": self.queue}
        return json.dumps(about).encode()


def read_about(directory: Path) -> About | None:
    """What describes a batch; None when it has gone, or is damaged: then its files wait for a person."""
    try:
        about = json.loads((directory / ABOUT).read_bytes())
        return About(str(about["clinic"]), Origin(**about["origin"]), bool(about.get("queue")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        # Whose they are is nowhere else, and a guess could show them to another clinic.
        log.warning(
            "a batch of the spool has a damaged description; its files are kept", batch=directory.name
        )
        return None
