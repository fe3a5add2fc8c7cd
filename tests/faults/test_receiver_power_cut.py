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
from tests.faults.traffic import PER_ASSOCIATION

EACH = int(os.environ.get("PORION_POWER_CUT_FILES", "12"))
# The worker begins when the senders have heard everything: whoever is quicker on the day, what only the
# receivers flushed, and then what only the worker did, is there to be seen.
LATE = """
import os, time
from pathlib import Path
from porion.store.queue import DirectoryQueue as it
take, ledger = it.take, Path(os.environ['RECORDER_LEDGER'])
def late(queue, most, most_bytes):
    while not (ledger.exists() and len(set(ledger.read_text().split())) == {count}):
        time.sleep(0.01)
    return take(queue, most, most_bytes)
it.take = late
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Everybody works at the same time."""
    return record_reception(tmp_path_factory.mktemp("recording"), EACH)


@pytest.fixture(scope="module")
def in_turn(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """First the receivers, then the worker."""
    return record_late(tmp_path_factory.mktemp("in-turn"))


def record_late(folder: Path, *, mistake: str = "", each: int = EACH) -> Recording:
    """A recording in which the worker comes late, and somebody makes a mistake."""
    return record_reception(folder, each, first=LATE.format(count=len(PER_ASSOCIATION) * each) + mistake)


def test_whatever_the_disk_kept_nothing_acknowledged_is_lost(recording: Recording, tmp_path: Path) -> None:
    outcome = cut(recording, tmp_path, spread(recording.moments(), MOMENTS), chances=2)
    assert not outcome.breaches


MUTANTS = {
    "the seal": r"fdatasync spool/\w+/\d+\.dcm",
    "the names of a batch's first slots": r"fsync spool/\.\w+",
    "the names of more slots": r"fsync spool/\w+",
    "the batch's name": r"fsync spool",
    "what a batch is": r"fsync spool/.*/batch\.json",
    "the archive's directories of files": r"fsync archive/\w+/\w+/..",
    "the directory above them": r"fsync archive/\w+/images",
    "the clinic's directory": r"fsync archive/\w+",
    "the database": r"f\w+ porion\.sqlite.*",
    "the database's log": r"f\w+ porion\.sqlite-wal",
}


@pytest.mark.parametrize("ignored", MUTANTS.values(), ids=MUTANTS)
def test_a_missing_flush_is_caught(ignored: str, in_turn: Recording, tmp_path: Path) -> None:
    moments = [*in_turn.acknowledgements(), *spread(in_turn.releases(), 5)]
    left_out, breaches = first_breach(in_turn, tmp_path, ignored, moments)
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
FORGETFUL = """
import porion.services.receive as it
whole = it._archive
def early(porion, entries, examined):
    whole(porion, entries, examined)
    porion.spool.release(entries)
it._archive = early
"""


def test_a_seal_that_is_not_flushed_is_caught(tmp_path: Path) -> None:
    mutant = record_late(tmp_path / "mutant", mistake=UNFLUSHED_SEALS, each=EACH // 2)
    assert first_breach(mutant, tmp_path)[1]


@pytest.mark.parametrize("mistake", [UNFLUSHED_COMMITS, FORGETFUL], ids=["unflushed", "too late"])
def test_a_spool_that_forgets_before_the_commit_is_safe_is_caught(mistake: str, tmp_path: Path) -> None:
    mutant = record_late(tmp_path / "mutant", mistake=mistake, each=EACH // 2)
    assert first_breach(mutant, tmp_path, moments=spread(mutant.releases(), 8))[1]
