"""The first administrator: made once, with the one-time link that Porion printed."""

from fastapi import APIRouter

from porion.http.access import GuardedRoute
from porion.http.account_shapes import SetUp, UserAnswer
from porion.http.params import TheDoor
from porion.services.accounts import set_up

router = APIRouter(tags=["setup"], route_class=GuardedRoute)


@router.post("/api/setup", status_code=201)
def use_setup(door: TheDoor, body: SetUp) -> UserAnswer:
    """Make the first administrator; the token works once, and only while there is no user."""
    made = set_up(door.porion, body.token, body.email, body.password, body.clinic_name)
    return UserAnswer.model_validate(made)
