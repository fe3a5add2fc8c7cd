"""A power cut at any moment while devices send over DICOM: what they heard acknowledged is there.

As test_power_cut.py, with receivers, worker and senders in processes of their own.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.cuts import MOMENTS, Recording, cut, first_breach, spread
from tests.faults.receiving import record_reception

EACH = int(os.environ.get("PORION_POWER_CUT_FILES", "12"))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return record_reception(tmp_path_factory.mktemp("recording"), EACH)


def test_whatever_the_disk_kept_nothing_acknowledged_is_lost(recording: Recording, tmp_path: Path) -> None:
    outcome = cut(recording, tmp_path, spread(recording.moments(), MOMENTS), chances=2)
    assert not outcome.breaches


MUTANTS = {
    "the seal": r"fdatasync spool/\w+/\d+\.dcm",
    "the names of a batch's first slots": r"fsync spool/\.\w+",
    "the names of more slots": r"fsync spool/\w+",
    "the batch's name": r"fsync spool",
    "what a batch is": r"fsync spool/.*/batch\.json\.new",
    "the archive's directories of files": r"fsync archive/\w+/\w+/..",
    "the directory above them": r"fsync archive/\w+/images",
    "the clinic's directory": r"fsync archive/\w+",
    "the database": r"f\w+ porion\.sqlite.*",
    "the database's log": r"f\w+ porion\.sqlite-wal",
}


@pytest.mark.parametrize("ignored", MUTANTS.values(), ids=MUTANTS)
def test_a_missing_flush_is_caught(ignored: str, recording: Recording, tmp_path: Path) -> None:
    left_out, breaches = first_breach(recording, tmp_path, ignored)
    assert left_out
    assert breaches


def test_a_row_never_comes_before_the_bytes_that_it_names(recording: Recording, tmp_path: Path) -> None:
    # The worker may find a file sealed whose receiver's flush has not ended, and flushes it itself.
    of_receivers, of_worker = r"fdatasync spool/\w+/\d+\.dcm", r"fsync spool/\w+/\d+\.dcm"
    unheard = replace(recording, promises=lambda _told: ())
    commits = spread(recording.commits(), MOMENTS)
    assert not first_breach(unheard, tmp_path, of_receivers, commits)[1]
    assert first_breach(unheard, tmp_path, f"{of_receivers}|{of_worker}", commits)[1]


UNFLUSHED_COMMITS = """
import porion.store.database as it
it._PRAGMAS = tuple(one.replace('FULL', 'NORMAL') for one in it._PRAGMAS)
"""
UNFLUSHED_SEALS = """
import porion.store.inlet as it
it.SlotIntake._flush = lambda self: None
"""
# It forgets only when the senders have heard: whoever is quicker, the mistake is there to be seen.
FORGETFUL = """
import os, time
from pathlib import Path
import porion.services.receive as it
whole, ledger = it._archive, Path(os.environ['RECORDER_LEDGER'])
def early(porion, entries, examined):
    whole(porion, entries, examined)
    awaited = {one.digest for one in examined}
    while not (ledger.exists() and awaited <= set(ledger.read_text().split())):
        time.sleep(0.01)
    porion.spool.release(entries)
it._archive = early
"""


@pytest.mark.parametrize("mistake", [UNFLUSHED_COMMITS, UNFLUSHED_SEALS], ids=["commits", "seals"])
def test_what_is_not_flushed_is_caught(mistake: str, tmp_path: Path) -> None:
    mutant = record_reception(tmp_path / "mutant", EACH // 2, first=mistake)
    assert first_breach(mutant, tmp_path)[1]


def test_a_spool_that_forgets_before_the_commit_is_caught(tmp_path: Path) -> None:
    mutant = record_reception(tmp_path / "mutant", EACH // 2, first=FORGETFUL)
    assert first_breach(mutant, tmp_path, moments=spread(mutant.releases(), 8))[1]
