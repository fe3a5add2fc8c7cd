"""Volumes for other programs: one multi-frame DICOM instance, or NIfTI."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from pydicom.uid import CTImageStorage

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, must
from porion.services.pixel_ports import Grid, Held
from porion.services.trail import show
from porion.services.volumes import VolumeView, read_volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from porion.services.ports import Porion


def open_enhanced(porion: Porion, actor: Actor, image_id: str) -> BinaryIO:
    """A slice series as Legacy Converted Enhanced CT (PS3.3 A.70), for the caller to close.

    Conflict when the image is no such series; Unshowable when its slices do not fit together. Slices that
    are missing are missing there too: each frame says where it lies.
    """
    return _opened(porion, actor, image_id, "enhanced CT", _as_enhanced)


def open_nifti(porion: Porion, actor: Actor, image_id: str) -> BinaryIO:
    """A volume as gzipped NIfTI-1 in RAS, for the caller to close.

    Conflict for what NIfTI cannot say: that slices are missing, or lie unevenly.
    """
    return _opened(porion, actor, image_id, "NIfTI", _as_nifti)


def _opened(
    porion: Porion,
    actor: Actor,
    image_id: str,
    form: str,
    convert: Callable[[Porion, str, VolumeView], BinaryIO],
) -> BinaryIO:
    must(actor, Action.SEE_IMAGES)
    view = read_volume(porion, actor.clinic_id, image_id)
    # What cannot be audited leaves nothing: the link comes first.
    show(porion, actor, "volume exported", ("image", image_id), {"form": form})
    return convert(porion, actor.clinic_id, view)


def _as_enhanced(porion: Porion, clinic_id: str, view: VolumeView) -> BinaryIO:
    instances = [frame.instance for frame in view.frames]
    if view.image.volume is None:
        raise Conflict("This is no volume but a single picture: fetch its file.")
    if view.image.instance_id is not None:
        raise Conflict("This volume is one multi-frame instance already: fetch its file.")
    if any(instance.sop_class_uid != CTImageStorage for instance in instances):
        raise Conflict("Only slices of CT Image Storage can be made one instance of Enhanced CT.")
    held = [Held(clinic_id, instance.digest) for instance in instances]
    return porion.pixels.enhanced(held, view.spacing[2] if view.spacing else None)


def _as_nifti(porion: Porion, clinic_id: str, view: VolumeView) -> BinaryIO:
    if view.affine is None:
        raise Conflict(f"NIfTI needs a grid in mm, and this is {view.sentence}.")
    if view.missing or view.gaps:
        raise Conflict(f"NIfTI cannot say that slices are missing ({view.sentence}): it would look complete.")
    uneven = [one["reason"] for one in view.problems if one["reason"].startswith("uneven")]
    if uneven:
        raise Conflict(f"NIfTI has one distance between slices, and here is {uneven[0]}.")
    frames = [(Held(clinic_id, frame.instance.digest), frame.number) for frame in view.frames]
    grid = Grid(view.affine, view.look.slope, view.look.intercept, _note(view))
    return porion.pixels.nifti(frames, grid)


def _note(view: VolumeView) -> str:
    return "Grey values, not HU" + ("" if view.placed_by == "positions" else f"; {view.placed_by}")
