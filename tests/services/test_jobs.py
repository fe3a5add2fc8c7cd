from __future__ import annotations

import pytest

from porion.clinic.permissions import GRANTS, Actor, Role
from porion.services.errors import Conflict, NotFound, NotPermitted
from porion.services.job_records import JobFilter, JobRow, JobState
from porion.services.jobs import ask_for, cancel_job, list_jobs, retry_job, see_job
from tests.services.scenes import somebody
from tests.world import World, another_clinic


def asked(world: World, key: str = "key", *, by: str = "tester", forever: bool = False) -> JobRow:
    with world.porion.store.write(world.clinic_id) as tx:
        return ask_for(world.porion, tx, by, ("test", key), f"about {key}", {}, forever=forever)


def put(world: World, job: JobRow, state: JobState) -> None:
    with world.porion.store.write(world.clinic_id) as tx:
        assert tx.jobs.update(job.id, {"state": state}, only_in=list(JobState))


def test_what_was_asked_for_twice_is_one_job(world: World) -> None:
    first = asked(world)
    assert asked(world).id == first.id
    put(world, first, JobState.RUNNING)
    assert asked(world).id == first.id
    put(world, first, JobState.DONE)
    assert asked(world, forever=True).id == first.id
    assert asked(world).id != first.id


def test_one_sees_ones_own_jobs_and_an_administrator_all(world: World) -> None:
    clinician = somebody(world, Role.CLINICIAN)
    own, other = asked(world, "own", by=clinician.name), asked(world, "other")
    assert [row.id for row in list_jobs(world.porion, clinician, JobFilter())] == [own.id]
    assert [row.id for row in list_jobs(world.porion, world.actor, JobFilter())] == [other.id, own.id]
    assert see_job(world.porion, clinician, own.id).subject == "about own"
    with pytest.raises(NotFound):
        see_job(world.porion, clinician, other.id)
    with pytest.raises(NotFound):
        cancel_job(world.porion, clinician, other.id)
    there = another_clinic(world)
    with pytest.raises(NotFound):
        see_job(there.porion, there.actor, own.id)


def test_nobody_without_a_permission_sees_any(world: World) -> None:
    nobody = Actor("nobody", world.clinic_id, frozenset())
    job = asked(world)
    for refused in (
        lambda: list_jobs(world.porion, nobody, JobFilter()),
        lambda: see_job(world.porion, nobody, job.id),
        lambda: cancel_job(world.porion, nobody, job.id),
        lambda: retry_job(world.porion, nobody, job.id),
    ):
        with pytest.raises(NotPermitted):
            refused()
    assert GRANTS[Role.RECEPTION]


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_is_asked_to_stop(world: World) -> None:
    first, second = asked(world, "1"), asked(world, "2")
    assert cancel_job(world.porion, world.actor, first.id).state == JobState.CANCELLED
    put(world, second, JobState.RUNNING)
    row = cancel_job(world.porion, world.actor, second.id)
    assert (row.state, row.cancel_asked) == (JobState.RUNNING, True)
    put(world, second, JobState.DONE)
    with pytest.raises(Conflict, match="done already"):
        cancel_job(world.porion, world.actor, second.id)


def test_what_failed_is_tried_again_unless_something_else_does_it(world: World) -> None:
    job = asked(world)
    with pytest.raises(Conflict, match="only one that failed"):
        retry_job(world.porion, world.actor, job.id)
    put(world, job, JobState.FAILED)
    again = retry_job(world.porion, world.actor, job.id)
    assert (again.state, again.attempt) == (JobState.QUEUED, 2)
    put(world, job, JobState.FAILED)
    newer = asked(world)
    with pytest.raises(Conflict, match=newer.id):
        retry_job(world.porion, world.actor, job.id)
