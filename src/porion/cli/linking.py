"""``porion linking``: which sources link what is certain by themselves, and samples of what they linked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.linking_sources import ONE_IN, SourceView, list_sources, set_unattended
from porion.services.unattended import judge_sample, list_samples

LINKING = typer.Typer(help="Linking without a person, where a source may.", no_args_is_help=True)
Source = Annotated[str, typer.Argument(help="The source, as `porion linking sources` lists it.")]


@LINKING.command("sources")
def sources(data: Data = None, json: Json = False) -> None:
    """Every source that images came from, and whether it links by itself."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        views = list_sources(porion, actor)
    if json:
        for view in views:
            write_json(_plain(view))
        return
    rows = [(view.source_key, view.images, _how(view), view.linked) for view in views]
    write_table(("source", "images", "unattended", "linked so"), rows)


def _how(view: SourceView) -> str:
    if view.unattended:
        return f"yes, 1 in {view.one_in} is judged"
    return f"no: {view.stopped}" if view.stopped else "no"


@LINKING.command("allow")
def allow(
    source: Source,
    one_in: Annotated[
        int, typer.Option("--one-in", min=1, max=ONE_IN, help="A person judges one link in so many.")
    ] = ONE_IN,
    data: Data = None,
) -> None:
    """Let a source link what is certain by itself."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        set_unattended(porion, actor, source, unattended=True, one_in=one_in)
    say(f"{source} links what is certain by itself; 1 link in {one_in} waits to be judged.")


@LINKING.command("forbid")
def forbid(source: Source, data: Data = None) -> None:
    """Let a person look at everything from a source."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        set_unattended(porion, actor, source, unattended=False)
    say(f"A person links everything from {source}.")


@LINKING.command("samples")
def samples(limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """Unattended links that wait to be judged, oldest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_samples(porion, actor, limit=limit)
    if json:
        for row in rows:
            write_json(_plain(row))
        return
    listed = [
        (row.id, row.source_key, row.made_at.isoformat(" ", "minutes")[:16], row.decision_id) for row in rows
    ]
    write_table(("sample", "source", "linked at (UTC)", "decision"), listed)


@LINKING.command("judge")
def judge(
    sample: Annotated[str, typer.Argument(help="The sample.")],
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether the link is right.")],
    data: Data = None,
) -> None:
    """Say whether a sampled link is right; a wrong one is taken back, and its source switched off."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = judge_sample(porion, actor, sample, right=right)
    say("Confirmed." if right else f"Taken back; {row.source_key} links nothing by itself any more.")


def _plain(row: Any) -> dict[str, Any]:
    said = {camel(key): value for key, value in asdict(row).items()}
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in said.items()}
