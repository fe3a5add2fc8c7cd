from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from porion.services.errors import StorageFailed
from porion.services.job_ports import JobRows as Port
from porion.services.job_records import JobFilter, JobRow, JobState
from porion.store.job_rows import JobRows
from tests.services.scenes import signatures
from tests.world import NOON, World, another_clinic

ROW = JobRow("1" * 32, "kind", "key", "subject", {"uid": "1.2"}, JobState.QUEUED, "anna", NOON)


def test_a_job_comes_back_as_it_was_written(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.jobs.add(ROW)
        assert tx.jobs.get(ROW.id) == ROW
        changes = {"state": JobState.RUNNING, "progress": {"n": 1}, "started_at": NOON}
        assert not tx.jobs.update(ROW.id, changes, only_in=[JobState.DONE])
        assert tx.jobs.update(ROW.id, changes, only_in=[JobState.QUEUED])
        assert tx.jobs.get(ROW.id) == replace(ROW, state=JobState.RUNNING, progress={"n": 1}, started_at=NOON)
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.jobs.get(ROW.id) is None


def test_jobs_are_listed_newest_first_and_filtered(each_world: World) -> None:
    second = replace(ROW, id="2" * 32, key="other", kind="forward", created_by="berta")
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.jobs.add(ROW)
        tx.jobs.add(second)
        assert tx.jobs.list(JobFilter(), None, 10) == [second, ROW]
        assert tx.jobs.list(JobFilter(), second.id, 10) == [ROW]
        assert tx.jobs.list(JobFilter(kind="kind"), None, 10) == [ROW]
        assert tx.jobs.list(JobFilter(created_by="berta", state="queued"), None, 10) == [second]
        assert tx.jobs.latest("other") == second
        assert tx.jobs.latest("nothing") is None


def test_the_database_itself_keeps_a_key_to_one_unfinished_job(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.jobs.add(replace(ROW, state=JobState.DONE))
        tx.jobs.add(replace(ROW, id="2" * 32))
    with pytest.raises(StorageFailed), each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.jobs.add(replace(ROW, id="3" * 32, state=JobState.RUNNING))
    with each_world.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM jobs")) == 2


def test_rows_offer_exactly_what_their_port_names() -> None:
    assert signatures(JobRows) == signatures(Port)
