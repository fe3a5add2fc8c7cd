"""Volumes: the manifest that a 3D viewer needs."""

from fastapi import APIRouter

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.volume_shapes import VolumeManifest, volume_manifest
from porion.services.volumes import see_volume

router = APIRouter(prefix="/api/imaging/images", tags=["volumes"], route_class=GuardedRoute)


@router.get("/{image_id}/volume")
def read_manifest(door: TheDoor, actor: Who, image_id: PathId) -> VolumeManifest:
    """Which frame goes where, how large a voxel is, and whether all are there.

    A single picture has a manifest too: its verdict is `not-a-volume`, and its sentence says why.
    """
    return volume_manifest(see_volume(door.porion, actor, image_id), door.porion.pixels)
