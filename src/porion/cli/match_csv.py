"""``porion match``: how many of an old archive's patients would be found in the register."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from porion.cli.model_choice import chosen_model
from porion.cli.options import Chosen
from porion.cli.output import complain, say
from porion.clinic.matching import Candidate, match
from porion.clinic.model import Model
from porion.clinic.patient import Patient
from porion.clinic.register import MemoryRegister
from porion.folder.csv_rows import CsvRow, read_patients
from porion.services.errors import Invalid
from porion.services.spreadsheets import no_formula

COLUMNS = ("id", "rank", "grade", "patient", "bits", "vetoes", "explanation")
_TOLD_AT_MOST = 10
Table = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", help="Where the candidates are written, as CSV.")]


def match_csv(directory: Table, incoming: Table, out: Out, model: Chosen = None) -> None:
    """Match one table of patients against another, and write each row's candidates, best first."""
    weighing = chosen_model(model)
    register = MemoryRegister(_patients(directory))
    best: Counter[str] = Counter()
    _write(out, _lines(_identified(incoming), register, weighing, best))
    told = ", ".join(f"{count} {grade}" for grade, count in best.most_common())
    say(f"{best.total()} rows against {register.size()} patients; best candidate: {told or 'none'}.")


def _write(out: Path, lines: Iterable[Sequence[object]]) -> None:
    """The whole result or none: a run that was stopped leaves no half table under the name."""
    beside = out.with_name(f"{out.name}.new")
    try:
        with beside.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *lines])
        beside.replace(out)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.") from error


def _lines(
    rows: Iterable[CsvRow], register: MemoryRegister, model: Model, best: Counter[str]
) -> Iterator[Sequence[object]]:
    for row in rows:
        candidates = match(row.claim, register, model=model)
        best[candidates[0].grade.value if candidates else "nobody"] += 1
        for rank, candidate in enumerate(candidates, 1):
            yield (no_formula(row.id or ""), rank, *_of(candidate))


def _of(candidate: Candidate) -> tuple[str, ...]:
    return (
        candidate.grade.value,
        no_formula(candidate.patient.id),
        f"{candidate.bits:.2f}",
        " | ".join([veto.sentence for veto in candidate.vetoes]),
        candidate.explanation,
    )


def _identified(path: Path) -> Iterator[CsvRow]:
    """The rows that have a name of their own; what is wrong with any row is told."""
    rows = read_patients(path).rows
    if rows and not any(row.id for row in rows):
        raise Invalid(f"{path.name} has no filled column `id`: each row needs a name of its own.")
    _tell_problems(path, rows)
    return (row for row in rows if row.id)


def _tell_problems(path: Path, rows: Sequence[CsvRow]) -> None:
    unnamed = [f"row {row.number} has no id and is left out" for row in rows if not row.id]
    damaged = [f"row {row.number}: {problem}" for row in rows for problem in row.problems]
    told = [*unnamed, *damaged]
    for line in told[:_TOLD_AT_MOST]:
        complain(f"{path.name}: {line}", "yellow")
    if len(told) > _TOLD_AT_MOST:
        complain(f"{path.name}: {len(told) - _TOLD_AT_MOST} more like these.", "yellow")


def _patients(path: Path) -> Iterator[Patient]:
    seen: dict[str | None, int] = {}
    for row in _identified(path):
        first = seen.setdefault(row.id, row.number)
        if first != row.number:
            raise Invalid(f"{path.name}: rows {first} and {row.number} have the same id {row.id}.")
        claim = row.claim
        yield Patient(row.id or "", claim.name, claim.birth_date, claim.sex, claim.identifiers)
