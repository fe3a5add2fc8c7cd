"""Users, sessions, tokens and the audit trail as the API gives and takes them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from porion.http.shapes import Id, Json, Shape, Text

Password = Annotated[str, Field(max_length=1000)]


class LogIn(Shape):
    """Who wants to sign in."""

    email: Text
    password: Password


class SetUp(LogIn):
    """The first administrator, with the one-time token of the link that Porion printed."""

    token: Text
    clinic_name: Text | None = None


class ClinicAnswer(Shape):
    """The clinic in which somebody is signed in."""

    id: str
    name: str


class SessionAnswer(Shape):
    """Who is signed in, and what the person may do."""

    name: str
    permissions: list[str]
    clinic: ClinicAnswer


class UserAnswer(Shape):
    """A person who may sign in; ``state`` is active or off."""

    id: str
    email: str
    role: str
    state: str
    created_at: datetime


class Users(Shape):
    """The clinic's users."""

    items: list[UserAnswer]


class NewUser(LogIn):
    """A user to add."""

    role: Text


class UserChange(Shape):
    """Another role, or off and on; what is left out stays."""

    role: Text | None = None
    active: bool | None = None


class NewToken(Shape):
    """A token's name; an e-mail address makes it another user's (for administrators)."""

    name: Annotated[Text, Field(min_length=1)]
    email: Text | None = None


class TokenAnswer(Shape):
    """An API token without its secret."""

    id: str
    name: str
    created_at: datetime


class TokenMade(TokenAnswer):
    """A new token; the secret is shown only now."""

    secret: str


class Tokens(Shape):
    """One's own tokens."""

    items: list[TokenAnswer]


class TrailWanted(Shape):
    """Links before a number, of one object if it is named."""

    object: Id | None = None
    before: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class AuditLink(Shape):
    """A link of the audit chain."""

    number: int
    at: str
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: Json
    previous: str
    hash: str


class Trail(Shape):
    """Links of the chain, newest first; ``before`` leads on."""

    items: list[AuditLink]
    before: int | None


class ChainAnswer(Shape):
    """Whether the chain is whole; ``brokenAt`` is the number of the first link that does not fit."""

    links: int
    whole: bool
    broken_at: int | None
