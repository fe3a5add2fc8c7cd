"""A disk that is full, or fails, at any one operation of an import: nothing is said to be safe that is not.

PORION_FULL_DISKS sets how many operations are tried; 0 tries each.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import a_panoramic, file_bytes
from tests.faults.cuts import spread
from tests.faults.importing import Disc, a_disc, varied
from tests.faults.judge import judge
from tests.faults.recorder import Recorder, Refuse, recorder

POINTS = int(os.environ.get("PORION_FULL_DISKS", "8"))
GROWING = Refuse.WRITES | Refuse.NAMES


@dataclass(frozen=True)
class Run:
    """How one import ended and what it acknowledged."""

    status: int
    acknowledged: set[str]
    said: str


@dataclass
class Importer:
    """Imports into copies of a data directory, with the recorder loaded."""

    made: Recorder
    disc: Disc
    template: Path
    process: subprocess.Popen[str]
    folder: Path

    def fresh(self, name: str) -> Path:
        """A data directory that holds one image."""
        data = self.made.root / name
        shutil.copytree(self.template, data)
        return data

    def run(self, data: Path, *, folder: Path | None = None) -> Run:
        """Import the disc."""
        out, err = self.folder / "out", self.folder / "err"
        words = ["import", str(folder or self.disc.folder), "--json", "--data", str(data)]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(out), str(err), words]) + "\n")
        self.process.stdin.flush()
        status = int(self.process.stdout.readline())
        lines = [json.loads(line) for line in out.read_text().splitlines()]
        kept = [one for one in lines if one.get("outcome") not in (None, "skipped")]
        return Run(status, {self.disc.digests[one["path"]] for one in kept}, err.read_text())


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importer]:
    folder = tmp_path_factory.mktemp("full")
    made = recorder(folder / "made")
    disc = a_disc(folder / "files", varied())
    first = a_disc(folder / "first", [file_bytes(a_panoramic(9))])
    environment = {**made.environment(), "PORION_WORKERS": "1"}
    command = [sys.executable, "-m", "tests.faults.forks"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        template = made.root / "template"
        importer = Importer(made, Disc(first.folder, first.digests | disc.digests), template, process, folder)
        assert importer.run(template).status == 0
        importer.disc = Disc(disc.folder, first.digests | disc.digests)
        yield importer
        assert process.stdin is not None
        process.stdin.close()


def operations(importer: Importer, refuse: Refuse) -> int:
    """How many operations of that kind an import has."""
    importer.made.refuse(refuse, first=1 << 60)
    data = importer.fresh("counted")
    assert importer.run(data).status == 0
    shutil.rmtree(data)
    return importer.made.counts()[0]


def fail_at(importer: Importer, refuse: Refuse, first: int, count: int, error: int) -> bool:
    """Import with operations that fail, look, and import again without; whether one failed."""
    data = importer.fresh(f"{refuse}-{first}")
    importer.made.refuse(refuse, first=first, count=count, error=error)
    failed = importer.run(data)
    hit = bool(importer.made.counts()[1])
    importer.made.permit()
    where = f"operation {first}: status {failed.status}: {failed.said[-800:]}"
    assert "Traceback" not in failed.said, where
    everything = set(importer.disc.digests.values())
    assert failed.status or failed.acknowledged == everything - first_digest(importer), where
    assert not failed.status or failed.said.strip(), where
    assert not judge(data, failed.acknowledged | first_digest(importer), known=everything), where
    again = importer.run(data)
    assert again.status == 0, again.said
    assert not judge(data, everything, known=everything), where
    shutil.rmtree(data)
    return hit


def first_digest(importer: Importer) -> set[str]:
    """What was in the data directory before."""
    here = {digest for path, digest in importer.disc.digests.items() if Path(path).parent.name == "first"}
    assert here
    return here


@pytest.mark.parametrize(
    ("refuse", "count", "error"),
    [(GROWING, 1 << 60, errno.ENOSPC), (GROWING, 1, errno.ENOSPC), (Refuse.SYNCS, 1, errno.EIO)],
    ids=["full from then on", "refuses once", "a flush fails"],
)
def test_nothing_is_said_to_be_safe_that_is_not(
    refuse: Refuse, count: int, error: int, importer: Importer
) -> None:
    # The last operations come after the last acknowledgement, and not in every run.
    points = spread(range(1, operations(importer, refuse) - 2), POINTS)
    assert all(fail_at(importer, refuse, first, count, error) for first in points)
