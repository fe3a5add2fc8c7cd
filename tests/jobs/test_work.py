from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from porion.jobs import work as under_test
from porion.jobs.work import Work
from porion.services.errors import Conflict
from porion.services.job_course import MOST_RECOVERIES
from porion.services.job_ports import Kind, Task
from porion.services.job_records import JobRow, JobState
from porion.services.jobs import ask_for, cancel_job, see_job
from porion.services.records import Json
from tests.world import World


def plainly(_name: str, do: Callable[[], Any]) -> Any:
    """A step that nothing remembers."""
    return do()


def done(world: World, run: Callable[[Task], Json], *, deaths: int = 0) -> JobRow:
    """A job of that kind, done; before, its process died so often."""
    with world.porion.store.write(world.clinic_id) as tx:
        job = ask_for(world.porion, tx, world.actor.name, ("test", "key"), "subject", {"of": 1})
        if deaths:
            tx.jobs.update(
                job.id, {"state": JobState.RUNNING, "recoveries": deaths - 1}, only_in=[JobState.QUEUED]
            )
    Work(world.porion, {"test": Kind("test", run)}, "me", plainly).do(world.clinic_id, job.id, 1)
    return see_job(world.porion, world.actor, job.id)


def test_a_job_tells_its_progress_and_its_result(world: World) -> None:
    def run(task: Task) -> Json:
        assert (task.clinic_id, task.resumed, task.job.arguments) == (world.clinic_id, False, {"of": 1})
        task.tell({"seen": 1})
        task.pause(0)
        return {"answer": task.once("step", lambda: 42)}

    row = done(world, run)
    assert (row.state, row.progress, row.result, row.runner) == ("done", {"seen": 1}, {"answer": 42}, "me")
    assert row.started_at
    assert row.ended_at


def test_a_failure_is_a_sentence(world: World) -> None:
    def run(_task: Task) -> Json:
        raise Conflict("The node is full.")

    row = done(world, run)
    assert (row.state, row.error) == (JobState.FAILED, "The node is full.")


def test_a_mistake_of_ours_names_no_value(world: World) -> None:
    def run(_task: Task) -> Json:
        raise KeyError("Beispiel^Anna")

    row = done(world, run)
    assert row.state == JobState.FAILED
    assert "KeyError" in (row.error or "")
    assert "Anna" not in (row.error or "")


def test_a_cancelled_job_stops_where_it_looks_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "_NOTES", 0.0)

    def run(task: Task) -> Json:
        task.tell({"seen": 1})
        cancel_job(world.porion, world.actor, task.job.id)
        task.tell({"seen": 2})
        raise AssertionError

    row = done(world, run)
    assert (row.state, row.progress) == (JobState.CANCELLED, {"seen": 2})


def test_a_job_that_ends_its_process_each_time_is_given_up(world: World) -> None:
    row = done(world, lambda task: {"resumed": task.resumed}, deaths=MOST_RECOVERIES)
    assert row.result == {"resumed": True}
    row = done(world, lambda _task: {}, deaths=MOST_RECOVERIES + 1)
    assert row.state == JobState.FAILED
    assert "ended 11 times" in (row.error or "")


def test_a_kind_that_nobody_does_is_told(world: World) -> None:
    with world.porion.store.write(world.clinic_id) as tx:
        job = ask_for(world.porion, tx, "me", ("other", "key"), "subject", {})
    Work(world.porion, {}, "me", plainly).do(world.clinic_id, job.id, 1)
    row = see_job(world.porion, world.actor, job.id)
    assert "kind “other”" in (row.error or "")


def test_another_attempts_work_and_a_finished_jobs_is_left_alone(world: World) -> None:
    row = done(world, lambda _task: {"n": 1})
    work = Work(world.porion, {"test": Kind("test", lambda _task: {"n": 2})}, "me", plainly)
    work.do(world.clinic_id, row.id, 1)
    work.do(world.clinic_id, row.id, 2)
    assert see_job(world.porion, world.actor, row.id) == row
