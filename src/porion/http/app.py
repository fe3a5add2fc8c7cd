"""The HTTP door: its routes, what guards them, and its description."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from porion.http import (
    accounts,
    audit,
    calibrations,
    devices,
    exposures,
    fhir,
    forwarding,
    guard,
    health,
    holdings,
    image_frames,
    images,
    imports,
    inbox,
    jobs,
    linking,
    nodes,
    overview,
    pages,
    patients,
    problems,
    query,
    resuming,
    retrieval_rules,
    retrieves,
    session,
    setup,
    volumes,
    worklist,
)
from porion.http.dicomweb import frames, rendered, retrieve, search, stow, wado_uri
from porion.http.door import CSV_BODY, SMALL_BODY, Door
from porion.http.problem_docs import SCHEMA

__all__ = ["Door", "create_app"]

# Looked through in this order: a viewer asks for hundreds of frames.
_ROUTERS = (
    frames.router,
    search.router,
    retrieve.router,
    rendered.router,
    stow.router,
    wado_uri.router,
    health.router,
    overview.router,
    setup.router,
    session.router,
    imports.router,
    resuming.router,
    images.router,
    volumes.router,
    calibrations.router,
    image_frames.router,
    inbox.router,
    linking.router,
    holdings.router,
    patients.router,
    exposures.router,
    accounts.router,
    audit.router,
    devices.router,
    fhir.router,
    jobs.router,
    forwarding.router,
    nodes.router,
    query.router,
    retrieval_rules.router,
    retrieves.router,
    pages.router,
    worklist.router,
)


class _PorionApp(FastAPI):
    """The application with its outermost layer, and a description that is complete."""

    def build_middleware_stack(self) -> ASGIApp:
        return guard.Outermost(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            components = super().openapi().setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = SCHEMA
            cookie = self.state.door.settings.cookie
            components["securitySchemes"] = {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
            }
        return super().openapi()


def create_app(door: Door) -> FastAPI:
    """The application over everything that the composition root built."""
    app = _PorionApp(
        title="Porion",
        description="Brings an orthodontic clinic's X-rays in and links them after a person verified it.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.door = door
    app.state.closing = asyncio.Event()
    problems.install(app)
    # The last one added stands outermost.
    limits = {
        "/api/imaging/dicom/import": door.settings.upload_limit,
        "/api/patients/import": min(CSV_BODY, door.settings.upload_limit),
        "/fhir": min(CSV_BODY, door.settings.upload_limit),
        "/dicom-web/studies": door.settings.upload_limit,
        "/dicom-web/studies/": door.settings.upload_limit,
    }
    app.add_middleware(guard.BodyLimit, usual=SMALL_BODY, by_path=limits)
    app.add_middleware(guard.KnownHosts, hosts=door.settings.hosts)
    for router in _ROUTERS:
        app.include_router(router)
    return app
