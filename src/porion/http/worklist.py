"""What is scheduled at devices: ours for everybody, and the worklists that administrators ask for."""

from typing import Annotated

from fastapi import APIRouter, Query

from porion.clinic.scheduling import TEMPLATES, StepState
from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Page, next_cursor
from porion.http.worklist_shapes import (
    DeviceWorklist,
    NewSchedule,
    NewStep,
    PerformedSteps,
    ProfileEdit,
    ScheduleWanted,
    StepAnswer,
    StepEdit,
    Steps,
    Templates,
    WorklistAnswer,
    WorklistsWanted,
    performed_answer,
    step_answer,
    template_answer,
    traced_answer,
    worklist_answer,
)
from porion.services.performed import list_performed
from porion.services.remote_worklist import ask_worklists
from porion.services.schedule import (
    StepChange,
    Wanted,
    WantedStep,
    change_step,
    move_step,
    schedule,
)
from porion.services.worklist import see_schedule, see_step
from porion.services.worklist_profiles import ProfileChange, set_profile, trace_worklist

router = APIRouter(prefix="/api/imaging", tags=["worklist"], route_class=GuardedRoute)
Asked = Annotated[ScheduleWanted, Query()]


@router.get("/dicom/worklist")
def worklists(door: TheDoor, actor: Who, wanted: Annotated[WorklistsWanted, Query()]) -> WorklistAnswer:
    """Our steps and those of remote worklist servers together, each with whose it may be."""
    found = ask_worklists(door.porion, door.remotes, actor, wanted.narrowed(), wanted.node, wanted.limit)
    return worklist_answer(found)


@router.get("/devices/{device_id}/worklist")
def device_worklist(door: TheDoor, actor: Who, device_id: PathId) -> DeviceWorklist:
    """What a device asked of its worklist lately, and why it got what it got."""
    return traced_answer(trace_worklist(door.porion, actor, device_id))


@router.patch("/devices/{device_id}/worklist")
def change_device_worklist(door: TheDoor, actor: Who, device_id: PathId, body: ProfileEdit) -> DeviceWorklist:
    """Change how a device's worklist queries are answered; what is left out stays."""
    set_profile(door.porion, actor, device_id, ProfileChange(**body.model_dump(by_alias=False)))
    return traced_answer(trace_worklist(door.porion, actor, device_id))


@router.get("/performed")
def performed(door: TheDoor, actor: Who, page: Annotated[Page, Query()]) -> PerformedSteps:
    """What devices reported of their work (MPPS), newest first."""
    rows = list_performed(door.porion, actor, after=page.cursor, limit=page.limit)
    items = [performed_answer(row) for row in rows]
    return PerformedSteps(items=items, next_cursor=next_cursor(rows, page))


@router.get("/worklist")
def steps(door: TheDoor, actor: Who, wanted: Asked) -> Steps:
    """Our own steps, the first to start first."""
    views = see_schedule(door.porion, actor, wanted.narrowed(), wanted.limit)
    return Steps(items=[step_answer(view) for view in views])


@router.post("/worklist", status_code=201)
def new_steps(door: TheDoor, actor: Who, body: NewSchedule) -> Steps:
    """Schedule steps for a patient: a template's, or those that are listed."""
    asked = tuple(_wanted_step(one) for one in body.steps)
    said = {name: getattr(body, name) for name in NewSchedule.model_fields}
    views = schedule(door.porion, actor, Wanted(**{**said, "steps": asked}))
    return Steps(items=[step_answer(view) for view in views])


@router.get("/worklist/templates")
def templates(actor: Who) -> Templates:
    """Steps that are scheduled together."""
    del actor
    return Templates(items=[template_answer(one) for one in TEMPLATES.values()])


@router.get("/worklist/{step_id}")
def step(door: TheDoor, actor: Who, step_id: PathId) -> StepAnswer:
    """One step, by its identifier or its Scheduled Procedure Step ID."""
    return step_answer(see_step(door.porion, actor, step_id))


@router.patch("/worklist/{step_id}")
def edit_step(door: TheDoor, actor: Who, step_id: PathId, body: StepEdit) -> StepAnswer:
    """Change a step that no device has begun; what is left out stays."""
    change = StepChange(**body.model_dump(by_alias=False))
    return step_answer(change_step(door.porion, actor, step_id, change))


@router.post("/worklist/{step_id}/cancel")
def cancel_step(door: TheDoor, actor: Who, step_id: PathId) -> StepAnswer:
    """Take a step off the devices' worklists."""
    return step_answer(move_step(door.porion, actor, step_id, StepState.CANCELLED))


@router.post("/worklist/{step_id}/reschedule")
def reschedule_step(door: TheDoor, actor: Who, step_id: PathId) -> StepAnswer:
    """Put a step that was cancelled, discontinued or begun back on the worklists."""
    return step_answer(move_step(door.porion, actor, step_id, StepState.SCHEDULED))


@router.post("/worklist/{step_id}/complete")
def complete_step(door: TheDoor, actor: Who, step_id: PathId) -> StepAnswer:
    """Say by hand that a step is done."""
    return step_answer(move_step(door.porion, actor, step_id, StepState.COMPLETED))


def _wanted_step(stated: NewStep) -> WantedStep:
    said = {name: getattr(stated, name) for name in NewStep.model_fields}
    codes = None if stated.codes is None else tuple(one.model_dump() for one in stated.codes)
    return WantedStep(**{**said, "codes": codes})
