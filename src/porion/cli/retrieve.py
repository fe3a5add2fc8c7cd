"""``porion retrieve``: studies of remote nodes, brought in by a job."""

from __future__ import annotations

from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.jobs import await_job, tell_job
from porion.cli.options import Data, Json
from porion.cli.settings import read_settings
from porion.services.job_records import JobState
from porion.services.retrieval import Request, ask_retrieve


def retrieve_study(
    node: Annotated[str, typer.Argument(help="The node's name.")],
    study: Annotated[str, typer.Option("--study", help="The Study Instance UID.")],
    series: Annotated[str, typer.Option("--series", help="Only this series of it.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Return when all has come, or will not.")] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="Wait no longer than so many.")] = 3600.0,
    data: Data = None,
    json: Json = False,
) -> None:
    """Retrieve a study; `porion serve` does it. With --wait the exit status is 1 unless all has come."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = ask_retrieve(porion, actor, Request(node, study, series))
        if wait:
            row = await_job(porion, actor, row.id, seconds)
    tell_job(row, json=json)
    if wait and row.state != JobState.DONE:
        raise typer.Exit(1)
