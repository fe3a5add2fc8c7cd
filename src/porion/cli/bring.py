"""``porion import``: files, folders, ZIP archives and DICOM media."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from porion.cli.compose import at_the_desk, scratch
from porion.cli.options import Data, Json
from porion.cli.output import ERR, complain, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.folder.walk import find
from porion.services.errors import NotFound
from porion.services.import_files import import_found
from porion.services.incoming import Found
from porion.services.receive import Outcome, Result
from porion.services.reconcile import reconcile

PATIENCE = 1.0
"""Seconds that pass before a person at a terminal sees that something is going on."""

Paths = Annotated[list[Path], typer.Argument(help="Files, folders, ZIP archives or DICOM media.")]


def bring(paths: Paths, data: Data = None, json: Json = False) -> None:
    """Bring files in; each one is accounted for, and a second run changes nothing."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise NotFound(f"There is nothing at {', '.join(missing)}.")
    settings = read_settings(data)
    with at_the_desk(settings, reads_many=True) as (porion, actor), scratch(settings) as room:
        findings = reconcile(porion, actor.clinic_id)
        if findings.recovered or findings.missing_files:
            complain(findings.sentence())
        found = find(paths, scratch=room)
        if json:
            _tell_machines(import_found(porion, actor, "file", found))
            return
        with closing(counted(found, ERR)) as watched:
            _tell_people(import_found(porion, actor, "file", watched))


def _tell_machines(outcomes: Iterable[Outcome]) -> None:
    """Each outcome as soon as it holds, and the counts at the end."""
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts[outcome.outcome.value] += 1
        write_json(outcome_json(outcome))
    write_json({"summary": dict(counts)})


def _tell_people(outcomes: Iterable[Outcome]) -> None:
    """What needs a word, the counts, and what the images show."""
    counts: Counter[str] = Counter()
    images: dict[str, str] = {}
    worth_telling = []
    for outcome in outcomes:
        counts[outcome.outcome.value] += 1
        if outcome.image_id and outcome.outcome is Result.PENDING:
            images[outcome.image_id] = outcome.category or "other than images"
        if outcome.reason and outcome.outcome is not Result.DUPLICATE:
            worth_telling.append((outcome.outcome.value, outcome.path, outcome.reason))
    if worth_telling:
        write_table(("outcome", "file", "why"), worth_telling)
    say(summary(counts))
    if images:
        shown = Counter(images.values())
        say(f"They show {', '.join(f'{count} {what}' for what, count in shown.most_common())}.")
        say("`porion pending list` tells whose they may be.")


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One file's outcome."""
    return {
        "path": outcome.path,
        "outcome": outcome.outcome.value,
        "reason": outcome.reason,
        "sopInstanceUid": outcome.sop_instance_uid,
        "imageId": outcome.image_id,
        "category": outcome.category,
    }


def summary(counts: Counter[str]) -> str:
    """The counts in a sentence."""
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    return f"{sum(counts.values())} files: {told or 'nothing found'}."


def counted(
    found: Iterable[Found], console: Console, clock: Callable[[], float] = monotonic
) -> Generator[Found, None, None]:
    """Pass on what is found; at a terminal, and after a moment, a line counts it."""
    columns = (SpinnerColumn(), TextColumn("{task.completed} files"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task("import", total=None)
    begun = clock()
    try:
        for number, one in enumerate(found, 1):
            if console.is_interactive and not progress.live.is_started and clock() - begun > PATIENCE:
                progress.start()
            progress.update(task, completed=number)
            yield one
    finally:
        if progress.live.is_started:
            progress.stop()
