"""``porion exposures``: what X-rays cost in radiation, over the clinic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, number, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.clinic.dose_figures import AgeBand, DoseGroup, Figures, ReferenceLevel, Spread
from porion.services.dose_csv import dose_csv
from porion.services.doses import ClinicDoses, days_of, export_doses, see_doses
from porion.services.errors import Invalid

EXPOSURES = typer.Typer(help="What X-rays cost in radiation, over the clinic.", no_args_is_help=True)

_DAY = ["%Y-%m-%d"]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=_DAY, help="The first day; a year before the last one without."),
]
To = Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The last day; today without.")]


@EXPOSURES.command("figures")
def see_figures(first: From = None, last: To = None, data: Data = None, json: Json = False) -> None:
    """Number, median and third quartile of the doses by device, kind and age."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        found = see_doses(porion, actor, *_days(first, last, porion.now()))
    if json:
        write_json(_doses_json(found))
        return
    columns = (
        "device",
        "shows",
        "age",
        "exposures",
        "no dose",
        "quantity",
        "median",
        "3rd quartile",
        "range",
    )
    write_table(
        (*columns, "reference"), [row for group in found.groups for row in _rows(group, found.levels)]
    )
    say(
        f"{found.all.exposures} exposures from {found.first} to {found.last}, "
        f"{found.all.without_dose} of them without a dose."
    )


@EXPOSURES.command("log")
def log(
    out: Annotated[Path, typer.Option("--out", help="Where the table is written, as CSV.")],
    first: From = None,
    last: To = None,
    names: Annotated[bool, typer.Option("--names", help="Say of whom each one was made.")] = False,
    comma: Annotated[bool, typer.Option("--comma", help="Decimal commas, semicolons between cells.")] = False,
    data: Data = None,
) -> None:
    """Write every exposure into a table, in the order in which they were made."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        days = _days(first, last, porion.now())
        lines = export_doses(porion, actor, *days, named=names)
    try:
        with out.open("w", newline="", encoding="utf-8") as file:
            file.writelines(dose_csv(lines, named=names, comma=comma))
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{len(lines)} exposures from {days[0]} to {days[1]} are in {out}.")


def _days(first: datetime | None, last: datetime | None, now: datetime) -> tuple[date, date]:
    return days_of(first.date() if first else None, last.date() if last else None, now.date())


def _rows(group: DoseGroup, levels: Sequence[ReferenceLevel]) -> list[tuple[object, ...]]:
    who = (group.device or "unknown", group.category or "unknown")
    rows = [(*who, "all", *line) for line in _lines(group.figures, ())]
    for age, found in group.by_age.items():
        held = [level for level in levels if level.is_of(group.category, age)]
        rows += [(*who, age.value, *line) for line in _lines(found, held)]
    return rows


def _lines(found: Figures, levels: Sequence[ReferenceLevel]) -> list[tuple[object, ...]]:
    counts = (found.exposures, found.without_dose or "")
    if not found.spreads:
        return [(*counts, *[""] * 5)]
    return [
        (
            *counts,
            f"{spread.quantity.split('_')[0]} ({spread.count})",
            f"{_short(spread.median)} {spread.unit}{'' if spread.enough else ' (few)'}",
            _short(spread.third_quartile),
            f"{_short(spread.lowest)} to {_short(spread.highest)}",
            ", ".join(_held(level, spread) for level in levels if level.quantity == spread.quantity),
        )
        for spread in found.spreads
    ]


def _held(level: ReferenceLevel, spread: Spread) -> str:
    return f"{'above ' if level.is_exceeded_by(spread) else ''}{_short(level.value)}"


def _short(value: Decimal) -> str:
    return f"{Decimal(f'{value:.3g}'):f}"


def _doses_json(found: ClinicDoses) -> dict[str, Any]:
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        **_figures_json(found.all),
        "groups": [
            {
                "device": group.device,
                "category": group.category,
                **_figures_json(group.figures),
                "byAge": [_age_json(found, group, age) for age in group.by_age],
                "byMonth": [
                    {"month": month, **_figures_json(part)} for month, part in group.by_month.items()
                ],
            }
            for group in found.groups
        ],
    }


def _age_json(found: ClinicDoses, group: DoseGroup, age: AgeBand) -> dict[str, Any]:
    part = group.by_age[age]
    levels = [
        {
            "quantity": camel(level.quantity),
            "value": number(level.value),
            "source": level.source,
            "exceeded": any(map(level.is_exceeded_by, part.spreads)),
        }
        for level in found.levels
        if level.is_of(group.category, age)
    ]
    return {"age": age.value, **_figures_json(part), "levels": levels}


def _figures_json(found: Figures) -> dict[str, Any]:
    spreads = [
        {
            **{camel(k): number(v) if isinstance(v, Decimal) else v for k, v in asdict(each).items()},
            "quantity": camel(each.quantity),
            "unit": each.unit,
            "enough": each.enough,
        }
        for each in found.spreads
    ]
    return {"exposures": found.exposures, "withoutDose": found.without_dose, "spreads": spreads}
