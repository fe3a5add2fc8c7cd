"""Devices and the network: for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query

from porion.http.access import GuardedRoute
from porion.http.device_shapes import (
    Approval,
    CommitmentAnswer,
    Commitments,
    DeviceAnswer,
    DeviceEdit,
    DeviceList,
    Diagnosis,
    FindingAnswer,
    NetworkAnswer,
    NetworkEdit,
    NewDevice,
)
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Page, next_cursor
from porion.services.commitment import list_commitments
from porion.services.devices import (
    DeviceChange,
    add_device,
    approve_device,
    block_device,
    edit_device,
    list_devices,
    see_device,
)
from porion.services.diagnosis import diagnose_device
from porion.services.network import NetworkChange, see_network, set_network

router = APIRouter(prefix="/api/imaging", tags=["devices"], route_class=GuardedRoute)


@router.get("/devices")
def devices(door: TheDoor, actor: Who) -> DeviceList:
    """The clinic's devices; those that wait for approval come first, with what they asked for."""
    rows = list_devices(door.porion, actor)
    return DeviceList(items=[DeviceAnswer.model_validate(row) for row in rows])


@router.post("/devices", status_code=201)
def new_device(door: TheDoor, actor: Who, body: NewDevice) -> DeviceAnswer:
    """Let a device in that has not knocked yet."""
    row = add_device(door.porion, actor, body.ae_title, body.address, body.name, body.port)
    return DeviceAnswer.model_validate(row)


@router.get("/devices/{device_id}")
def device(door: TheDoor, actor: Who, device_id: PathId) -> DeviceAnswer:
    """One device."""
    return DeviceAnswer.model_validate(see_device(door.porion, actor, device_id))


@router.patch("/devices/{device_id}")
def change_device(door: TheDoor, actor: Who, device_id: PathId, body: DeviceEdit) -> DeviceAnswer:
    """Change what is known of a device; what is left out stays."""
    change = DeviceChange(**body.model_dump(by_alias=False))
    return DeviceAnswer.model_validate(edit_device(door.porion, actor, device_id, change))


@router.post("/devices/{device_id}/approve")
def approve(door: TheDoor, actor: Who, device_id: PathId, body: Approval | None = None) -> DeviceAnswer:
    """Let a device in, from the address that it came from unless a range is given."""
    row = approve_device(door.porion, actor, device_id, body.address if body else None)
    return DeviceAnswer.model_validate(row)


@router.post("/devices/{device_id}/block")
def block(door: TheDoor, actor: Who, device_id: PathId) -> DeviceAnswer:
    """Turn a device away from now on."""
    return DeviceAnswer.model_validate(block_device(door.porion, actor, device_id))


@router.get("/network")
def network(door: TheDoor, actor: Who) -> NetworkAnswer:
    """The clinic's AE title, and where Porion listens for DICOM."""
    return NetworkAnswer.model_validate(see_network(door.porion, actor))


@router.put("/network")
def change_network(door: TheDoor, actor: Who, body: NetworkEdit) -> NetworkAnswer:
    """Set the network up; addresses hold from the next start, the title at once."""
    row = set_network(door.porion, actor, NetworkChange(**body.model_dump(by_alias=False)))
    return NetworkAnswer.model_validate(row)


@router.get("/devices/{device_id}/diagnosis")
def diagnosis(door: TheDoor, actor: Who, device_id: PathId) -> Diagnosis:
    """What keeps a device from sending, in plain sentences."""
    found = diagnose_device(door.porion, actor, device_id)
    return Diagnosis(findings=[FindingAnswer.model_validate(one) for one in found])


@router.get("/commitments")
def commitments(door: TheDoor, actor: Who, page: Annotated[Page, Query()]) -> Commitments:
    """What devices asked Porion to commit to, newest first."""
    rows = list_commitments(door.porion, actor, after=page.cursor, limit=page.limit)
    items = [CommitmentAnswer.model_validate(row) for row in rows]
    return Commitments(items=items, next_cursor=next_cursor(rows, page))
