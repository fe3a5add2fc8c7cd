"""Unattended linking: which sources may, and samples of what they linked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape, Text
from porion.services.linking_sources import ONE_IN, list_sources, set_unattended
from porion.services.unattended import judge_sample, list_samples

router = APIRouter(prefix="/api/imaging/linking", tags=["linking"], route_class=GuardedRoute)


class SourceAnswer(Shape):
    """A source of images: its AE title (or ``file``) and device, and what is set for it."""

    source_key: str
    images: int
    unattended: bool
    one_in: int
    linked: int
    stopped: str


class Sources(Shape):
    """All sources that images came from."""

    items: list[SourceAnswer]


class SourceSetting(Shape):
    """Whether a source links certain images by itself, and one in how many links a person judges."""

    source_key: Text
    unattended: bool
    one_in: Annotated[int, Field(ge=1, le=ONE_IN)] = ONE_IN


class SampleAnswer(Shape):
    """An unattended link for a person to judge."""

    id: str
    decision_id: str
    source_key: str
    state: str
    made_at: datetime
    judged_by: str | None
    judged_at: datetime | None


class Samples(Shape):
    """Samples, oldest first."""

    items: list[SampleAnswer]


class SamplesWanted(Shape):
    """Which samples: those that wait, unless another state is named."""

    state: Literal["open", "confirmed", "refuted", "all"] = "open"
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Judgement(Shape):
    """Whether the link is right; a wrong one is taken back and its source switched off."""

    right: bool


@router.get("")
def sources(door: TheDoor, actor: Who) -> Sources:
    """Every source that images came from, and whether it links by itself."""
    return Sources(items=[SourceAnswer.model_validate(one) for one in list_sources(door.porion, actor)])


@router.put("")
def set_source(door: TheDoor, actor: Who, body: SourceSetting) -> SourceAnswer:
    """Let a source link what is certain by itself, or no more."""
    view = set_unattended(door.porion, actor, body.source_key, unattended=body.unattended, one_in=body.one_in)
    return SourceAnswer.model_validate(view)


@router.get("/samples")
def samples(door: TheDoor, actor: Who, wanted: Annotated[SamplesWanted, Query()]) -> Samples:
    """Unattended links that a person is to judge, oldest first."""
    state = None if wanted.state == "all" else wanted.state
    rows = list_samples(door.porion, actor, state=state, limit=wanted.limit)
    return Samples(items=[SampleAnswer.model_validate(row) for row in rows])


@router.post("/samples/{sample_id}")
def judge(door: TheDoor, actor: Who, sample_id: PathId, body: Judgement) -> SampleAnswer:
    """Say whether a sampled link is right."""
    return SampleAnswer.model_validate(judge_sample(door.porion, actor, sample_id, right=body.right))
