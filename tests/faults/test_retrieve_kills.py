"""Kill -9 of who retrieves, in the middle of ten retrieves: all end complete, and nothing comes twice.

The ledger is the PACS's: what it sent and heard a success for, and what it was asked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydicom.dataset import Dataset

from porion.cli.compose import at_the_desk
from porion.cli.settings import Settings, read_settings
from porion.services.job_records import JobFilter, JobRow, JobState
from porion.services.jobs import list_jobs
from porion.services.nodes import NodeChange, add_node
from porion.services.remote_ports import Level
from porion.services.retrieval import Request, ask_retrieve
from tests.asked import remotes
from tests.builders import a_cbct_slice, uid
from tests.dimse.fake_pacs import FakePacs, Talk, a_pacs
from tests.faults.serving import children, served
from tests.services.retrieving import Archive
from tests.services.test_retrieval import as_sent

STUDIES, SLICES = 10, 6  # three slices in each of two series
AT_ONCE = 4
PATIENCE = 200
_RUN = "from porion.cli.main import run; run()"


def a_slice(study: int, number: int) -> Dataset:
    """A slice of the study's first or second series."""
    made = a_cbct_slice(number, study=f"study {study}")
    if number > SLICES // 2:
        made.SeriesInstanceUID = uid("the second series", study)
    return made


class Holding(Archive):
    """Sends a study's first series, and waits within the second until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(
            as_sent([a_slice(study, n) for study in range(STUDIES) for n in range(1, SLICES + 1)])
        )
        self.held = threading.Semaphore(0)
        self.go = threading.Event()
        self.planned: Counter[str] = Counter()

    @property
    def studies(self) -> list[str]:
        return list(dict.fromkeys(str(one.StudyInstanceUID) for one in self.images))

    def find(self, talk: Talk) -> None:
        if b"SERIES" in talk.identifier:
            self.planned.update({str(self.wanted(talk)[0].StudyInstanceUID)})
        super().find(talk)

    def get(self, talk: Talk) -> None:
        found = self.note(talk)
        second = found[0].InstanceNumber > SLICES // 2
        for number, one in enumerate(found):
            if second and number and not self.go.is_set():
                self.held.release()
                self.go.wait(PATIENCE)
            talk.store(one, message_id=100 + number)
        talk.progress(0, 0, len(found))

    def await_held(self, count: int) -> None:
        """Return when so many retrieves are in their middle."""
        for _ in range(count):
            assert self.held.acquire(timeout=PATIENCE)


def ask(settings: Settings, pacs: FakePacs, archive: Holding) -> None:
    """Ask for every study of the node."""
    with at_the_desk(settings) as (porion, actor):
        change = NodeChange("PACS", "PACS", "127.0.0.1", pacs.port, may_be_local=True)
        add_node(porion, remotes(), actor, change)
        for study in archive.studies:
            ask_retrieve(porion, actor, Request("PACS", study))


def ended(settings: Settings, archive: Holding) -> list[JobRow]:
    """The jobs when all have ended, with nothing missing."""
    until = time.monotonic() + PATIENCE
    with at_the_desk(settings) as (porion, actor):
        rows = list(list_jobs(porion, actor, JobFilter()))
        while not all(row.ended_at for row in rows):
            assert time.monotonic() < until, [(row.state, row.progress) for row in rows]
            threading.Event().wait(0.2)
            rows = list(list_jobs(porion, actor, JobFilter()))
        with porion.store.read(actor.clinic_id) as tx:
            held = [tx.remote.held(Level.STUDY, study) for study in archive.studies]
            assert sum(tx.imaging.state_counts().values()) == STUDIES * SLICES
    assert held == [SLICES] * STUDIES
    return rows


def judge(rows: list[JobRow], pacs: FakePacs, archive: Holding) -> None:
    """All are complete; nothing was taken twice, and no plan made twice."""
    assert Counter(row.state for row in rows) == {JobState.DONE: STUDIES}
    assert {(row.result or {})["held"] for row in rows} == {SLICES}
    assert Counter(pacs.kept) == Counter(str(one.SOPInstanceUID) for one in archive.images)
    assert archive.planned == dict.fromkeys(archive.studies, 1)


def test_kill_9_in_the_middle_of_ten_retrieves(tmp_path: Path) -> None:
    settings, archive = read_settings(tmp_path / "data", {"PORION_WORKERS": "1"}), Holding()
    with a_pacs(archive.scripts()) as pacs:
        ask(settings, pacs, archive)
        with served(settings.data, tmp_path / "log") as server:
            archive.await_held(AT_ONCE)
            (jobs,) = server.ready["processes"]["jobs"]
            os.kill(jobs, signal.SIGKILL)
            archive.go.set()
            rows = ended(settings, archive)
    judge(rows, pacs, archive)
    assert Counter(row.recoveries for row in rows) == {1: AT_ONCE, 0: STUDIES - AT_ONCE}


def test_whoever_is_told_to_stop_goes_on_at_the_next_start(tmp_path: Path) -> None:
    settings, archive = read_settings(tmp_path / "data", {"PORION_WORKERS": "1"}), Holding()
    with a_pacs(archive.scripts()) as pacs:
        ask(settings, pacs, archive)
        with served(settings.data, tmp_path / "log") as server:
            archive.await_held(AT_ONCE)
            assert server.end(signal.SIGTERM) == 0
        archive.go.set()
        with served(settings.data, tmp_path / "log"):
            rows = ended(settings, archive)
    judge(rows, pacs, archive)


@contextmanager
def part(name: str, data: Path, database: str) -> Iterator[subprocess.Popen[bytes]]:
    """One part of Porion alone, as on a machine of its own."""
    environment = {**os.environ, "PORION_DATABASE": database, "PORION_WORKERS": "1"}
    command = [sys.executable, "-c", _RUN, "serve", name, "--json", "--data", str(data)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        while b'"ready"' not in (line := process.stdout.readline()):
            assert line
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def test_one_of_two_on_postgresql_takes_over_from_the_other(
    tmp_path: Path, postgres: Callable[[str], str], postgres_admin: object
) -> None:
    postgres_admin.exec_driver_sql("CREATE DATABASE retrieves")  # type: ignore[attr-defined]
    url, archive = postgres("retrieves"), Holding()
    settings = read_settings(tmp_path / "data", {"PORION_DATABASE": url, "PORION_WORKERS": "1"})
    with a_pacs(archive.scripts()) as pacs:
        ask(settings, pacs, archive)
        with part("worker", settings.data, url), part("jobs", settings.data, url) as first:
            archive.await_held(AT_ONCE)
            with part("jobs", settings.data, url):
                archive.await_held(AT_ONCE)
                # Its supervisor first, which would start it anew.
                doomed = [first.pid, *children(first.pid)]
                for pid in doomed:
                    os.kill(pid, signal.SIGKILL)
                archive.go.set()
                rows = ended(settings, archive)
    judge(rows, pacs, archive)
    assert Counter(row.recoveries for row in rows) == {1: AT_ONCE, 0: STUDIES - AT_ONCE}
