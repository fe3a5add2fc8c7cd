"""Volumes: the manifest that a 3D viewer needs."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from porion.http.access import GuardedRoute
from porion.http.dicom_files import DICOM_FILE, attached
from porion.http.params import PathId, TheDoor, Who
from porion.http.volume_shapes import VolumeManifest, volume_manifest
from porion.services.convert import open_enhanced, open_nifti
from porion.services.volumes import see_volume

router = APIRouter(prefix="/api/imaging/images", tags=["volumes"], route_class=GuardedRoute)

_DICOM, _GZIP = "application/dicom", "application/gzip"
_NIFTI: Any = {200: {"content": {_GZIP: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/{image_id}/volume")
def read_manifest(door: TheDoor, actor: Who, image_id: PathId) -> VolumeManifest:
    """Which frame goes where, how large a voxel is, and whether all are there.

    A single picture has a manifest too: its verdict is `not-a-volume`, and its sentence says why.
    """
    return volume_manifest(see_volume(door.porion, actor, image_id), door.porion.pixels)


@router.get("/{image_id}/volume.dcm", response_class=StreamingResponse, responses=DICOM_FILE)
def fetch_enhanced(door: TheDoor, actor: Who, image_id: PathId) -> StreamingResponse:
    """A series of CT slices as one multi-frame instance (Legacy Converted Enhanced CT)."""
    return attached(open_enhanced(door.porion, actor, image_id), f"{image_id}.dcm", _DICOM)


@router.get("/{image_id}/volume.nii.gz", response_class=StreamingResponse, responses=_NIFTI)
def fetch_nifti(door: TheDoor, actor: Who, image_id: PathId) -> StreamingResponse:
    """A complete volume as NIfTI-1, in RAS; values as they are stored, slope and intercept beside them."""
    return attached(open_nifti(door.porion, actor, image_id), f"{image_id}.nii.gz", _GZIP)
