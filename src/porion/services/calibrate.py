"""Give an image a scale: a person measures something of known length in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.calibration import NoScale, Ruler, is_plausible, magnification, scale_by
from porion.dicom.category import Category
from porion.services.errors import Conflict, Invalid, NotFound, must
from porion.services.records import DecisionRow, ImageRow, Json
from porion.services.trail import record, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction

KIND = "calibration"

IN_ITS_PLANE = "The scale holds in the plane of the ruler: what lies nearer to the tube is shown larger."
PANORAMIC = (
    "A panoramic magnifies differently from place to place and from across to down:"
    " the scale holds only where the ruler lies and along it."
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A measured scale of an image and whether it was taken back."""

    decision: DecisionRow
    undone: bool


@dataclass(frozen=True, slots=True)
class Calibrations:
    """An image's calibrations, newest first, and the scale that holds now with what to mind about it."""

    image: ImageRow
    items: Sequence[Calibration]
    warnings: Sequence[str]


def calibrate(porion: Porion, actor: Actor, image_id: str, ruler: Ruler, frame: int = 1) -> Calibrations:
    """Record a ruler; its scale holds until it is undone or another one is measured.

    Conflict for a volume, whose grid is no question of magnification. Invalid when the ruler gives no
    usable scale.
    """
    must(actor, Action.CALIBRATE)
    with porion.store.write(actor.clinic_id) as tx:
        image = _find(tx, image_id)
        _must_be_a_radiograph(image)
        found = _scale(image, ruler, frame)
        decision = DecisionRow(
            id=porion.new_id(),
            kind=KIND,
            item_id=None,
            image_id=image_id,
            patient_id=None,
            actor=actor.name,
            made_at=porion.now(),
            subject="",
            detail=_detail(image, ruler, frame, found),
        )
        changes: Json = {"pixel_spacing": _as_stated(found, ruler, actor)}
        tx.imaging.update_image(image_id, changes)
        tx.inbox.add_decision(decision)
        record(porion, tx, actor.name, "calibrated", ("image", image_id), {"decision": decision.id})
        return _calibrations(tx, replace(image, **changes))


def see_calibrations(porion: Porion, actor: Actor, image_id: str) -> Calibrations:
    """What was measured in an image, and what was taken back."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        found = _calibrations(tx, _find(tx, image_id))
    show(porion, actor, "calibrations shown", ("image", image_id))
    return found


def _find(tx: Transaction, image_id: str) -> ImageRow:
    image = tx.imaging.image(image_id)
    if image is None:
        raise NotFound(f"There is no image {image_id} in this clinic.")
    return image


def _must_be_a_radiograph(image: ImageRow) -> None:
    if image.category is None:
        raise Invalid(f"This is no image ({image.file_type}): there is nothing to measure in it.")
    if image.volume is not None or image.category == Category.CBCT:
        raise Conflict(
            "A volume has a grid of its own in mm, reconstructed by the unit: it is not calibrated by hand."
        )


def _scale(image: ImageRow, ruler: Ruler, frame: int) -> tuple[float, float]:
    if not 0 < frame <= image.frames:
        raise Invalid(f"There is no frame {frame}: the image has {image.frames}.")
    if not image.rows or not image.columns:
        raise Invalid("The header does not say how large the image is: nothing can be measured in it.")
    try:
        return scale_by(ruler, (image.rows, image.columns), _spacing(image.pixel_spacing))
    except NoScale as error:
        raise Invalid(str(error)) from error


def _spacing(stated: Json | None) -> tuple[float, float] | None:
    held = (stated or {}).get("mm")
    return (float(held[0]), float(held[1])) if held else None


def _detail(image: ImageRow, ruler: Ruler, frame: int, found: tuple[float, float]) -> Json:
    """What was measured, what it came to, and what held before, which an undo brings back."""
    return {
        "frame": frame,
        "start": list(ruler.start),
        "end": list(ruler.end),
        "mm": ruler.mm,
        "spacing": list(found),
        "before": {"pixel_spacing": image.pixel_spacing},
    }


def _as_stated(found: tuple[float, float], ruler: Ruler, actor: Actor) -> Json:
    """The scale as the image's row has it: see :class:`porion.dicom.scale.PixelScale`."""
    reason = f"{ruler.mm:g} mm measured over {ruler.pixels:.4g} pixels by {actor.name}"
    return {"mm": list(found), "basis": "calibrated", "reason": reason}


def _calibrations(tx: Transaction, image: ImageRow) -> Calibrations:
    rows = [row for row in tx.inbox.decisions_on_image(image.id) if row.kind == KIND]
    undone = tx.inbox.undone([row.id for row in rows])
    items = [Calibration(row, row.id in undone) for row in reversed(rows)]
    standing = next((one.decision for one in items if not one.undone), None)
    return Calibrations(image, items, _warnings(image, standing) if standing else [])


def _warnings(image: ImageRow, standing: DecisionRow) -> list[str]:
    told = [PANORAMIC if image.category == Category.PANORAMIC else IN_ITS_PLANE]
    before, (down, along) = standing.detail["before"]["pixel_spacing"], standing.detail["spacing"]
    factor = magnification(_spacing(before), (down, along))
    if (before or {}).get("basis") == "detector" and not is_plausible(factor):
        told.append(
            f"The file's spacing at the detector would mean a magnification of {factor:.3g}:"
            " check the ruler's ends and its length."
        )
    return told
