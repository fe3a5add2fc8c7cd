"""``porion retrieval``: rules of what is fetched from remote nodes by itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.remotes import remotes_of
from porion.cli.settings import read_settings
from porion.services.remote_records import RuleKind
from porion.services.retrieval_rules import (
    NewRule,
    add_rule,
    list_rules,
    rehearse_rule,
    remove_rule,
    switch_rule,
)

RULES = typer.Typer(help="What is fetched from remote nodes by itself, overnight.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="The rule's name.")]


@RULES.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The clinic's retrieval rules."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_rules(porion, actor)
    if json:
        for row in rows:
            write_json(_plain(row))
        return
    columns = ("name", "kind", "years", "modalities", "runs at (UTC)", "next (UTC)")
    write_table(
        columns,
        [
            (
                row.name, row.kind, row.years, " ".join(row.modalities), f"{row.hour}:00",
                row.next_run_at.isoformat(" ", "minutes")[:16] if row.enabled else "switched off",
            )
            for row in rows
        ],
    )  # fmt: skip


@RULES.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    node: Annotated[str, typer.Option("--node", help="The remote node's name.")],
    kind: Annotated[
        RuleKind, typer.Option("--kind", help="priors: of tomorrow's patients; history: of all patients.")
    ] = RuleKind.PRIORS,
    years: Annotated[int, typer.Option("--years", help="How far back.")] = 5,
    hour: Annotated[int, typer.Option("--hour", help="From which hour of the day on, in UTC.")] = 1,
    modality: Annotated[list[str] | None, typer.Option("--modality", help="Such as OPG or CT.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a rule; `porion serve` runs it once a day."""
    new = NewRule(name, node, kind, years, hour, tuple(modality or ()))
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = add_rule(porion, actor, new)
    if json:
        write_json(_plain(row))
    else:
        say(f"{row.name} runs daily at {row.hour}:00 UTC; see `porion retrieval rehearse {row.name}`.")


@RULES.command("rehearse")
def rehearse(
    which: Which,
    patients: Annotated[int, typer.Option("--patients", min=1, help="Look at so many at most.")] = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """What a rule would fetch now; nothing is fetched."""
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        found = list(rehearse_rule(porion, remotes_of(porion, settings), actor, which, patients))
    if json:
        for one in found:
            write_json(_plain(one))
        return
    columns = ("patient", "study", "date", "modalities", "held of stated")
    write_table(
        columns,
        [
            (
                one.patient_id,
                one.study,
                one.study_date,
                " ".join(one.modalities),
                f"{one.held} of {one.stated}",
            )
            for one in found
        ],
    )


@RULES.command("on")
def on(which: Which, data: Data = None) -> None:
    """Let a rule run."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = switch_rule(porion, actor, which, enabled=True)
    say(f"{row.name} runs next at {row.next_run_at.isoformat(' ', 'minutes')[:16]} UTC.")


@RULES.command("off")
def off(which: Which, data: Data = None) -> None:
    """Let a rule run no more."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = switch_rule(porion, actor, which, enabled=False)
    say(f"{row.name} runs no more.")


@RULES.command("remove")
def remove(which: Which, data: Data = None) -> None:
    """Forget a rule; what it fetched stays."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = remove_rule(porion, actor, which)
    say(f"{row.name} is no rule any more.")


def _plain(row: Any) -> dict[str, Any]:
    said = {camel(key): value for key, value in asdict(row).items()}
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in said.items()}
