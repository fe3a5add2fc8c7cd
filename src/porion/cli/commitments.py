"""``porion commitments``: what devices asked Porion to answer for, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.commitment import list_commitments
from porion.services.records import CommitmentRow

COMMITMENTS = typer.Typer(help="Storage commitments that devices asked for.", no_args_is_help=True)
_COLUMNS = ("asked (UTC)", "by", "instances", "failed", "state", "next try (UTC)", "last error")


@COMMITMENTS.command("list")
def list_(
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """What was asked and answered, newest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_commitments(porion, actor, limit=limit)
    if json:
        for row in rows:
            write_json({camel(key): _plain(value) for key, value in asdict(row).items()})
        return
    write_table(_COLUMNS, [_line(row) for row in rows])


def _line(row: CommitmentRow) -> Sequence[object]:
    asked, failed = len(row.asked), len(row.failed)
    due = _minute(row.next_attempt_at) if row.next_attempt_at else ""
    by = f"{row.peer['calling']} at {row.peer['address']}"
    return (_minute(row.requested_at), by, asked, failed, row.state, due, row.last_error)


def _minute(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")[:16]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
