"""A power cut at any moment of an import: nothing acknowledged is lost, and each missing flush is caught.

The disks are simulated from a recording: see power_cut.py. PORION_POWER_CUTS sets how many moments are
tried; 0 tries all of them.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.builders import a_panoramic, file_bytes
from tests.faults.cuts import MOMENTS, Recording, cut, first_breach, spread
from tests.faults.importing import BATCHES, Disc, a_disc, as_recording, import_into, record_import, varied
from tests.faults.recorder import recorder


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Disc:
    return a_disc(tmp_path_factory.mktemp("disc") / "files", varied())


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, disc: Disc) -> Recording:
    return record_import(tmp_path_factory.mktemp("recording"), disc)


def test_whatever_the_disk_kept_nothing_acknowledged_is_lost(recording: Recording, tmp_path: Path) -> None:
    outcome = cut(recording, tmp_path, spread(recording.moments(), MOMENTS), chances=2)
    assert not outcome.breaches
    assert outcome.disks >= min(MOMENTS or 1, len(recording.moments()))


# Each leaves out the flushes of some files: what the operating system was never asked to keep, it drops.
MUTANTS = {
    "the spooled bytes": r"fsync spool/\w+/\d+\.part",
    "the archive's directories of files": r"fsync archive/\w+/\w+/..",
    "the directory above them": r"fsync archive/\w+/images",
    "the clinic's directory": r"fsync archive/\w+",
    "the archive itself": r"fsync archive",
    "the mended copy": r"fsync archive/.*\.new",
    "the database": r"f\w+ porion\.sqlite.*",
    "the database's log": r"f\w+ porion\.sqlite-wal",
}


@pytest.mark.parametrize("ignored", MUTANTS.values(), ids=MUTANTS)
def test_a_missing_flush_is_caught(ignored: str, recording: Recording, tmp_path: Path) -> None:
    left_out, breaches = first_breach(recording, tmp_path, ignored)
    assert left_out
    assert breaches


UNFLUSHED_COMMITS = """
import porion.store.database as it
it._PRAGMAS = tuple(one.replace('FULL', 'NORMAL') for one in it._PRAGMAS)
"""


def test_commits_that_are_not_flushed_are_caught(disc: Disc, tmp_path: Path) -> None:
    mutant = record_import(tmp_path / "mutant", disc, first=BATCHES + UNFLUSHED_COMMITS)
    assert first_breach(mutant, tmp_path)[1]


def test_a_data_directory_that_porion_makes_survives(disc: Disc, tmp_path: Path) -> None:
    made = recorder(tmp_path / "made")
    assert import_into(made, made.root / "clinics" / "porion", disc).returncode == 0
    recording = as_recording(made, disc, "clinics/porion")
    outcome = cut(recording, tmp_path, recording.acknowledgements(1), chances=0)
    assert not outcome.breaches


@pytest.mark.parametrize("step", ["archive.kept:1", "database.committed:3", "spool.released:1"])
def test_a_kill_and_a_power_cut_later_lose_nothing(step: str, tmp_path: Path) -> None:
    # A single file: no other one's flushes hide what is missing.
    disc = a_disc(tmp_path / "files", [file_bytes(a_panoramic())])
    made = recorder(tmp_path / "made")
    killed = import_into(made, made.root, disc, PORION_CRASH_AT=step)
    assert killed.returncode == -signal.SIGKILL
    assert import_into(made, made.root, disc).returncode == 0
    recording = as_recording(made, disc, "")
    assert not cut(recording, tmp_path, recording.acknowledgements(), chances=0).breaches
