"""The first administrator: made once, with the one-time link that Porion printed."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from porion.http.access import GuardedRoute
from porion.http.account_shapes import SetUp, UserAnswer
from porion.http.callers import give_session
from porion.http.pages import PAGE_HEADERS, landing_page, set_up_page, setup_page
from porion.http.params import TheDoor
from porion.http.problems import told
from porion.http.session import peer_of
from porion.services.accounts import log_in, set_up
from porion.services.errors import PorionError

router = APIRouter(tags=["setup"], route_class=GuardedRoute)


@router.get("/", response_class=HTMLResponse)
def landing() -> Response:
    """What this is, and where to go."""
    return HTMLResponse(landing_page(), headers=PAGE_HEADERS)


@router.get("/setup", response_class=HTMLResponse)
def setup_form(token: Annotated[str, Query(max_length=1000)] = "") -> Response:
    """The form that makes the first administrator."""
    return HTMLResponse(setup_page(token), headers=PAGE_HEADERS)


@router.post("/setup", response_class=HTMLResponse)
def use_setup_form(door: TheDoor, request: Request, form: Annotated[SetUp, Form()]) -> Response:
    """Make the first administrator, sign them in and say what comes next."""
    try:
        user = set_up(door.porion, form.token, form.email, form.password, form.clinic_name)
        secret = log_in(door.porion, form.email, form.password, peer_of(request))
    except PorionError as error:
        page = setup_page(form.token, form.email, form.clinic_name or "", str(error))
        return HTMLResponse(page, told(error).status, headers=PAGE_HEADERS)
    answer = HTMLResponse(set_up_page(user.email), headers=PAGE_HEADERS)
    give_session(answer, door.settings, secret)
    return answer


@router.post("/api/setup", status_code=201)
def use_setup(door: TheDoor, body: SetUp) -> UserAnswer:
    """Make the first administrator; the token works once, and only while there is no user."""
    made = set_up(door.porion, body.token, body.email, body.password, body.clinic_name)
    return UserAnswer.model_validate(made)
