"""Kill -9 while copies are made: the next process goes on, and nothing half made is taken for whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.pixels.copies import read_head
from porion.services.import_files import import_found
from tests.builders import a_cbct_series, file_bytes
from tests.world import incoming

DERIVE = """
from porion.cli.compose import opened
from porion.cli.settings import read_settings
from porion.services.derive import derive_round
with opened(read_settings(), in_background=True) as porion:
    while derive_round(porion).instances:
        pass
"""


def derived_by(data: Path, crash_at: str) -> int:
    environment = {**os.environ, "PORION_DATA": str(data), "PORION_CRASH_AT": crash_at}
    return subprocess.run(
        [sys.executable, "-c", DERIVE], env=environment, timeout=120, check=False
    ).returncode


def copies(data: Path) -> list[Path]:
    return list((data / "derived").rglob("*.htj2k"))


def test_the_next_process_goes_on(tmp_path: Path) -> None:
    with at_the_desk(read_settings(tmp_path)) as (porion, actor):
        files = [incoming(file_bytes(one), f"{n}.dcm") for n, one in enumerate(a_cbct_series(8))]
        assert len(list(import_found(porion, actor, "test", files))) == 8
    with sqlite3.connect(tmp_path / "porion.sqlite") as database:
        database.execute("UPDATE instances SET received_at = '2020' || substr(received_at, 5)")
    database.close()
    for made in (3, 6):
        assert derived_by(tmp_path, "derived:3") == -signal.SIGKILL
        assert len(copies(tmp_path)) == made
    assert derived_by(tmp_path, "") == 0
    assert len(copies(tmp_path)) == 8
    assert all(read_head(path).frames == 1 for path in copies(tmp_path))
    assert len(list((tmp_path / "derived").rglob("*.jpg"))) == 1
