"""Users and API tokens."""

from fastapi import APIRouter

from porion.http.access import GuardedRoute
from porion.http.account_shapes import (
    NewToken,
    NewUser,
    TokenAnswer,
    TokenMade,
    Tokens,
    UserAnswer,
    UserChange,
    Users,
)
from porion.http.params import PathId, TheDoor, Who
from porion.services.accounts import (
    change_user,
    create_token,
    create_user,
    list_tokens,
    list_users,
    revoke_token,
)

router = APIRouter(prefix="/api", tags=["accounts"], route_class=GuardedRoute)


@router.get("/users")
def users(door: TheDoor, actor: Who) -> Users:
    """The clinic's users."""
    return Users(items=[UserAnswer.model_validate(user) for user in list_users(door.porion, actor)])


@router.post("/users", status_code=201)
def add_user(door: TheDoor, actor: Who, body: NewUser) -> UserAnswer:
    """Add a user: admin, clinician or reception."""
    made = create_user(door.porion, actor, body.email, body.role, body.password)
    return UserAnswer.model_validate(made)


@router.patch("/users/{user_id}")
def edit_user(door: TheDoor, actor: Who, user_id: PathId, body: UserChange) -> UserAnswer:
    """Give a user another role, or switch them off and on; off ends their sessions and tokens."""
    changed = change_user(door.porion, actor, user_id, role=body.role, active=body.active)
    return UserAnswer.model_validate(changed)


@router.get("/tokens")
def tokens(door: TheDoor, actor: Who) -> Tokens:
    """One's own API tokens, without their secrets."""
    return Tokens(items=[TokenAnswer.model_validate(row) for row in list_tokens(door.porion, actor)])


@router.post("/tokens", status_code=201)
def make_token(door: TheDoor, actor: Who, body: NewToken) -> TokenMade:
    """Make an API token; another user's takes `imaging:admin`."""
    row, secret = create_token(door.porion, actor, body.name, body.email)
    return TokenMade(id=row.id, name=row.name, created_at=row.created_at, secret=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def end_token(door: TheDoor, actor: Who, token_id: PathId) -> None:
    """End a token at once; anybody's takes `imaging:admin`."""
    revoke_token(door.porion, actor, token_id)
