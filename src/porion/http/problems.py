"""What went wrong, as HTTP says it: one table from Porion's errors to problem documents."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from porion.http.problem_docs import problem_doc
from porion.services import errors

log = structlog.get_logger("porion.http")


@dataclass(frozen=True, slots=True)
class Told:
    """How a class of errors is told: its status, the end of its type, its title and what goes with it."""

    status: int
    kind: str
    title: str
    headers: tuple[tuple[str, str], ...] = ()


# RFC 9110 sections 11.6.1 and 10.2.3 ask for the headers of 401 and 429.
PROBLEMS: Mapping[type[errors.PorionError], Told] = {
    errors.NotSignedIn: Told(401, "not-signed-in", "Not signed in", (("WWW-Authenticate", "Bearer"),)),
    errors.NotPermitted: Told(403, "not-permitted", "Not permitted"),
    errors.TooManyAttempts: Told(429, "too-many-attempts", "Too many attempts", (("Retry-After", "60"),)),
    errors.NotFound: Told(404, "not-found", "Not found"),
    errors.Invalid: Told(422, "invalid", "Makes no sense as it stands"),
    errors.Conflict: Told(409, "conflict", "Contradicts the state of things"),
    errors.Stale: Told(409, "stale", "Changed in between"),
    errors.Duplicate: Told(409, "duplicate", "There already"),
    errors.Settled: Told(409, "settled", "Has come to its end"),
    errors.OutOfSpace: Told(507, "out-of-space", "Out of space"),
    errors.SourceFailed: Told(400, "source-failed", "The file could not be read"),
    errors.NodeFailed: Told(502, "node-failed", "The remote node failed"),
    errors.StorageFailed: Told(503, "storage-failed", "Storage failed"),
    errors.Unshowable: Told(422, "unshowable", "The pixels cannot be shown"),
    errors.NotOffered: Told(406, "not-offered", "Not in this form"),
    errors.Busy: Told(503, "busy", "Busy", (("Retry-After", "1"),)),
    errors.WrongDataDirectory: Told(503, "wrong-data-directory", "The data directory cannot be used"),
}


# What the framework and the guards raise; phrases of the library differ between versions of Python.
_HTTP: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "Bad request"),
    404: ("no-such-route", "There is nothing at this address"),
    405: ("no-such-method", "Not done this way here"),
    413: ("too-large", "Too large"),
    415: ("media-type", "Not in this media type"),
}


def told(error: errors.PorionError) -> Told:
    """The row for an error; a class that another package derived is told like its parent."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)


def problem(request: Request, error: errors.PorionError, **more: Any) -> JSONResponse:
    """The problem document for an error."""
    row = told(error)
    answer = problem_doc(row.status, row.kind, row.title, str(error), instance=request.url.path, **more)
    answer.headers.update(dict(row.headers))
    return answer


async def _on_porion_error(request: Request, error: Exception) -> Response:
    return problem(request, cast("errors.PorionError", error))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    """Each field with its reason; never the value, for it may be a patient's."""
    found = cast("RequestValidationError", error).errors()
    fields = [{"field": ".".join(str(part) for part in one["loc"]), "reason": one["msg"]} for one in found]
    detail = "The request does not fit: " + "; ".join(f"{one['field']}: {one['reason']}" for one in fields)
    title = PROBLEMS[errors.Invalid].title
    return problem_doc(422, "invalid", title, detail, instance=request.url.path, errors=fields)


async def _on_http_error(request: Request, error: Exception) -> Response:
    failed = cast("HTTPException", error)
    kind, title = _HTTP.get(failed.status_code, (f"http-{failed.status_code}", failed.detail))
    answer = problem_doc(failed.status_code, kind, title, failed.detail, instance=request.url.path)
    answer.headers.update(failed.headers or {})
    return answer


async def _on_hang_up(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    """Our fault: told by a number under which the log has the place, and neither has anybody's data."""
    number = secrets.token_hex(6)
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    log.error(
        "unexpected error",
        number=number,
        kind=type(error).__name__,
        method=request.method,
        where=[f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    )
    detail = f"Porion made a mistake; the log has it under {number}. Try again, then tell the administrator."
    title = "A mistake of Porion's"
    return problem_doc(500, "unexpected", title, detail, instance=request.url.path, number=number)


def install(app: FastAPI) -> None:
    """Let every error leave as a problem document."""
    app.add_exception_handler(errors.PorionError, _on_porion_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_hang_up)
    app.add_exception_handler(Exception, _on_unexpected)
