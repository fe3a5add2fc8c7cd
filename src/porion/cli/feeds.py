"""``porion feed``: what other systems said of the register, and HL7 messages from files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.hl7.answer import answer, rehearse
from porion.hl7.files import messages_in
from porion.services.errors import Invalid
from porion.services.records import FeedMessageRow
from porion.services.register_feed import recent_messages

FEEDS = typer.Typer(help="What other systems say of the register.", no_args_is_help=True)
_COLUMNS = ("at (UTC)", "from", "message", "outcome", "patient", "")


@FEEDS.command("list")
def list_(limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """The latest messages and what became of them, newest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = recent_messages(porion, actor, limit)
    if json:
        for row in rows:
            said = {camel(key): value for key, value in asdict(row).items() if key != "digest"}
            write_json({**said, "at": row.at.isoformat()})
        return
    write_table(_COLUMNS, [_line(row) for row in rows])


def _line(row: FeedMessageRow) -> tuple[str | None, ...]:
    at = row.at.isoformat(" ", "minutes")[:16]
    return (at, row.source, row.message_id, row.outcome, row.patient_id, row.reason)


@FEEDS.command("apply")
def apply(
    files: Annotated[list[Path], typer.Argument(help="Files of HL7 v2 ADT messages, one or many in each.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Apply the messages of files as if the other system had sent them."""
    taken = rehearse if dry_run else answer
    refused = False
    with at_the_desk(read_settings(data)) as (porion, actor):
        for file in files:
            for number, content in enumerate(messages_in(_read(file)), 1):
                said = taken(porion, actor.clinic_id, content)
                refused |= said.code != "AA"
                if json:
                    line = {"file": str(file), "number": number, "code": said.code, "reason": said.reason}
                    write_json(line)
                else:
                    style = "none" if said.code == "AA" else "red"
                    say(f"{file} {number}: {said.code}  {said.reason}", style)
    if refused:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from error
