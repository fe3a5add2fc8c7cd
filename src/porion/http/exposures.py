"""What the clinic's exposures cost: figures of groups, and the log of every one as a table."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from pydantic.alias_generators import to_camel

from porion.clinic.dose_figures import DOSES, AgeBand, Ages, DoseGroup, Figures, ReferenceLevel
from porion.dicom.category import Category
from porion.dicom.units import Quantity
from porion.http.access import GuardedRoute
from porion.http.door import Door
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape, Text
from porion.services.dose_csv import dose_csv
from porion.services.doses import days_of, export_doses, see_doses
from porion.services.reference_levels import (
    reference_levels,
    remove_reference_level,
    set_reference_level,
)

router = APIRouter(prefix="/api/exposures", tags=["exposures"], route_class=GuardedRoute)

_CSV: Any = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


class Days(Shape):
    """The days of interest, both included; the last year without."""

    first: Annotated[date | None, Field(alias="from", description="A year before the last one without.")] = (
        None
    )
    last: Annotated[date | None, Field(alias="to", description="Today without.")] = None


class LogWanted(Days):
    """``names`` says whom each exposure was made of; ``decimal`` comma puts semicolons between the cells."""

    names: bool = False
    decimal: Literal["point", "comma"] = "point"


Dose = Literal["dapMgycm2", "entranceMgy", "ctdivolMgy", "dlpMgycm"]


class SpreadAnswer(Shape):
    """How the doses of a quantity lie; ``enough`` says whether the median rests on ten exposures or more."""

    quantity: Dose
    unit: str
    count: int
    lowest: float
    median: float
    third_quartile: float
    highest: float
    enough: bool


class FiguresAnswer(Shape):
    """Some exposures; ``withoutDose`` of them state no dose at all, which is unknown and not zero."""

    exposures: int
    without_dose: int
    spreads: list[SpreadAnswer]


class LevelToSet(Shape):
    """A reference level in the unit of its quantity; ``source`` says who gave it, and when."""

    category: Category
    quantity: Dose
    ages: Ages
    value: Annotated[Decimal, Field(gt=0, lt=1_000_000, max_digits=12)]
    source: Text


class LevelAnswer(Shape):
    """A reference level of the clinic."""

    id: str
    category: Category
    quantity: Dose
    unit: str
    ages: Ages
    value: float
    source: str


class Levels(Shape):
    """The clinic's reference levels."""

    items: list[LevelAnswer]


class HeldAgainst(Shape):
    """A reference level for this kind and age; ``exceeded``: a median of enough exposures lies above."""

    quantity: Dose
    value: float
    source: str
    exceeded: bool


class AgeFigures(FiguresAnswer):
    """The exposures of patients of an age, in completed years, and what they are held against."""

    age: AgeBand
    levels: list[HeldAgainst]


class MonthFigures(FiguresAnswer):
    """The exposures of a month (``2026-03``)."""

    month: str


class DoseGroupAnswer(FiguresAnswer):
    """The exposures of a device that show the same; empty where the header names no device."""

    device: str
    category: str | None
    by_age: list[AgeFigures]
    by_month: list[MonthFigures]


class DosesAnswer(FiguresAnswer):
    """All exposures of the days, and each group of them."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    groups: list[DoseGroupAnswer]


@router.get("/figures")
def see_figures(door: TheDoor, actor: Who, days: Annotated[Days, Query()]) -> DosesAnswer:
    """Number, median, third quartile and range of the doses by device, kind, age and month.

    What a reference level is held against: the median of a group, never a single patient.
    """
    found = see_doses(door.porion, actor, *_days(door, days))
    return DosesAnswer(
        first=found.first,
        last=found.last,
        **_figures(found.all),
        groups=[_group(group, found.levels) for group in found.groups],
    )


@router.get("/log", response_class=StreamingResponse, responses=_CSV)
def log(door: TheDoor, actor: Who, wanted: Annotated[LogWanted, Query()]) -> StreamingResponse:
    """Every exposure of the days as CSV, in the order in which they were made; the audit trail keeps it."""
    first, last = _days(door, wanted)
    lines = export_doses(door.porion, actor, first, last, named=wanted.names)
    table = dose_csv(lines, named=wanted.names, comma=wanted.decimal == "comma")
    headers = {"Content-Disposition": f'attachment; filename="exposures_{first}_{last}.csv"'}
    return StreamingResponse(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/levels")
def list_levels(door: TheDoor, actor: Who) -> Levels:
    """The reference levels against which the clinic holds its medians; Porion brings none."""
    return Levels(items=[_level(*one) for one in reference_levels(door.porion, actor)])


@router.put("/levels")
def set_level(door: TheDoor, actor: Who, body: LevelToSet) -> LevelAnswer:
    """Say which reference level holds for a kind, a quantity and an age, in the place of the one before."""
    level = ReferenceLevel(body.category, _quantity(body.quantity), body.ages, body.value, body.source)
    return _level(*set_reference_level(door.porion, actor, level))


@router.delete("/levels/{level_id}", status_code=204)
def remove_level(door: TheDoor, actor: Who, level_id: PathId) -> Response:
    """Hold medians against that level no more."""
    remove_reference_level(door.porion, actor, level_id)
    return Response(status_code=204)


def _days(door: Door, wanted: Days) -> tuple[date, date]:
    return days_of(wanted.first, wanted.last, door.porion.now().date())


def _quantity(dose: Dose) -> Quantity:
    return next(quantity for quantity in DOSES if to_camel(quantity) == dose)


def _level(level_id: str, level: ReferenceLevel) -> LevelAnswer:
    said = {**level._asdict(), "quantity": to_camel(level.quantity), "unit": DOSES[level.quantity]}
    return LevelAnswer.model_validate({"id": level_id, **said})


def _group(group: DoseGroup, levels: Sequence[ReferenceLevel]) -> DoseGroupAnswer:
    return DoseGroupAnswer(
        device=group.device,
        category=group.category,
        **_figures(group.figures),
        by_age=[
            AgeFigures(
                age=age,
                **_figures(found),
                levels=[_held(one, found) for one in levels if one.is_of(group.category, age)],
            )
            for age, found in group.by_age.items()
        ],
        by_month=[MonthFigures(month=month, **_figures(found)) for month, found in group.by_month.items()],
    )


def _held(level: ReferenceLevel, found: Figures) -> HeldAgainst:
    return HeldAgainst.model_validate(
        {
            "quantity": to_camel(level.quantity),
            "value": level.value,
            "source": level.source,
            "exceeded": any(map(level.is_exceeded_by, found.spreads)),
        }
    )


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "exposures": found.exposures,
        "without_dose": found.without_dose,
        "spreads": [
            SpreadAnswer(
                **{**asdict(spread), "quantity": to_camel(spread.quantity)},
                unit=spread.unit,
                enough=spread.enough,
            )
            for spread in found.spreads
        ],
    }
