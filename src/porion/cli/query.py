"""``porion query``: what remote nodes hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import complain, write_json, write_table
from porion.cli.remotes import remotes_of
from porion.cli.settings import read_settings
from porion.services.errors import Invalid
from porion.services.query import MOST, Asked, Found, Outcome, query
from porion.services.query_shapes import found_json
from porion.services.remote_ports import Level

_COLUMNS = ("node", "name", "ID", "born", "date", "modalities", "study or below", "held", "match")
_FAILED = 8


def query_nodes(
    nodes: Annotated[list[str], typer.Argument(metavar="NODE...", help="The nodes' names.")],
    level: Annotated[Level, typer.Option("--level", help="What is asked for.", case_sensitive=False)] = (
        Level.STUDY
    ),
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="KEYWORD=VALUE, such as PatientName=DOE* or StudyDate=2026-01-01-."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help="Answers of each node.")] = 200,
    data: Data = None,
    json: Json = False,
) -> None:
    """Ask remote nodes what they hold; the exit status is 8 when one of them fails."""
    settings = read_settings(data)
    outcomes: list[Outcome] = []
    rows: list[Sequence[object]] = []
    with at_the_desk(settings) as (porion, actor):
        asked = Asked(tuple(nodes), level, read_keys(key or []), limit)
        for one in query(porion, remotes_of(porion, settings), actor, asked):
            if isinstance(one, Outcome):
                outcomes.append(one)
            elif json:
                write_json(found_json(one))
            else:
                rows.append(_line(one))
    if not json:
        write_table(_COLUMNS, rows)
    for outcome in outcomes:
        if outcome.error or outcome.capped:
            complain(
                outcome.error or f"{outcome.node} has more than {outcome.answers} answers: ask for less."
            )
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(_FAILED)


def read_keys(given: Sequence[str]) -> dict[str, str]:
    """Keys as they are written on the command line."""
    pairs = [text.partition("=") for text in given]
    wrong = next((keyword for keyword, sign, _ in pairs if not sign), None)
    if wrong is not None:
        raise Invalid(f"{wrong} is no key: write KEYWORD=VALUE.")
    return {keyword: value for keyword, _, value in pairs}


def _line(found: Found) -> Sequence[object]:
    of = found.attributes
    uids = (of.text(word) for word in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"))
    held = "" if found.held is None else f"{found.held} of {'?' if found.stated is None else found.stated}"
    return (
        found.node,
        of.text("PatientName") or "",
        of.text("PatientID") or "",
        of.text("PatientBirthDate") or "",
        of.text("StudyDate") or of.text("SeriesDate") or "",
        " ".join(of.texts("ModalitiesInStudy") or of.texts("Modality")),
        next((uid for uid in uids if uid), ""),
        held,
        found.grade or "",
    )
