"""``porion import`` under the recorder, of files that take every way through it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.builders import a_cbct_series, a_panoramic, file_bytes
from tests.faults.cuts import Recording
from tests.faults.judge import digest_of
from tests.faults.power_cut import Snapshot
from tests.faults.recorder import Recorder, recorder

# Small batches: one is acknowledged while the next is on its way.
BATCHES = "import porion.services.import_files as it; it.BATCH_FILES = 5"
RUN = "from porion.cli.main import run; run()"


@dataclass(frozen=True)
class Disc:
    """A folder of files, and the digest of each by its path."""

    folder: Path
    digests: dict[str, str]


def varied() -> list[bytes]:
    """Slices, panoramics of which one is large, one twice and one in conflict, one to mend, broken ones."""
    small = [file_bytes(one) for one in [*a_cbct_series(7), a_panoramic(1), a_panoramic(2)]]
    large = file_bytes(a_panoramic(3, Rows=1100, Columns=1000))
    contrary = file_bytes(a_panoramic(1, PatientID="P-2"))
    without_preamble = file_bytes(a_panoramic(4))[132:]
    broken = [bytes(128) + b"DICM" + bytes([n]) * 40 for n in (1, 2)]
    return [*small, large, small[-1], contrary, without_preamble, *broken]


def a_disc(folder: Path, contents: Sequence[bytes]) -> Disc:
    """A folder of such files."""
    folder.mkdir()
    digests = {}
    for number, content in enumerate(contents):
        path = folder / f"{number:02}.dcm"
        path.write_bytes(content)
        digests[str(path)] = digest_of(content)
    return Disc(folder, digests)


def import_into(
    made: Recorder, data: Path, disc: Disc, *, first: str = BATCHES, **environment: str
) -> subprocess.CompletedProcess[str]:
    """One run; ``first`` is Python that runs before it."""
    command = [sys.executable, "-c", f"{first}\n{RUN}", "import", str(disc.folder), "--json"]
    environment = {
        **made.environment(output_tells=True),
        "PORION_DATA": str(data),
        "PORION_WORKERS": "1",
        **environment,
    }
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)


def record_import(folder: Path, disc: Disc, *, first: str = BATCHES) -> Recording:
    """A recording of one import into a data directory that exists and is empty."""
    made = recorder(folder)
    done = import_into(made, made.root, disc, first=first)
    assert done.returncode == 0, done.stderr
    return as_recording(made, disc, "")


def as_recording(made: Recorder, disc: Disc, data: str) -> Recording:
    """What was recorded, with what each line of output promises."""

    def promises(told: bytes) -> list[str]:
        lines = [json.loads(line) for line in told.splitlines()]
        return [disc.digests[line["path"]] for line in lines if line.get("outcome") not in (None, "skipped")]

    known = frozenset(disc.digests.values())
    begin = Snapshot(made.root.stat().st_ino, names={})
    return Recording(begin, data, list(made.records()), promises, known)
