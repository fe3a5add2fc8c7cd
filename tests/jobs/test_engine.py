"""Jobs outlive the processes that do them: no finished step is done again, and none is left undone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from porion.jobs.engine import database_url
from porion.services.job_records import JobFilter, JobRow, JobState
from porion.services.jobs import ask_for, list_jobs
from porion.store.database import open_engine
from tests.world import World, a_porion


@contextmanager
def running(world: World, database: str, at_once: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process that does jobs; killed at the end."""
    ledger = world.data / "ledger"
    command = [sys.executable, "-m", "tests.jobs.runner", str(world.data), database, str(ledger)]
    process = subprocess.Popen([*command, str(at_once), *words], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip()
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def begun(process: subprocess.Popen[str], step: int, count: int) -> set[str]:
    """The jobs that began that step, once so many have."""
    assert process.stdout is not None
    found: set[str] = set()
    while len(found) < count:
        job, number = process.stdout.readline().split()
        found |= {job} if number == str(step) else set()
    return found


def ask(world: World, count: int) -> list[str]:
    """So many jobs that wait."""
    with world.porion.store.write(world.clinic_id) as tx:
        return [
            ask_for(world.porion, tx, world.actor.name, ("count", f"count {n}"), f"number {n}", {}).id
            for n in range(count)
        ]


def finished(world: World) -> list[JobRow]:
    """All jobs, when all have ended."""
    while True:
        rows = list_jobs(world.porion, world.actor, JobFilter(), limit=100)
        if all(row.ended_at for row in rows):
            return list(rows)


def steps(world: World) -> Counter[str]:
    """How often each step of each job was done."""
    return Counter((world.data / "ledger").read_text().splitlines())


def test_ten_jobs_survive_the_death_of_their_process(world: World) -> None:
    asked = ask(world, 10)
    with running(world, "", 10, "hold") as first:
        assert begun(first, 3, 10) == set(asked)
        first.send_signal(signal.SIGKILL)
    assert steps(world) == {f"{job} {step}": 1 for job in asked for step in (1, 2)}
    with running(world, "", 10):
        rows = finished(world)
    assert {(row.state, row.error) for row in rows} == {(JobState.DONE, None)}
    assert [row.result for row in rows] == [{"sum": 6, "resumed": True}] * 10
    assert {row.recoveries for row in rows} == {1}
    assert steps(world) == {f"{job} {step}": 1 for job in asked for step in (1, 2, 3)}


def test_one_of_two_processes_on_postgresql_takes_over_from_the_other(
    tmp_path: Path, postgres: Callable[[str], str], postgres_admin: object
) -> None:
    url = postgres("jobs_of_two")
    postgres_admin.exec_driver_sql("CREATE DATABASE jobs_of_two")  # type: ignore[attr-defined]
    world = a_porion(tmp_path, engine=open_engine(url))
    asked = ask(world, 10)
    with running(world, url, 4, "hold") as first:
        held = begun(first, 3, 4)
        with running(replace(world), url, 4) as second:
            others = begun(second, 3, 6)
            assert held | others == set(asked)
            assert not held & others
            first.send_signal(signal.SIGKILL)
            rows = finished(world)
    assert {row.state for row in rows} == {JobState.DONE}
    assert {row.id for row in rows if row.recoveries} == held
    assert steps(world) == {f"{job} {step}": 1 for job in asked for step in (1, 2, 3)}
    world.engine.dispose()


def test_a_job_that_nobody_knows_any_more_is_told(world: World) -> None:
    (job,) = ask(world, 1)
    with running(world, "", 1, "hold") as first:
        begun(first, 3, 1)
    for name in ("jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm"):
        (world.data / name).unlink(missing_ok=True)
    with running(world, "", 1):
        (row,) = finished(world)
    assert (row.id, row.state) == (job, JobState.FAILED)
    assert "without a word" in (row.error or "")


@pytest.mark.parametrize(
    ("database", "where"),
    [("", "sqlite:////data/jobs.sqlite"), ("postgresql+psycopg://u@h/d", "postgresql://u@h/d")],
)
def test_where_the_engine_keeps_what_it_remembers(database: str, where: str) -> None:
    assert database_url(Path("/data"), database) == where
