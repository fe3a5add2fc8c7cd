"""Where the log goes and what may stand in it: standard error, one JSON object a line, and no patient."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What may be logged. A name in a message or a tag's value is a patient's; identifiers are enough.
ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "number", "kind", "method", "where"),
        # Of the network: who a device says it is and where it is, never what it sent.
        *("calling", "address", "device", "why"),
    }
)


def only_allowed(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not in the list, and say that there was one."""
    kept = {key: value for key, value in entry.items() if key in ALLOWED}
    dropped = len(entry) - len(kept)
    return {**kept, "event": f"{kept.get('event', '')} ({dropped} values left out)"} if dropped else kept


def log_to_standard_error() -> None:
    """Set the log up for a process that serves."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        # Asked for at each line: whoever redirects standard error redirects the log.
        logger_factory=lambda *_args: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
