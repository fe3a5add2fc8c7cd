"""Problem documents (RFC 9457): their shape, and how the API's description declares them."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


def problem_doc(
    status: int, kind: str, title: str, detail: str, *, instance: str, **more: Any
) -> JSONResponse:
    """A problem: ``kind`` ends its type, a URN that stays; ``detail`` says what happened and what to do."""
    content = {
        "type": f"urn:porion:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        **more,
    }
    return JSONResponse(content, status, media_type=MEDIA_TYPE)


SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem document (RFC 9457). Its type stays; its detail is written for people.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "For a request that does not fit: each field, and why.",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}

_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_STATUSES = {
    401: "Not signed in",
    403: "Not permitted",
    404: "Not found in this clinic",
    409: "Contradicts the state of things, or changed in between",
    413: "Too large",
    422: "Makes no sense as it stands",
    429: "Too many attempts",
    507: "Out of space",
}

DECLARED: dict[int | str, dict[str, Any]] = {
    **{status: {"description": words, "content": _CONTENT} for status, words in _STATUSES.items()},
    "default": {"description": "Any other problem", "content": _CONTENT},
}
