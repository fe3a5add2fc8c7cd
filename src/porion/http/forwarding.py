"""Forwarding: for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Page, Shape, Text, next_cursor
from porion.services.forward_records import ForwardRule
from porion.services.forwarding import (
    NewRule,
    add_rule,
    list_forwards,
    list_rules,
    offer_again,
    remove_rule,
    switch_rule,
)

router = APIRouter(prefix="/api/imaging/forwarding", tags=["forwarding"], route_class=GuardedRoute)


class RuleAnswer(Shape):
    """A rule: which new images go to which node; an empty text narrows nothing."""

    id: str
    name: str
    node_id: str
    source: str
    category: str
    modality: str
    verified_only: bool
    enabled: bool
    created_at: datetime


class RuleWithCounts(Shape):
    """A rule, its node's name, and how many instances stand in each state on their way there."""

    rule: RuleAnswer
    node: str
    counts: dict[str, int]


class RuleList(Shape):
    """The clinic's rules."""

    items: list[RuleWithCounts]


class RuleWanted(Shape):
    """A rule to add: ``node`` is a name or an identifier, ``source`` a device's AE title."""

    name: Text
    node: Text
    source: Text = ""
    category: Text = ""
    modality: Text = ""
    verified_only: bool = True


class RuleSwitch(Shape):
    """Whether the rule sends."""

    enabled: bool


class OfferedAgain(Shape):
    """How many instances wait again."""

    instances: int


class ForwardAnswer(Shape):
    """An instance on its way: how often it was tried, what the node said last, when it is due again."""

    id: str
    rule_id: str
    node_id: str
    instance_id: str
    state: str
    attempts: int
    last_status: int | None
    last_error: str
    next_attempt_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Forwards(Shape):
    """A page of them, newest first."""

    items: list[ForwardAnswer]
    next_cursor: str | None


class Wanted(Page):
    """Which of them: waiting, sent or given up."""

    state: Text | None = None


@router.get("/rules")
def rules(door: TheDoor, actor: Who) -> RuleList:
    """The clinic's rules, each with how much is on its way."""
    rows = list_rules(door.porion, actor)
    items = [RuleWithCounts(rule=_answer(row.rule), node=row.node, counts=dict(row.counts)) for row in rows]
    return RuleList(items=items)


@router.post("/rules", status_code=201)
def new_rule(door: TheDoor, actor: Who, body: RuleWanted) -> RuleAnswer:
    """Send on what comes, or is linked, from now on."""
    return _answer(add_rule(door.porion, actor, NewRule(**body.model_dump(by_alias=False))))


@router.patch("/rules/{rule_id}")
def set_rule(door: TheDoor, actor: Who, rule_id: PathId, body: RuleSwitch) -> RuleAnswer:
    """Let a rule send, or no more; what waits and what comes meanwhile goes when it is on again."""
    return _answer(switch_rule(door.porion, actor, rule_id, enabled=body.enabled))


@router.post("/rules/{rule_id}/retry")
def retry_rule(door: TheDoor, actor: Who, rule_id: PathId) -> OfferedAgain:
    """Send what the rule gave up once more."""
    return OfferedAgain(instances=offer_again(door.porion, actor, rule_id))


@router.delete("/rules/{rule_id}", status_code=204)
def no_rule(door: TheDoor, actor: Who, rule_id: PathId) -> Response:
    """Send nothing on by that rule any more."""
    remove_rule(door.porion, actor, rule_id)
    return Response(status_code=204)


@router.get("")
def forwards(door: TheDoor, actor: Who, wanted: Annotated[Wanted, Query()]) -> Forwards:
    """What is and was on its way, newest first."""
    rows = list_forwards(door.porion, actor, state=wanted.state, after=wanted.cursor, limit=wanted.limit)
    items = [ForwardAnswer.model_validate(row) for row in rows]
    return Forwards(items=items, next_cursor=next_cursor(rows, wanted))


def _answer(rule: ForwardRule) -> RuleAnswer:
    return RuleAnswer.model_validate(rule)
