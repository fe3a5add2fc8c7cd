"""``porion user``, ``porion token`` and ``porion audit``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.accounts import create_token, create_user, list_users
from porion.services.errors import Invalid, StorageFailed
from porion.services.trail import read_trail, verify_trail

USERS = typer.Typer(help="Who may sign in.", no_args_is_help=True)
TOKENS = typer.Typer(help="API tokens.", no_args_is_help=True)
AUDIT = typer.Typer(help="The audit trail.", no_args_is_help=True)
Email = Annotated[str, typer.Option("--email")]


@USERS.command("create")
def create(
    email: Email,
    role: Annotated[str, typer.Option("--role", help="admin, clinician or reception")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from standard input.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a user."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        raise Invalid("Give the password with --password-stdin.")
    with at_the_desk(read_settings(data)) as (porion, actor):
        user = create_user(porion, actor, email, role, password)
    if json:
        write_json({"id": user.id, "email": user.email, "role": user.role})
    else:
        say(f"{user.email} may sign in as {user.role}.")


@USERS.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The clinic's users."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        users = list_users(porion, actor)
    if json:
        for user in users:
            write_json({"id": user.id, "email": user.email, "role": user.role, "state": user.state})
    else:
        write_table(("e-mail", "role", "state"), [(user.email, user.role, user.state) for user in users])


@TOKENS.command("create")
def create_token_(
    user: Annotated[str, typer.Option("--user", help="Whose token it is: an e-mail address.")],
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Make an API token; it is shown only now."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        token, secret = create_token(porion, actor, name, user)
    if json:
        write_json({"id": token.id, "name": token.name, "token": secret})
    else:
        sys.stdout.write(f"{secret}\n")


@AUDIT.command("list")
def trail(limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """The newest links of the chain."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = read_trail(porion, actor, before=None, limit=limit, object_id=None)
    if json:
        for row in rows:
            write_json({camel(key): value for key, value in asdict(row).items()})
    else:
        told = [
            (row.number, row.at[:19], row.actor, row.action, f"{row.object_kind} {row.object_id}")
            for row in rows
        ]
        write_table(("", "at (UTC)", "who", "what", "on"), told)


@AUDIT.command("verify")
def verify(data: Data = None, json: Json = False) -> None:
    """Recompute the whole chain; fails when a link does not fit."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        verdict = verify_trail(porion, actor)
    if json:
        write_json({camel(key): value for key, value in asdict(verdict).items()})
    if not verdict.whole:
        raise StorageFailed(f"The audit trail is broken at link {verdict.broken_at}: somebody changed it.")
    if not json:
        say(f"The audit trail is whole: {verdict.links} links.")
