"""Every route with everybody who may call: the table decides, and nothing is open by oversight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route

from porion.clinic.permissions import GRANTS, Permission, Role
from porion.http.access import ACCESS, GuardedRoute, permission_of
from porion.http.screens import PAGE_ROUTES
from tests.http.house import House

VIEW, CAPTURE, ADMIN = "imaging:view", "imaging:capture", "imaging:admin"
FREE, ANYBODY = "public", "signed-in"
LEVEL = {"category": "CBCT", "quantity": "dapMgycm2", "ages": "adults", "value": "265", "source": "they"}
PERSON = {"family": "Beispiel", "given": "Anna"}
LOG_IN = {"email": "a@clinic.example", "password": "not the password"}
DICOM = {"content": b"no image", "headers": {"Content-Type": "application/dicom"}}
FILE = {"files": {"file": ("x.txt", b"no image")}}


_STUDY = "/dicom-web/studies/{study}"
_SERIES = f"{_STUDY}/series/{{series}}"
_INSTANCE = f"{_SERIES}/instances/{{instance}}"


@dataclass(frozen=True)
class Call:
    """A request that fits its route, and the permission that the route is to need."""

    permission: str
    sent: dict[str, Any] = field(default_factory=dict)


CALLS = {
    **dict.fromkeys(PAGE_ROUTES, Call(FREE)),
    "POST /api/setup": Call(FREE, {"json": {**LOG_IN, "token": "wrong"}}),
    "GET /api/health": Call(FREE),
    "GET /api/overview": Call(VIEW),
    "GET /api/events": Call(VIEW),
    "GET /api/imaging/linking": Call(ADMIN),
    "PUT /api/imaging/linking": Call(ADMIN, {"json": {"sourceKey": "none|", "unattended": True}}),
    "GET /api/imaging/linking/samples": Call(CAPTURE),
    "POST /api/imaging/linking/samples/{sample_id}": Call(CAPTURE, {"json": {"right": True}}),
    "GET /api/imaging/forwarding": Call(ADMIN),
    "GET /api/imaging/forwarding/rules": Call(ADMIN),
    "POST /api/imaging/forwarding/rules": Call(ADMIN, {"json": {"name": "On", "node": "none"}}),
    "PATCH /api/imaging/forwarding/rules/{rule_id}": Call(ADMIN, {"json": {"enabled": True}}),
    "POST /api/imaging/forwarding/rules/{rule_id}/retry": Call(ADMIN),
    "DELETE /api/imaging/forwarding/rules/{rule_id}": Call(ADMIN),
    "GET /api/imaging/nodes": Call(ADMIN),
    "POST /api/imaging/nodes": Call(ADMIN, {"json": {"name": "PACS", "host": "192.0.2.1"}}),
    "GET /api/imaging/nodes/{node_id}": Call(ADMIN),
    "PATCH /api/imaging/nodes/{node_id}": Call(ADMIN, {"json": {}}),
    "DELETE /api/imaging/nodes/{node_id}": Call(ADMIN),
    "POST /api/imaging/nodes/{node_id}/test": Call(ADMIN),
    "GET /api/imaging/retrieval-rules": Call(ADMIN),
    "POST /api/imaging/retrieval-rules": Call(ADMIN, {"json": {"name": "priors", "node": "none"}}),
    "PATCH /api/imaging/retrieval-rules/{rule_id}": Call(ADMIN, {"json": {"enabled": True}}),
    "DELETE /api/imaging/retrieval-rules/{rule_id}": Call(ADMIN),
    "POST /api/imaging/retrieval-rules/{rule_id}/rehearse": Call(ADMIN),
    "GET /api/jobs": Call(VIEW),
    "GET /api/jobs/{job_id}": Call(VIEW),
    "GET /api/jobs/{job_id}/events": Call(VIEW),
    "POST /api/jobs/{job_id}/cancel": Call(VIEW),
    "POST /api/jobs/{job_id}/retry": Call(VIEW),
    "GET /fhir/metadata": Call(FREE),
    "GET /api/openapi.json": Call(FREE),
    "POST /api/session": Call(FREE, {"json": LOG_IN}),
    "GET /api/session": Call(ANYBODY),
    "DELETE /api/session": Call(ANYBODY),
    "POST /api/imaging/dicom/import": Call(CAPTURE, FILE),
    "POST /api/imaging/dicom/query": Call(ADMIN, {"json": {"nodes": ["none"]}}),
    "POST /api/imaging/dicom/retrieve": Call(ADMIN, {"json": {"node": "none", "studyInstanceUid": "1.2"}}),
    "POST /api/imaging/uploads": Call(CAPTURE, {"json": {"name": "a.zip", "size": 1}}),
    "GET /api/imaging/uploads/{upload_id}": Call(CAPTURE),
    "PUT /api/imaging/uploads/{upload_id}": Call(CAPTURE, {"params": {"offset": 0}, "content": b"x"}),
    "DELETE /api/imaging/uploads/{upload_id}": Call(CAPTURE),
    "POST /api/imaging/uploads/{upload_id}/finish": Call(CAPTURE, {"json": {}}),
    "POST /api/imaging/dicom/match": Call(CAPTURE, {"json": {"pendingId": "none"}}),
    "GET /api/imaging/images": Call(VIEW),
    "GET /api/imaging/images/{image_id}": Call(VIEW),
    "GET /api/imaging/images/{image_id}/tags": Call(VIEW),
    "GET /api/imaging/images/{image_id}/file": Call(VIEW),
    "GET /api/imaging/images/{image_id}/picture": Call(VIEW),
    "GET /api/imaging/images/{image_id}/decisions": Call(VIEW),
    "GET /api/imaging/images/{image_id}/frames": Call(VIEW),
    "GET /api/imaging/images/{image_id}/volume": Call(VIEW),
    "GET /api/imaging/images/{image_id}/volume.dcm": Call(VIEW),
    "GET /api/imaging/images/{image_id}/volume.nii.gz": Call(VIEW),
    "GET /api/imaging/images/{image_id}/calibrations": Call(VIEW),
    "POST /api/imaging/images/{image_id}/calibrations": Call(
        CAPTURE, {"json": {"start": {"x": 0, "y": 0}, "end": {"x": 90, "y": 0}, "mm": 9}}
    ),
    "POST /api/imaging/images/{image_id}/category": Call(CAPTURE, {"json": {"category": "TMJ"}}),
    "GET /api/imaging/pending": Call(VIEW),
    "GET /api/imaging/pending/{pending_id}": Call(VIEW),
    "POST /api/imaging/pending/{pending_id}/create-patient": Call(CAPTURE, {"json": {"verified": []}}),
    "POST /api/imaging/pending/{pending_id}/reject": Call(CAPTURE, {"json": {"reason": "nobody's"}}),
    "POST /api/imaging/pending/{pending_id}/reassign": Call(
        CAPTURE, {"json": {"patientId": "none", "verified": ["name"], "reason": "another"}}
    ),
    "POST /api/imaging/pending/{pending_id}/split": Call(CAPTURE, {"json": {"imageIds": ["none"]}}),
    "POST /api/imaging/decisions/{decision_id}/undo": Call(CAPTURE),
    "GET /api/imaging/conflicts": Call(VIEW),
    "GET /api/imaging/conflicts/{instance_id}/file": Call(VIEW),
    "GET /api/imaging/quarantine": Call(VIEW),
    "GET /api/imaging/states": Call(VIEW),
    "GET /api/imaging/devices": Call(ADMIN),
    "POST /api/imaging/devices": Call(ADMIN, {"json": {"aeTitle": "PAN1", "address": "10.0.0.5"}}),
    "GET /api/imaging/devices/{device_id}": Call(ADMIN),
    "PATCH /api/imaging/devices/{device_id}": Call(ADMIN, {"json": {}}),
    "POST /api/imaging/devices/{device_id}/approve": Call(ADMIN),
    "POST /api/imaging/devices/{device_id}/block": Call(ADMIN),
    "GET /api/imaging/devices/{device_id}/diagnosis": Call(ADMIN),
    "GET /api/imaging/network": Call(ADMIN),
    "PUT /api/imaging/network": Call(ADMIN, {"json": {}}),
    "GET /api/imaging/commitments": Call(ADMIN),
    "GET /api/imaging/dicom/worklist": Call(ADMIN),
    "GET /api/imaging/devices/{device_id}/worklist": Call(ADMIN),
    "PATCH /api/imaging/devices/{device_id}/worklist": Call(ADMIN, {"json": {}}),
    "GET /api/imaging/performed": Call(VIEW),
    "GET /api/imaging/worklist": Call(VIEW),
    "POST /api/imaging/worklist": Call(
        CAPTURE, {"json": {"patientId": "none", "startsAt": "2026-03-02T08:00"}}
    ),
    "GET /api/imaging/worklist/templates": Call(VIEW),
    "GET /api/imaging/worklist/{step_id}": Call(VIEW),
    "PATCH /api/imaging/worklist/{step_id}": Call(CAPTURE, {"json": {}}),
    "POST /api/imaging/worklist/{step_id}/cancel": Call(CAPTURE),
    "POST /api/imaging/worklist/{step_id}/complete": Call(CAPTURE),
    "POST /api/imaging/worklist/{step_id}/reschedule": Call(CAPTURE),
    "GET /api/patients": Call(VIEW),
    "POST /api/patients": Call(CAPTURE, {"json": PERSON}),
    "POST /api/patients/search": Call(VIEW, {"json": {"q": "anna"}}),
    "POST /api/patients/import": Call(CAPTURE, FILE),
    "GET /api/patients/{patient_id}": Call(VIEW),
    "PUT /api/patients/{patient_id}": Call(CAPTURE, {"json": {**PERSON, "version": 1}}),
    "POST /api/patients/{patient_id}/merge": Call(CAPTURE, {"json": {"otherId": "none", "reason": "twice"}}),
    "POST /api/patients/{patient_id}/unmerge": Call(CAPTURE, {"json": {"reason": "two people"}}),
    "GET /api/patients/{patient_id}/relations": Call(VIEW),
    "GET /api/patients/{patient_id}/exposures": Call(VIEW),
    "GET /api/exposures/figures": Call(VIEW),
    "GET /api/exposures/log": Call(ADMIN),
    "GET /api/exposures/levels": Call(VIEW),
    "PUT /api/exposures/levels": Call(ADMIN, {"json": LEVEL}),
    "DELETE /api/exposures/levels/{level_id}": Call(ADMIN),
    "POST /fhir/Patient/$match": Call(CAPTURE, {"json": {}}),
    "POST /fhir": Call(CAPTURE, {"json": {}}),
    "GET /dicom-web/studies": Call(VIEW),
    "GET /dicom-web/series": Call(VIEW),
    "GET /dicom-web/instances": Call(VIEW),
    f"GET {_STUDY}/series": Call(VIEW),
    f"GET {_STUDY}/instances": Call(VIEW),
    f"GET {_SERIES}/instances": Call(VIEW),
    f"GET {_STUDY}": Call(VIEW),
    f"GET {_SERIES}": Call(VIEW),
    f"GET {_INSTANCE}": Call(VIEW),
    f"GET {_STUDY}/metadata": Call(VIEW),
    f"GET {_SERIES}/metadata": Call(VIEW),
    f"GET {_INSTANCE}/metadata": Call(VIEW),
    f"GET {_INSTANCE}/bulkdata/{{path}}": Call(VIEW),
    f"GET {_INSTANCE}/frames/{{frames}}": Call(VIEW),
    f"GET {_STUDY}/rendered": Call(VIEW),
    f"GET {_SERIES}/rendered": Call(VIEW),
    f"GET {_INSTANCE}/rendered": Call(VIEW),
    f"GET {_INSTANCE}/frames/{{frames}}/rendered": Call(VIEW),
    f"GET {_STUDY}/thumbnail": Call(VIEW),
    f"GET {_SERIES}/thumbnail": Call(VIEW),
    f"GET {_INSTANCE}/thumbnail": Call(VIEW),
    f"GET {_INSTANCE}/frames/{{frames}}/thumbnail": Call(VIEW),
    "GET /dicom-web/wado": Call(VIEW),
    "POST /dicom-web/studies": Call(CAPTURE, DICOM),
    f"POST {_STUDY}": Call(CAPTURE, DICOM),
    "GET /api/users": Call(ADMIN),
    "POST /api/users": Call(ADMIN, {"json": {**LOG_IN, "role": "reception"}}),
    "PATCH /api/users/{user_id}": Call(ADMIN, {"json": {}}),
    "GET /api/tokens": Call(VIEW),
    "POST /api/tokens": Call(VIEW, {"json": {"name": "script"}}),
    "DELETE /api/tokens/{token_id}": Call(VIEW),
    "GET /api/audit": Call(ADMIN),
    "GET /api/audit/verify": Call(ADMIN),
}
GUARDED = [name for name, call in CALLS.items() if call.permission != FREE]


def _routes(house: House) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in iter_route_contexts(house.app.routes)
        if isinstance(route.original_route, (APIRoute, Route))
        for method in (route.methods or set()) - {"HEAD"}
    }


def _status(client: Any, name: str) -> int:
    method, path = name.split()
    path = re.sub(r"\{\w+\}", "none", path)
    return int(client.request(method, path, **CALLS[name].sent).status_code)


def test_every_route_of_the_application_is_in_this_test(house: House) -> None:
    assert _routes(house) == set(CALLS)


def test_the_table_says_what_this_test_expects() -> None:
    expected = {name: call.permission for name, call in CALLS.items() if name != "GET /api/openapi.json"}
    assert {name: permission_of(access) for name, access in ACCESS.items()} == expected


def test_nobody_gets_past_a_guard(house: House) -> None:
    nobody = house.nobody()
    assert {name: _status(nobody, name) for name in GUARDED} == dict.fromkeys(GUARDED, 401)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_call_exactly_what_its_permissions_cover(house: House, role: Role) -> None:
    client = house.holder(role)
    granted = {permission.value for permission in GRANTS[role]} | {ANYBODY}
    allowed = {name for name in GUARDED if _status(client, name) not in (401, 403)}
    assert allowed == {name for name in GUARDED if CALLS[name].permission in granted}


# What FHIR adds to its resources is no mistake.
STRICT = [name for name, call in CALLS.items() if "json" in call.sent and "/fhir" not in name]


@pytest.mark.parametrize("name", STRICT)
def test_a_field_that_no_route_knows_is_refused(house: House, name: str) -> None:
    method, path = name.split()
    body = {**CALLS[name].sent["json"], "clinicId": "another"}
    answer = house.holder().request(method, path.replace("{", "").replace("}", ""), json=body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["body.clinicId"]


def test_only_administrators_manage_users_and_read_the_trail() -> None:
    assert [role for role in Role if Permission.ADMIN in GRANTS[role]] == [Role.ADMIN]


def test_a_route_without_a_row_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(KeyError, match="GET /api/forgotten"):
        router.get("/api/forgotten")(lambda: None)


def test_the_guard_answers_before_the_body_is_read(house: House) -> None:
    broken = house.nobody().post(
        "/api/patients", content=b"{not json", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 401


def test_the_description_gives_each_route_the_permission_that_the_guard_asks_for(house: House) -> None:
    described = {
        f"{method.upper()} {path}": (route["x-permission"], bool(route["security"]))
        for path, methods in house.app.openapi()["paths"].items()
        for method, route in methods.items()
    }
    assert described == {
        name: (permission_of(access), CALLS[name].permission != FREE)
        for name, access in ACCESS.items()
        if name not in PAGE_ROUTES
    }
