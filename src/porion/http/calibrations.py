"""Calibrations: the scale of a radiograph, measured by a person."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from porion.dicom.calibration import Ruler
from porion.http.access import GuardedRoute
from porion.http.image_shapes import PixelSpacing
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape
from porion.services.calibrate import Calibration, Calibrations, calibrate, see_calibrations

router = APIRouter(prefix="/api/imaging/images", tags=["images"], route_class=GuardedRoute)

Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class Point(Shape):
    """A place in a frame, in pixels: x to the right, y down, 0/0 the middle of the first pixel."""

    x: Number
    y: Number


class Measured(Shape):
    """Something of known length in a frame."""

    start: Point
    end: Point
    mm: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    frame: Annotated[int, Field(ge=1)] = 1


class CalibrationAnswer(Measured):
    """A measurement, who made it, and the mm between rows and columns that it came to."""

    decision_id: str
    by: str
    made_at: datetime
    undone: bool
    spacing: tuple[float, float]


class CalibrationsAnswer(Shape):
    """An image's calibrations, newest first, the scale that holds now, and what to mind about it."""

    items: list[CalibrationAnswer]
    pixel_spacing: PixelSpacing | None
    warnings: list[str]


@router.get("/{image_id}/calibrations")
def list_them(door: TheDoor, actor: Who, image_id: PathId) -> CalibrationsAnswer:
    """What was measured, newest first; what was taken back is marked."""
    return _answer(see_calibrations(door.porion, actor, image_id))


@router.post("/{image_id}/calibrations", status_code=201)
def measure(door: TheDoor, actor: Who, image_id: PathId, body: Measured) -> CalibrationsAnswer:
    """Give the image a scale; `POST /api/imaging/decisions/{decisionId}/undo` takes it back."""
    ruler = Ruler((body.start.x, body.start.y), (body.end.x, body.end.y), body.mm)
    return _answer(calibrate(door.porion, actor, image_id, ruler, body.frame))


def _answer(found: Calibrations) -> CalibrationsAnswer:
    spacing = found.image.pixel_spacing
    return CalibrationsAnswer(
        items=[_one(item) for item in found.items],
        pixel_spacing=PixelSpacing.model_validate(spacing) if spacing else None,
        warnings=list(found.warnings),
    )


def _one(item: Calibration) -> CalibrationAnswer:
    row = item.decision
    (start_x, start_y), (end_x, end_y) = row.detail["start"], row.detail["end"]
    return CalibrationAnswer(
        start=Point(x=start_x, y=start_y),
        end=Point(x=end_x, y=end_y),
        mm=row.detail["mm"],
        frame=row.detail["frame"],
        decision_id=row.id,
        by=row.actor,
        made_at=row.made_at,
        undone=item.undone,
        spacing=row.detail["spacing"],
    )
