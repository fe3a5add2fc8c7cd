"""The command ``porion``."""

from __future__ import annotations

import sys
from functools import partial
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from porion.cli import (
    bring,
    certificates,
    commitments,
    demo,
    devices,
    doctor,
    exposures,
    feed_part,
    feeds,
    fhir_feed,
    forwarding,
    inspect_file,
    jobs,
    jobs_part,
    linking,
    match_csv,
    model,
    nodes,
    patients,
    pending,
    query,
    receiver_part,
    retrieval_rules,
    retrieve,
    serve,
    users,
    worker_part,
    worklist,
)
from porion.cli.failures import exit_status
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


def _run_web(*given: Any) -> None:
    import porion.cli.web_part  # noqa: PLC0415 - no other command and no other part waits for FastAPI

    porion.cli.web_part.run_web(*given)


_RUNNERS = serve.Runners(
    _run_web,
    receiver_part.run_receiver,
    worker_part.run_worker,
    jobs_part.run_jobs,
    feed_part.run_feed,
)
APP.command("serve")(serve.command(_RUNNERS))
APP.command("demo")(demo.command(partial(serve.serve_all, _RUNNERS), serve.tell_event))
APP.command("import")(bring.bring)
APP.command("inspect")(inspect_file.inspect_file)
APP.command("doctor")(doctor.doctor)
APP.command("match")(match_csv.match_csv)
APP.add_typer(model.APP, name="model")
APP.add_typer(patients.APP, name="patients")
APP.add_typer(exposures.EXPOSURES, name="exposures")
APP.add_typer(pending.APP, name="pending")
APP.add_typer(devices.DEVICES, name="device")
APP.add_typer(devices.NETWORK, name="network")
APP.add_typer(commitments.COMMITMENTS, name="commitments")
feeds.FEEDS.command("fhir")(fhir_feed.fhir)
APP.add_typer(feeds.FEEDS, name="feed")
APP.add_typer(worklist.WORKLIST, name="worklist")
APP.add_typer(linking.LINKING, name="linking")
APP.command("query")(query.query_nodes)
APP.add_typer(retrieval_rules.RULES, name="retrieval")
APP.command("retrieve")(retrieve.retrieve_study)
APP.add_typer(nodes.NODES, name="node")
APP.add_typer(forwarding.FORWARDING, name="forward")
APP.add_typer(jobs.JOBS, name="jobs")
APP.add_typer(certificates.CERTIFICATES, name="certificates")
APP.add_typer(users.USERS, name="user")
APP.add_typer(users.TOKENS, name="token")
APP.add_typer(users.AUDIT, name="audit")


def run() -> None:
    """Run the command line; a terminal that lacks a character gets its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    APP()
