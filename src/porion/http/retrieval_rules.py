"""Retrieval rules: what is fetched from remote nodes by itself."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape, Text
from porion.services.remote_records import RuleKind
from porion.services.retrieval_rules import (
    NewRule,
    add_rule,
    list_rules,
    rehearse_rule,
    remove_rule,
    switch_rule,
)

router = APIRouter(prefix="/api/imaging/retrieval-rules", tags=["remote nodes"], route_class=GuardedRoute)


class RuleAnswer(Shape):
    """A rule: once a day from ``hour`` (UTC) on, studies of the last ``years`` of its patients."""

    id: str
    name: str
    node_id: str
    kind: RuleKind
    years: int
    hour: int
    enabled: bool
    modalities: list[str]
    next_run_at: datetime
    last_run_at: datetime | None
    note: str


class RuleList(Shape):
    """The clinic's rules."""

    items: list[RuleAnswer]


class RuleToAdd(Shape):
    """A rule: ``priors`` are of tomorrow's patients, ``history`` is of all patients of the register."""

    name: Text
    node: Text
    kind: RuleKind = RuleKind.PRIORS
    years: Annotated[int, Field(ge=1, le=50)] = 5
    hour: Annotated[int, Field(ge=0, le=23)] = 1
    modalities: tuple[Text, ...] = ()


class RuleSwitch(Shape):
    """Whether the rule runs."""

    enabled: bool


class PriorAnswer(Shape):
    """A study that a rule would fetch."""

    patient_id: str
    study: str
    study_date: str
    modalities: list[str]
    stated: int | None
    held: int


class Rehearsal(Shape):
    """What a rule would fetch now."""

    items: list[PriorAnswer]


class HowMany(Shape):
    """At how many patients is looked at most."""

    patients: Annotated[int, Field(ge=1, le=200)] = 50


def _answer(row: object) -> RuleAnswer:
    return RuleAnswer(**{name: getattr(row, name) for name in RuleAnswer.model_fields})


@router.get("")
def rules(door: TheDoor, actor: Who) -> RuleList:
    """The clinic's rules by name."""
    return RuleList(items=[_answer(row) for row in list_rules(door.porion, actor)])


@router.post("", status_code=201)
def new_rule(door: TheDoor, actor: Who, body: RuleToAdd) -> RuleAnswer:
    """Add a rule; it runs from the next such hour on."""
    return _answer(add_rule(door.porion, actor, NewRule(**body.model_dump(by_alias=False))))


@router.patch("/{rule_id}")
def set_rule(door: TheDoor, actor: Who, rule_id: PathId, body: RuleSwitch) -> RuleAnswer:
    """Let a rule run, or no more."""
    return _answer(switch_rule(door.porion, actor, rule_id, enabled=body.enabled))


@router.delete("/{rule_id}", status_code=204)
def delete_rule(door: TheDoor, actor: Who, rule_id: PathId) -> Response:
    """Forget a rule; what it fetched stays."""
    remove_rule(door.porion, actor, rule_id)
    return Response(status_code=204)


@router.post("/{rule_id}/rehearse")
def rehearse(door: TheDoor, actor: Who, rule_id: PathId, asked: Annotated[HowMany, Query()]) -> Rehearsal:
    """What a rule would fetch now; nothing is fetched."""
    found = rehearse_rule(door.porion, door.remotes, actor, rule_id, asked.patients)
    return Rehearsal(items=[PriorAnswer.model_validate(one) for one in found])
