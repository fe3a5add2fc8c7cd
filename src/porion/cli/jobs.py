"""``porion jobs``: durable work that was asked for, and how it stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.clinic.permissions import Actor
from porion.services.errors import Conflict
from porion.services.job_records import UNFINISHED, JobFilter, JobRow, JobState
from porion.services.jobs import cancel_job, list_jobs, retry_job, see_job
from porion.services.ports import Porion

JOBS = typer.Typer(help="Durable work: retrieves and whatever else takes its time.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="The job's identifier.")]
_LOOKS = 0.3


@JOBS.command("list")
def list_(
    state: Annotated[JobState | None, typer.Option("--state", help="Only jobs in this state.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only jobs of this kind.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Jobs, newest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_jobs(porion, actor, JobFilter(state, kind), limit=limit)
    if json:
        for row in rows:
            write_json(job_json(row))
        return
    write_table(("job", "kind", "of", "state", "asked (UTC)", "by", "error"), [_line(row) for row in rows])


@JOBS.command("show")
def show(which: Which, data: Data = None, json: Json = False) -> None:
    """One job."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        tell_job(see_job(porion, actor, which), json=json)


@JOBS.command("cancel")
def cancel(which: Which, data: Data = None, json: Json = False) -> None:
    """Stop a job."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        tell_job(cancel_job(porion, actor, which), json=json)


@JOBS.command("retry")
def retry(which: Which, data: Data = None, json: Json = False) -> None:
    """Try a job again that failed or was cancelled."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        tell_job(retry_job(porion, actor, which), json=json)


@JOBS.command("wait")
def wait(
    which: Which,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="No longer than so many.")] = 3600.0,
    data: Data = None,
    json: Json = False,
) -> None:
    """Return when a job has ended; the exit status is 1 unless it is done."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = await_job(porion, actor, which, seconds)
    tell_job(row, json=json)
    if row.state != JobState.DONE:
        raise typer.Exit(1)


def await_job(porion: Porion, actor: Actor, job_id: str, seconds: float) -> JobRow:
    """The job when it has ended; Conflict when it takes longer than so many seconds."""
    over = time.monotonic() + seconds
    while (row := see_job(porion, actor, job_id)).state in UNFINISHED:
        if time.monotonic() >= over:
            raise Conflict(f"The job is still {row.state}: `porion serve` does it; look at it later.")
        time.sleep(_LOOKS)
    return row


def tell_job(row: JobRow, *, json: bool) -> None:
    """A job for people or for machines."""
    if json:
        write_json(job_json(row))
        return
    why = f": {row.error}" if row.error else "."
    say(f"Job {row.id} ({row.kind}, {row.subject}) is {row.state}{why}")


def job_json(row: JobRow) -> dict[str, Any]:
    """A job for machines."""
    said = {camel(key): value for key, value in asdict(row).items()}
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in said.items()}


def _line(row: JobRow) -> Sequence[object]:
    asked = row.created_at.isoformat(" ", "minutes")[:16]
    return (row.id, row.kind, row.subject, row.state, asked, row.created_by, row.error or "")
