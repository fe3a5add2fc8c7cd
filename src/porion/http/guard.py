"""What stands before every route: the Host header, the size of a body, and the headers of every answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from porion.http.problem_docs import problem_doc

_AUTHORITY = re.compile(r"(?:\[(?P<literal>[0-9a-f:.]+)\]|(?P<name>[0-9a-z._-]+))(?::[0-9]*)?")

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Outermost:
    """Adds the security headers that an answer does not set itself, and ends what was told as a 500.

    The framework raises an unexpected error once more after its answer; a server would print it, and
    with it whatever its message holds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and see to the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with suppress(Exception):
            await self._app(scope, receive, secured)


class KnownHosts:
    """Lets in only requests for a name of ours; a foreign name that leads to us is none (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.casefold() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is for us."""
        if scope["type"] != "http" or self._is_ours(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
            return
        detail = "This is not a name of Porion: an administrator can add it to the hosts that are allowed."
        answer = problem_doc(400, "unknown-host", "Unknown host", detail, instance=scope["path"])
        await answer(scope, receive, send)

    def _is_ours(self, stated: list[str]) -> bool:
        return len(stated) == 1 and host_name(stated[0]) in self._hosts


def host_name(host: str) -> str:
    """The name in a Host header (RFC 3986 section 3.2) without port and brackets; empty for what is none."""
    found = _AUTHORITY.fullmatch(host.casefold())
    return (found["literal"] or found["name"]) if found else ""


class BodyLimit:
    """Ends the reading of a body that is larger than its route takes, whatever it said of itself.

    ``by_path`` has limits of single paths, and of all below a path that ends with a slash.
    """

    def __init__(self, app: ASGIApp, usual: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._usual = usual
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting what is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        stated = Headers(scope=scope).get("content-length", "")
        seen = int(stated) if stated.isdecimal() and int(stated) > limit else 0

        async def counted() -> Message:
            nonlocal seen
            message: Message = await receive() if seen <= limit else {}
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, f"The body is larger than the {limit} bytes that may be sent here.")
            return message

        await self._app(scope, counted, send)

    def _limit(self, path: str) -> int:
        within = (
            limit for above, limit in self._by_path.items() if above[-1] == "/" and path.startswith(above)
        )
        return self._by_path.get(path) or next(within, self._usual)
