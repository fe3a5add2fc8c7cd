"""A process that does jobs of the kind ``count``: three steps, each a line of the ledger.

    python -m tests.jobs.runner DATA DATABASE LEDGER AT_ONCE [hold]

With ``hold`` the third step never ends. Standard output: ``NAME`` once, then ``JOB STEP`` for each step
that is begun, ``JOB end`` for each job that is over.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from porion.cli.compose import opened
from porion.cli.settings import read_settings
from porion.jobs.engine import Engine, database_url
from porion.services.job_ports import Kind, Task
from porion.services.records import Json
from porion.store.leases import leases_for


def main(data: Path, database: str, ledger: Path, at_once: int, *, hold: bool) -> None:
    """Do jobs until killed."""
    out = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def step(task: Task, number: int) -> int:
        os.write(1, f"{task.job.id} {number}\n".encode())
        if hold and number == 3:
            threading.Event().wait()
        os.write(out, f"{task.job.id} {number}\n".encode())
        return number

    def count(task: Task) -> Json:
        done = [task.once(f"step {number}", lambda n=number: step(task, n)) for number in (1, 2, 3)]
        task.tell({"steps": len(done)})
        return {"sum": sum(done), "resumed": task.resumed}

    settings = read_settings(data, {**os.environ, "PORION_DATABASE": database, "PORION_WORKERS": "1"})
    with opened(settings) as porion:
        leases = leases_for(database, data / "leases")
        kinds = {"count": Kind("count", count)}
        engine = Engine(porion, leases, kinds, database_url(data, database), at_once)
        os.write(1, f"{engine.name}\n".encode())
        while not threading.Event().wait(0.1):
            engine.hand_out()
            engine.take_over()
            engine.settle_lost()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), hold="hold" in sys.argv)
