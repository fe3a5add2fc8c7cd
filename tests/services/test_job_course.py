from __future__ import annotations

from datetime import timedelta

import pytest

from porion.services.job_course import (
    KEPT,
    Cancelled,
    begin,
    end,
    forget_old,
    heed,
    note_lost,
    note_progress,
    running_jobs,
    waiting_jobs,
)
from porion.services.job_records import JobFilter, JobState
from porion.services.jobs import ask_for, cancel_job, list_jobs, see_job
from tests.world import World, another_clinic


def a_job(world: World, key: str = "key") -> str:
    with world.porion.store.write(world.clinic_id) as tx:
        return ask_for(world.porion, tx, "tester", ("test", key), "subject", {}).id


def test_jobs_of_all_clinics_wait_in_one_line(world: World) -> None:
    there = another_clinic(world)
    first, second = a_job(world), a_job(there)
    found = [(one.clinic_id, one.job_id, one.attempt) for one in waiting_jobs(world.porion)]
    assert found == [(world.clinic_id, first, 1), (there.clinic_id, second, 1)]
    assert begin(world.porion, world.clinic_id, first, 1, "me")
    assert [one.job_id for one in waiting_jobs(world.porion)] == [second]
    assert [(clinic, row.id) for clinic, row in running_jobs(world.porion)] == [(world.clinic_id, first)]


def test_a_job_that_is_begun_again_was_recovered(world: World) -> None:
    job = a_job(world)
    assert begin(world.porion, world.clinic_id, job, 2, "me") is None
    assert begin(world.porion, world.clinic_id, "nobody", 1, "me") is None
    first = begin(world.porion, world.clinic_id, job, 1, "me")
    assert first
    again = begin(world.porion, world.clinic_id, job, 1, "you")
    assert again
    assert (first.recoveries, again.recoveries, again.runner) == (0, 1, "you")
    assert first.started_at == again.started_at


def test_progress_is_noted_until_somebody_asks_to_stop(world: World) -> None:
    job = a_job(world)
    begin(world.porion, world.clinic_id, job, 1, "me")
    note_progress(world.porion, world.clinic_id, job, {"n": 1})
    heed(world.porion, world.clinic_id, job)
    cancel_job(world.porion, world.actor, job)
    with pytest.raises(Cancelled):
        note_progress(world.porion, world.clinic_id, job, {"n": 2})
    with pytest.raises(Cancelled):
        heed(world.porion, world.clinic_id, job)
    assert see_job(world.porion, world.actor, job).progress == {"n": 2}


def test_an_end_is_noted_once_and_audited(world: World) -> None:
    job = a_job(world)
    begin(world.porion, world.clinic_id, job, 1, "me")
    end(world.porion, world.clinic_id, job, JobState.DONE, result={"n": 1}, error=None)
    note_lost(world.porion, world.clinic_id, job)
    row = see_job(world.porion, world.actor, job)
    assert (row.state, row.result, row.error) == (JobState.DONE, {"n": 1}, None)
    with world.porion.store.read(world.clinic_id) as tx:
        assert [link.action for link in tx.audit.list(None, 10, job)] == ["job done", "job asked for"]


def test_old_jobs_are_forgotten_and_unfinished_ones_never(world: World) -> None:
    old, unfinished = a_job(world, "old"), a_job(world, "unfinished")
    begin(world.porion, world.clinic_id, old, 1, "me")
    end(world.porion, world.clinic_id, old, JobState.DONE, result=None, error=None)
    assert forget_old(world.porion) == 0
    world.clock.pass_by(KEPT + timedelta(days=1))
    assert forget_old(world.porion) == 1
    assert [row.id for row in list_jobs(world.porion, world.actor, JobFilter())] == [unfinished]
