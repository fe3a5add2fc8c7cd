"""Signing in and out, and who is signed in."""

from fastapi import APIRouter, Request, Response

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.account_shapes import ClinicAnswer, LogIn, SessionAnswer
from porion.http.callers import give_session, take_session
from porion.http.params import TheDoor, Who
from porion.services.accounts import clinic_name, log_in, log_out, who_is
from porion.services.ports import Porion

router = APIRouter(prefix="/api/session", tags=["session"], route_class=GuardedRoute)


@router.post("", status_code=201)
def sign_in(door: TheDoor, request: Request, response: Response, body: LogIn) -> SessionAnswer:
    """Sign in; the session is a cookie. Attempts are counted by peer."""
    secret = log_in(door.porion, body.email, body.password, peer_of(request))
    give_session(response, door.settings, secret)
    return _session(door.porion, who_is(door.porion, "session", secret))


@router.get("")
def who_am_i(door: TheDoor, actor: Who) -> SessionAnswer:
    """Who is signed in, in which clinic, with what permissions."""
    return _session(door.porion, actor)


@router.delete("", status_code=204)
def sign_out(door: TheDoor, request: Request, response: Response) -> None:
    """End the session; an API token ends under /api/tokens instead."""
    secret = request.cookies.get(door.settings.cookie)
    if secret is not None:
        log_out(door.porion, secret)
    take_session(response, door.settings)


def peer_of(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else "unknown"


def _session(porion: Porion, actor: Actor) -> SessionAnswer:
    return SessionAnswer(
        name=actor.name,
        permissions=sorted(permission.value for permission in actor.permissions),
        clinic=ClinicAnswer(id=actor.clinic_id, name=clinic_name(porion, actor)),
    )
