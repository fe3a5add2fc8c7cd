"""Who calls: an API token or the session's cookie, and the proof that no other site sent the browser here."""

from __future__ import annotations

from fastapi import Request, Response

from porion.clinic.permissions import Actor
from porion.http.door import Door, HttpSettings
from porion.services.accounts import SESSION_LIFE, who_is
from porion.services.errors import NotPermitted, NotSignedIn

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def caller(request: Request, door: Door) -> Actor:
    """The holder of the token or session; a token goes first, for no browser sends one by itself."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.casefold() != "bearer":
            raise NotSignedIn("Send an API token as “Authorization: Bearer …”, or sign in.")
        return who_is(door.porion, "token", token.strip())
    secret = request.cookies.get(door.settings.cookie)
    if secret is None:
        raise NotSignedIn("Sign in first, or send an API token.")
    must_be_same_origin(request)
    return who_is(door.porion, "session", secret)


def must_be_same_origin(request: Request) -> None:
    """NotPermitted when a browser says that another site made it send this change."""
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "").casefold()
    elsewhere = origin is not None and origin.casefold().partition("://")[2] != host
    if site not in ("same-origin", "none") or elsewhere:
        raise NotPermitted("Another site sent this request; nothing was done. Use Porion's own page.")


def give_session(response: Response, settings: HttpSettings, secret: str) -> None:
    """Put the session into a cookie that no script reads and no other site's request carries."""
    response.set_cookie(
        settings.cookie,
        secret,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )


def take_session(response: Response, settings: HttpSettings) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        settings.cookie, path="/", secure=settings.secure_cookies, httponly=True, samesite="strict"
    )
