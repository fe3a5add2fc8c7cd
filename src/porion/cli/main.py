"""The command ``porion``."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from porion.cli import bring, demo, inspect_file, match_csv, patients, pending, serve, users
from porion.cli.failures import exit_status
from porion.cli.options import Data
from porion.cli.output import complain
from porion.services.errors import PorionError


class _Telling(TyperGroup):
    """All commands; an error is a sentence on standard error and an exit status, never a stack trace."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except PorionError as error:
            complain(str(error))
            raise typer.Exit(exit_status(error)) from error


APP = typer.Typer(
    name="porion",
    cls=_Telling,
    help="Brings an orthodontic clinic's X-rays in over DICOM.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
APP.command("serve")(serve.serve)
APP.command("import")(bring.bring)
APP.command("inspect")(inspect_file.inspect_file)
APP.command("match")(match_csv.match_csv)
APP.add_typer(patients.APP, name="patients")
APP.add_typer(pending.APP, name="pending")
APP.add_typer(users.USERS, name="user")
APP.add_typer(users.TOKENS, name="token")
APP.add_typer(users.AUDIT, name="audit")


@APP.command("demo")
def demo_clinic(
    http: serve.Http = serve.DEFAULT_HTTP,
    data: Data = None,
    stay: Annotated[bool, typer.Option("--serve/--no-serve", help="Answer over HTTP afterwards.")] = True,
) -> None:
    """Fill a demo clinic with patients who do not exist and X-rays that were drawn, and serve it."""
    with demo.filled(data) as place:
        pending.list_(data=place)
        if stay:
            serve.serve(http=http, data=place)


def run() -> None:
    """Run the command line; a terminal that lacks a character gets its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    APP()
