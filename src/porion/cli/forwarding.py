"""``porion forward``: rules that send new images on, and what became of each instance."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.forward_records import ForwardState
from porion.services.forwarding import (
    NewRule,
    RuleStatus,
    add_rule,
    list_forwards,
    list_rules,
    offer_again,
    remove_rule,
    switch_rule,
)

FORWARDING = typer.Typer(help="Rules that send new images on to a remote node.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="The rule's name or identifier.")]
_STATES = ", ".join(ForwardState)


@FORWARDING.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The clinic's rules, and how much is on its way."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_rules(porion, actor)
    if json:
        for row in rows:
            write_json({**_told(row.rule), "node": row.node, "counts": dict(row.counts)})
        return
    write_table(("name", "to", "what", *ForwardState), [_line(row) for row in rows])


@FORWARDING.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call the rule.")],
    node: Annotated[str, typer.Option("--to", help="The remote node, by name or identifier.")],
    source: Annotated[str, typer.Option("--source", help="Only what the device of this AE title sent.")] = "",
    category: Annotated[str, typer.Option("--category", help="Only images of this category.")] = "",
    modality: Annotated[str, typer.Option("--modality", help="Only OPG, CEPH, CBCT, ...")] = "",
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Send at once, before anybody has linked it.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Send on what comes, or is linked, from now on."""
    new = NewRule(name, node, source, category, modality, verified_only=not unverified)
    with at_the_desk(read_settings(data)) as (porion, actor):
        rule = add_rule(porion, actor, new)
    if json:
        write_json(_told(rule))
    else:
        say(f"{rule.name}: what comes from now on goes to {node}.")


@FORWARDING.command("remove")
def remove(which: Which, data: Data = None) -> None:
    """Send nothing on by that rule any more; what was sent stays where it is."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rule = remove_rule(porion, actor, which)
    say(f"{rule.name} sends nothing on any more.")


@FORWARDING.command("on")
def on(which: Which, data: Data = None) -> None:
    """Let a rule send: what waits, and what came while it was off."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rule = switch_rule(porion, actor, which, enabled=True)
    say(f"{rule.name} sends what waits and what came meanwhile.")


@FORWARDING.command("off")
def off(which: Which, data: Data = None) -> None:
    """Let a rule rest: what waits and what comes meanwhile goes when it is on again."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rule = switch_rule(porion, actor, which, enabled=False)
    say(f"{rule.name} rests.")


@FORWARDING.command("retry")
def retry(which: Which, data: Data = None) -> None:
    """Send what a rule gave up once more."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        count = offer_again(porion, actor, which)
    say(f"{count} wait again.")


@FORWARDING.command("status")
def status(
    state: Annotated[str | None, typer.Option("--state", help=f"Only those that are {_STATES}.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 100,
    data: Data = None,
    json: Json = False,
) -> None:
    """What is and was on its way, newest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_forwards(porion, actor, state=state, limit=limit)
    if json:
        for row in rows:
            write_json(_told(row))
        return
    columns = ("instance", "state", "attempts", "status", "last error")
    lines = [
        (row.instance_id, row.state, str(row.attempts), _hexadecimal(row.last_status), row.last_error)
        for row in rows
    ]
    write_table(columns, lines)


def _hexadecimal(status: int | None) -> str:
    return "" if status is None else f"{status:04X}H"


def _told(row: Any) -> dict[str, Any]:
    return {camel(key): _moment(value) for key, value in asdict(row).items()}


def _moment(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _line(row: RuleStatus) -> tuple[str, ...]:
    rule = row.rule
    narrowed = [word for word in (rule.source, rule.category, rule.modality) if word]
    what = ", ".join([*narrowed, "verified" if rule.verified_only else "everything at once"])
    what += "" if rule.enabled else " (off)"
    return (rule.name, row.node or "a node that is gone", what, *map(str, row.counts.values()))
