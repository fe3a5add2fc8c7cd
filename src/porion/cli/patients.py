"""``porion patients``: the register from the command line."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, exposure_json, patient_json, patient_line, say, write_json, write_table
from porion.cli.register_table import register_rows
from porion.cli.settings import read_settings
from porion.clinic.patient import Patient
from porion.dicom.identity import SEXES
from porion.dicom.person import Identifier, PersonName
from porion.folder.csv_rows import read_patients
from porion.services.errors import Invalid
from porion.services.exposures import see_exposures
from porion.services.import_patients import import_patients
from porion.services.merge import merge_patients, unmerge
from porion.services.patients import (
    add_patient,
    list_patients,
    see_patient,
)

APP = typer.Typer(help="The register of patients.", no_args_is_help=True)
PatientId = Annotated[str, typer.Argument(help="The patient's identifier in Porion.")]


@APP.command("list")
def list_(
    words: Annotated[str | None, typer.Argument(help="Names or IDs to look for.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Find patients by words of their names or IDs."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        found = list_patients(porion, actor, words=words, limit=limit)
    if json:
        for patient in found:
            write_json(patient_json(patient))
    else:
        write_table(("id", "patient", "sex"), [(p.id, patient_line(p), p.sex) for p in found])


@APP.command("show")
def show(patient_id: PatientId, data: Data = None, json: Json = False) -> None:
    """One patient with the exposures that were logged."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        patient = see_patient(porion, actor, patient_id)
        exposures = see_exposures(porion, actor, patient_id)
    told = [
        {"image": e.image.id, "category": e.image.category, **exposure_json(e.exposure)} for e in exposures
    ]
    if json:
        write_json({**patient_json(patient), "exposures": told}, indent=2)
        return
    say(patient_line(patient))
    columns = ("category", "kvp", "tubeMa", "timeMs", "dapMgycm2", "entranceMgy")
    write_table(columns, [[row[column] for column in columns] for row in told])


@APP.command("add")
def add(
    family: Annotated[str, typer.Option("--family")],
    given: Annotated[str, typer.Option("--given")] = "",
    birth_date: Annotated[str | None, typer.Option("--birth-date", help="YYYY-MM-DD")] = None,
    sex: Annotated[str, typer.Option("--sex", help="F, M or O")] = "",
    patient_id: Annotated[str | None, typer.Option("--patient-id")] = None,
    issuer: Annotated[str, typer.Option("--issuer")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a patient."""
    identifiers = (Identifier(patient_id, issuer),) if patient_id else ()
    patient = Patient("", PersonName(family, given), _birth_date(birth_date), _sex(sex), identifiers)
    with at_the_desk(read_settings(data)) as (porion, actor):
        added = add_patient(porion, actor, patient)
    if json:
        write_json(patient_json(added))
    else:
        say(f"Added {patient_line(added)} as {added.id}.")


def _birth_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{text} is no date: write it as YYYY-MM-DD.") from None


def _sex(text: str) -> str:
    sex = SEXES.get(text.upper(), "")
    if text and not sex:
        raise Invalid(f"{text} is no sex that DICOM knows: write F, M or O, or leave it out.")
    return sex


@APP.command("merge")
def merge(
    stays: Annotated[str, typer.Argument(help="The patient that stays.")],
    goes: Annotated[str, typer.Argument(help="The entry that is merged into it.")],
    reason: Annotated[str, typer.Option("--reason")],
    data: Data = None,
) -> None:
    """Make two entries of one person one."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        merged = merge_patients(porion, actor, stays, goes, reason)
    say(f"{goes} was merged into {patient_line(merged)}.")


@APP.command("unmerge")
def unmerge_(
    goes: Annotated[str, typer.Argument(help="The entry that was merged into another.")],
    reason: Annotated[str, typer.Option("--reason")],
    data: Data = None,
) -> None:
    """Take a merge back: the entry comes back with its images, names and IDs."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        answer = unmerge(porion, actor, goes, reason)
    images = f"{len(answer.moved)} {'item' if len(answer.moved) == 1 else 'items'}"
    say(f"{patient_line(answer.back)} is back with {images}; {patient_line(answer.stays)} stays.")
    if answer.kept:
        say(f"Decided since the merge, look whose they are: {', '.join(answer.kept)}.", "yellow")


@APP.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV table of patients.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring a register in from CSV, with a report for each row."""
    table = read_patients(file)
    with at_the_desk(read_settings(data)) as (porion, actor):
        reports = import_patients(porion, actor, register_rows(table), dry_run=dry_run)
    counts = Counter(report.result.value for report in reports)
    if json:
        for report in reports:
            write_json({camel(key): value for key, value in asdict(report).items()})
        write_json({"summary": dict(counts)})
        return
    say(f"Read as {table.encoding}, dates {table.date_format}.")
    refused = [(report.number, report.reason) for report in reports if report.result.value == "refused"]
    if refused:
        write_table(("row", "refused because"), refused)
    told = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    say(f"{'Would be: ' if dry_run else ''}{told or 'no rows'}.")
