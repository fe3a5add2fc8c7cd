"""The schedule as people see it: steps of a day or a range, a device or a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import must
from porion.services.step_values import day_of
from porion.services.step_views import StepView, find_step, views_of
from porion.services.trail import show
from porion.services.worklist_records import StepFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion

MOST = 1_000
"""Steps of one answer."""


def see_schedule(porion: Porion, actor: Actor, wanted: StepFilter, limit: int = MOST) -> Sequence[StepView]:
    """Our steps that pass the filter, in the order in which they start; days may be ``today``."""
    must(actor, Action.SEE_SCHEDULE)
    with porion.store.read(actor.clinic_id) as tx:
        views = views_of(tx, tx.worklist.list(with_days(porion, wanted), min(limit, MOST)))
    detail = {"steps": [view.step.id for view in views]}
    show(porion, actor, "schedule shown", ("clinic", actor.clinic_id), detail)
    return views


def see_step(porion: Porion, actor: Actor, step_id: str) -> StepView:
    """One step."""
    must(actor, Action.SEE_SCHEDULE)
    with porion.store.read(actor.clinic_id) as tx:
        view = next(iter(views_of(tx, [find_step(tx, step_id)])))
    show(porion, actor, "step shown", ("step", view.step.id))
    return view


def with_days(porion: Porion, wanted: StepFilter) -> StepFilter:
    """The filter with its days checked and written out."""
    today = porion.now().astimezone().date()
    return StepFilter(
        first_day=day_of(wanted.first_day, today) if wanted.first_day else None,
        last_day=day_of(wanted.last_day, today) if wanted.last_day else None,
        patient_id=wanted.patient_id,
        station_ae=wanted.station_ae,
        states=wanted.states,
    )
