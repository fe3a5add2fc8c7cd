"""The jobs part of a running Porion."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from porion.cli.compose import at_the_desk
from porion.cli.jobs_part import Jobs
from porion.cli.settings import read_settings
from porion.services.jobs import ask_for
from tests.cli.desk import Desk
from tests.cli.server import serving
from tests.cli.test_jobs import a_job


def test_a_running_porion_does_jobs(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    job = a_job(desk)
    with serving(tmp_path, "jobs"):
        told = desk.run("jobs", "wait", job, "--seconds", "60", "--json")
    # No Porion does jobs of that kind: that somebody said so shows that it was looked at.
    assert "kind “test”" in told.document["error"]


def test_without_a_job_the_engine_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "porion.jobs.engine", None)
    settings = read_settings(tmp_path)
    with at_the_desk(settings) as (porion, actor):
        jobs = Jobs(porion, settings)
        jobs.look()
        over = threading.Event()
        over.set()
        jobs.run(over)
        with porion.store.write(actor.clinic_id) as tx:
            ask_for(porion, tx, "anna", ("test", "key"), "subject", {})
        with pytest.raises(ImportError):
            jobs.look()
