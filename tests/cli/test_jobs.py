"""``porion jobs``: what was asked for, and how it stands."""

from __future__ import annotations

import pytest

from porion.cli.compose import at_the_desk
from porion.cli.jobs import await_job
from porion.cli.settings import read_settings
from porion.services.errors import Conflict
from porion.services.job_records import JobState
from porion.services.jobs import ask_for
from tests.cli.desk import Desk


def a_job(desk: Desk, key: str = "key", state: JobState = JobState.QUEUED) -> str:
    """A job in that state, in a clinic that has none at work."""
    with at_the_desk(read_settings(desk.data)) as (porion, actor), porion.store.write(actor.clinic_id) as tx:
        job = ask_for(porion, tx, "anna", ("test", key), f"about {key}", {}).id
        tx.jobs.update(job, {"state": state, "error": "It is full."}, only_in=[JobState.QUEUED])
    return job


def test_jobs_are_listed_shown_and_cancelled(desk: Desk) -> None:
    job = a_job(desk)
    (line,) = desk.do("jobs", "list", "--json").lines
    assert (line["id"], line["kind"], line["state"], line["createdBy"]) == (job, "test", "queued", "anna")
    assert "about key" in desk.do("jobs", "list").out
    assert desk.do("jobs", "list", "--state", "done", "--json").lines == []
    assert desk.do("jobs", "show", job, "--json").document["subject"] == "about key"
    assert desk.do("jobs", "cancel", job, "--json").document["state"] == "cancelled"
    assert desk.run("jobs", "cancel", job).status == 6
    assert desk.run("jobs", "show", "f" * 32).status == 5


def test_a_job_that_failed_says_why_and_is_tried_again(desk: Desk) -> None:
    job = a_job(desk, state=JobState.FAILED)
    ended = desk.run("jobs", "wait", job)
    assert ended.status == 1
    assert "It is full." in ended.out
    assert desk.do("jobs", "retry", job, "--json").document["attempt"] == 2


def test_waiting_ends_with_the_job_or_with_patience(desk: Desk) -> None:
    assert desk.do("jobs", "wait", a_job(desk, "1", JobState.DONE), "--json").document["state"] == "done"
    waits = a_job(desk, "2")
    with at_the_desk(read_settings(desk.data)) as (porion, actor), pytest.raises(Conflict, match="queued"):
        await_job(porion, actor, waits, 0)
