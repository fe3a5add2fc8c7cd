"""Who may call what: one table for every route. A route without a row cannot be made.

The table decides, and the API's description says what the table says.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping
from enum import StrEnum
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from porion.clinic.permissions import NEEDS, Action, Actor
from porion.http.callers import caller, must_be_same_origin
from porion.http.door import Door
from porion.http.problem_docs import DECLARED
from porion.http.screens import PAGE_ROUTES
from porion.services.errors import must


class Open(StrEnum):
    """Routes that no action of the clinic stands behind."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"


Access = Action | Open

_STUDY = "/dicom-web/studies/{study}"
_SERIES = f"{_STUDY}/series/{{series}}"
_INSTANCE = f"{_SERIES}/instances/{{instance}}"

ACCESS: Mapping[str, Access] = {
    **dict.fromkeys(PAGE_ROUTES, Open.PUBLIC),
    "POST /api/setup": Open.PUBLIC,
    "GET /api/health": Open.PUBLIC,
    "GET /api/overview": Action.SEE_IMAGES,
    "GET /api/events": Action.SEE_IMAGES,
    "POST /api/session": Open.PUBLIC,
    "GET /api/session": Open.SIGNED_IN,
    "DELETE /api/session": Open.SIGNED_IN,
    "POST /api/imaging/dicom/import": Action.IMPORT,
    "POST /api/imaging/dicom/query": Action.ASK_NODES,
    "POST /api/imaging/dicom/retrieve": Action.ASK_NODES,
    "POST /api/imaging/uploads": Action.IMPORT,
    "GET /api/imaging/uploads/{upload_id}": Action.IMPORT,
    "PUT /api/imaging/uploads/{upload_id}": Action.IMPORT,
    "DELETE /api/imaging/uploads/{upload_id}": Action.IMPORT,
    "POST /api/imaging/uploads/{upload_id}/finish": Action.IMPORT,
    "POST /api/imaging/dicom/match": Action.DECIDE,
    "GET /api/imaging/images": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/tags": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/file": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/picture": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/decisions": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/frames": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/volume": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/volume.dcm": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/volume.nii.gz": Action.SEE_IMAGES,
    "GET /api/imaging/images/{image_id}/calibrations": Action.SEE_IMAGES,
    "POST /api/imaging/images/{image_id}/calibrations": Action.CALIBRATE,
    "POST /api/imaging/images/{image_id}/category": Action.CORRECT_CATEGORY,
    "GET /api/imaging/pending": Action.SEE_INBOX,
    "GET /api/imaging/pending/{pending_id}": Action.SEE_INBOX,
    "POST /api/imaging/pending/{pending_id}/create-patient": Action.EDIT_PATIENTS,
    "POST /api/imaging/pending/{pending_id}/reject": Action.DECIDE,
    "POST /api/imaging/pending/{pending_id}/reassign": Action.DECIDE,
    "POST /api/imaging/pending/{pending_id}/split": Action.DECIDE,
    "POST /api/imaging/decisions/{decision_id}/undo": Action.DECIDE,
    "GET /api/imaging/conflicts": Action.SEE_IMAGES,
    "GET /api/imaging/conflicts/{instance_id}/file": Action.SEE_IMAGES,
    "GET /api/imaging/quarantine": Action.SEE_IMAGES,
    "GET /api/imaging/states": Action.SEE_IMAGES,
    "GET /api/imaging/devices": Action.SEE_DEVICES,
    "POST /api/imaging/devices": Action.MANAGE_DEVICES,
    "GET /api/imaging/devices/{device_id}": Action.SEE_DEVICES,
    "PATCH /api/imaging/devices/{device_id}": Action.MANAGE_DEVICES,
    "POST /api/imaging/devices/{device_id}/approve": Action.MANAGE_DEVICES,
    "POST /api/imaging/devices/{device_id}/block": Action.MANAGE_DEVICES,
    "GET /api/imaging/devices/{device_id}/diagnosis": Action.SEE_DEVICES,
    "GET /api/imaging/network": Action.SEE_DEVICES,
    "PUT /api/imaging/network": Action.MANAGE_DEVICES,
    "GET /api/imaging/commitments": Action.SEE_DEVICES,
    "GET /api/imaging/linking": Action.MANAGE_LINKING,
    "PUT /api/imaging/linking": Action.MANAGE_LINKING,
    "GET /api/imaging/linking/samples": Action.DECIDE,
    "POST /api/imaging/linking/samples/{sample_id}": Action.DECIDE,
    "GET /api/imaging/dicom/worklist": Action.ASK_WORKLISTS,
    "GET /api/imaging/devices/{device_id}/worklist": Action.SEE_DEVICES,
    "PATCH /api/imaging/devices/{device_id}/worklist": Action.MANAGE_DEVICES,
    "GET /api/imaging/performed": Action.SEE_SCHEDULE,
    "GET /api/imaging/worklist": Action.SEE_SCHEDULE,
    "POST /api/imaging/worklist": Action.SCHEDULE,
    "GET /api/imaging/worklist/templates": Action.SEE_SCHEDULE,
    "GET /api/imaging/worklist/{step_id}": Action.SEE_SCHEDULE,
    "PATCH /api/imaging/worklist/{step_id}": Action.SCHEDULE,
    "POST /api/imaging/worklist/{step_id}/cancel": Action.SCHEDULE,
    "POST /api/imaging/worklist/{step_id}/complete": Action.SCHEDULE,
    "POST /api/imaging/worklist/{step_id}/reschedule": Action.SCHEDULE,
    "GET /api/patients": Action.SEE_PATIENTS,
    "POST /api/patients": Action.EDIT_PATIENTS,
    "POST /api/patients/search": Action.SEE_PATIENTS,
    "POST /api/patients/import": Action.EDIT_PATIENTS,
    "GET /api/patients/{patient_id}": Action.SEE_PATIENTS,
    "PUT /api/patients/{patient_id}": Action.EDIT_PATIENTS,
    "POST /api/patients/{patient_id}/merge": Action.EDIT_PATIENTS,
    "POST /api/patients/{patient_id}/unmerge": Action.EDIT_PATIENTS,
    "GET /api/patients/{patient_id}/relations": Action.SEE_PATIENTS,
    "GET /api/patients/{patient_id}/exposures": Action.SEE_EXPOSURES,
    "GET /api/exposures/figures": Action.SEE_EXPOSURES,
    "GET /api/exposures/log": Action.EXPORT_EXPOSURES,
    "GET /api/exposures/levels": Action.SEE_EXPOSURES,
    "PUT /api/exposures/levels": Action.SET_LEVELS,
    "DELETE /api/exposures/levels/{level_id}": Action.SET_LEVELS,
    "GET /api/imaging/forwarding": Action.SEE_NODES,
    "GET /api/imaging/forwarding/rules": Action.SEE_NODES,
    "POST /api/imaging/forwarding/rules": Action.MANAGE_NODES,
    "PATCH /api/imaging/forwarding/rules/{rule_id}": Action.MANAGE_NODES,
    "POST /api/imaging/forwarding/rules/{rule_id}/retry": Action.MANAGE_NODES,
    "DELETE /api/imaging/forwarding/rules/{rule_id}": Action.MANAGE_NODES,
    "GET /api/imaging/nodes": Action.SEE_NODES,
    "POST /api/imaging/nodes": Action.MANAGE_NODES,
    "GET /api/imaging/nodes/{node_id}": Action.SEE_NODES,
    "PATCH /api/imaging/nodes/{node_id}": Action.MANAGE_NODES,
    "DELETE /api/imaging/nodes/{node_id}": Action.MANAGE_NODES,
    "POST /api/imaging/nodes/{node_id}/test": Action.MANAGE_NODES,
    "GET /api/imaging/retrieval-rules": Action.SEE_NODES,
    "POST /api/imaging/retrieval-rules": Action.MANAGE_NODES,
    "PATCH /api/imaging/retrieval-rules/{rule_id}": Action.MANAGE_NODES,
    "DELETE /api/imaging/retrieval-rules/{rule_id}": Action.MANAGE_NODES,
    "POST /api/imaging/retrieval-rules/{rule_id}/rehearse": Action.MANAGE_NODES,
    "GET /api/jobs": Action.SEE_JOBS,
    "GET /api/jobs/{job_id}": Action.SEE_JOBS,
    "GET /api/jobs/{job_id}/events": Action.SEE_JOBS,
    "POST /api/jobs/{job_id}/cancel": Action.SEE_JOBS,
    "POST /api/jobs/{job_id}/retry": Action.SEE_JOBS,
    "GET /fhir/metadata": Open.PUBLIC,
    "POST /fhir/Patient/$match": Action.DECIDE,
    "POST /fhir": Action.FEED_REGISTER,
    "GET /dicom-web/studies": Action.SEE_IMAGES,
    "GET /dicom-web/series": Action.SEE_IMAGES,
    "GET /dicom-web/instances": Action.SEE_IMAGES,
    f"GET {_STUDY}/series": Action.SEE_IMAGES,
    f"GET {_STUDY}/instances": Action.SEE_IMAGES,
    f"GET {_SERIES}/instances": Action.SEE_IMAGES,
    f"GET {_STUDY}": Action.SEE_IMAGES,
    f"GET {_SERIES}": Action.SEE_IMAGES,
    f"GET {_INSTANCE}": Action.SEE_IMAGES,
    f"GET {_STUDY}/metadata": Action.SEE_IMAGES,
    f"GET {_SERIES}/metadata": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/metadata": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/bulkdata/{{path}}": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/frames/{{frames}}": Action.SEE_IMAGES,
    f"GET {_STUDY}/rendered": Action.SEE_IMAGES,
    f"GET {_SERIES}/rendered": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/rendered": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/frames/{{frames}}/rendered": Action.SEE_IMAGES,
    f"GET {_STUDY}/thumbnail": Action.SEE_IMAGES,
    f"GET {_SERIES}/thumbnail": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/thumbnail": Action.SEE_IMAGES,
    f"GET {_INSTANCE}/frames/{{frames}}/thumbnail": Action.SEE_IMAGES,
    "GET /dicom-web/wado": Action.SEE_IMAGES,
    "POST /dicom-web/studies": Action.IMPORT,
    f"POST {_STUDY}": Action.IMPORT,
    "GET /api/users": Action.MANAGE_USERS,
    "POST /api/users": Action.MANAGE_USERS,
    "PATCH /api/users/{user_id}": Action.MANAGE_USERS,
    "GET /api/tokens": Action.HOLD_TOKENS,
    "POST /api/tokens": Action.HOLD_TOKENS,
    "DELETE /api/tokens/{token_id}": Action.HOLD_TOKENS,
    "GET /api/audit": Action.SEE_AUDIT,
    "GET /api/audit/verify": Action.SEE_AUDIT,
}


def permission_of(access: Access) -> str:
    """What the API's description calls the permission that a row of the table needs."""
    return NEEDS[access].value if isinstance(access, Action) else access.value


def admit(request: Request, access: Access) -> Actor | None:
    """Who calls, or None on a public route; NotSignedIn or NotPermitted when the table says no."""
    if access is Open.PUBLIC:
        must_be_same_origin(request)
        return None
    door: Door = request.app.state.door
    actor = caller(request, door)
    if isinstance(access, Action):
        must(actor, access)
    return actor


class GuardedRoute(APIRoute):
    """A route that asks the table before it reads a byte of the body."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        (method,) = options["methods"]
        self.access = ACCESS[f"{method} {path}"]
        super().__init__(path, endpoint, **{**options, **_described(endpoint, options, self.access)})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind its guard."""
        handle = super().get_route_handler()
        access = self.access

        async def guarded(request: Request) -> Response:
            request.state.actor = await run_in_threadpool(admit, request, access)
            return await handle(request)

        return guarded


def _described(endpoint: Callable[..., Any], options: Mapping[str, Any], access: Access) -> dict[str, Any]:
    permission = permission_of(access)
    told = f"Permission: `{permission}`" + (f" (to {access.value})." if isinstance(access, Action) else ".")
    security: list[dict[str, list[str]]] = [] if access is Open.PUBLIC else [{"token": []}, {"session": []}]
    return {
        "summary": options.get("summary") or _title(endpoint),
        "description": f"{inspect.getdoc(endpoint) or ''}\n\n{told}",
        "openapi_extra": {
            **(options.get("openapi_extra") or {}),
            "x-permission": permission,
            "security": security,
        },
        "responses": {**DECLARED, **(options.get("responses") or {})},
    }


def _title(endpoint: Callable[..., Any]) -> str:
    return endpoint.__name__.replace("_", " ").capitalize()
