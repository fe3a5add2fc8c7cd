"""Kill -9 at each named step of the way in: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import read_header
from porion.services.images import count_states, list_images, see_image
from porion.services.import_files import BATCH_FILES
from porion.services.reconcile import reconcile
from porion.services.records import ImageFilter
from porion.services.trail import verify_trail
from tests.builders import a_cbct_slice, a_panoramic, file_bytes, uid

# One batch is acknowledged before the second one dies.
SLICES = BATCH_FILES + 6
PANORAMICS = 3
BROKEN = 2
FILES = SLICES + PANORAMICS + BROKEN
LATER = BATCH_FILES + 4

STEPS = [
    "spool.opened:1",
    f"spool.opened:{LATER}",
    "spool.written:1",
    f"spool.written:{LATER}",
    "spool.flushed:1",
    "spool.flushed:2",
    "spool.ready:1",
    "spool.ready:2",
    "receive.examined:1",
    "receive.examined:2",
    "archive.kept:1",
    f"archive.kept:{LATER}",
    "archive.quarantined:1",
    "archive.synced:1",
    "archive.synced:2",
    # The first two transactions of a run make the clinic and note that the import started.
    "database.before-commit:3",
    "database.before-commit:4",
    "database.committed:3",
    "database.committed:4",
    "receive.indexed:1",
    "receive.indexed:2",
    "spool.released:1",
    "spool.released:2",
]


@pytest.fixture(scope="module")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disc")
    for n in range(1, SLICES + 1):
        (folder / f"a-{n:04d}.dcm").write_bytes(file_bytes(a_cbct_slice(n)))
    for n in range(PANORAMICS):
        (folder / f"b-{n}.dcm").write_bytes(file_bytes(a_panoramic(n, study=f"pan-{n}")))
    for n in range(BROKEN):
        (folder / f"c-{n}.dcm").write_bytes(bytes(128) + b"DICM" + bytes([n + 1]) * 40)
    return folder


def run_import(folder: Path, data: Path, crash_at: str = "") -> tuple[int, list[dict[str, str]]]:
    """`porion import` in a process of its own: its exit status and what it had acknowledged."""
    command = [
        sys.executable,
        "-c",
        "from porion.cli.main import run; run()",
        "import",
        str(folder),
        "--json",
    ]
    environment = {**os.environ, "PORION_DATA": str(data), "PORION_CRASH_AT": crash_at, "PORION_WORKERS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, [line for line in lines if "summary" not in line]


@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_nothing_acknowledged_is_lost_and_nothing_doubled(
    step: str, discs: Path, tmp_path: Path
) -> None:
    status, acknowledged = run_import(discs, tmp_path, step)
    assert status == -signal.SIGKILL

    with at_the_desk(read_settings(tmp_path)) as (porion, actor):
        findings = reconcile(porion, actor.clinic_id)
        assert findings.missing_files == 0
        archived = digests_of_archived_files(tmp_path)
        for told in acknowledged:
            path = Path(told["path"])
            assert digest_of(path) in archived, f"{path.name} was acknowledged and is not in the archive"
            if told["imageId"]:
                image = see_image(porion, actor, told["imageId"])
                assert told["sopInstanceUid"] in {i.sop_instance_uid for i in image.instances}
        assert not list((tmp_path / "spool").iterdir())

    status, outcomes = run_import(discs, tmp_path)
    assert status == 0
    assert len(outcomes) == FILES
    assert_everything_is_there_once(tmp_path)


def digest_of(path: Path) -> str:
    """What the archive calls a file: the digest of its data set, of all of it when it has none to read."""
    content = path.read_bytes()
    with contextlib.suppress(UnreadableDicom):
        content = content[read_header(content).data_set_offset :]
    return hashlib.sha256(content).hexdigest()


def digests_of_archived_files(data: Path) -> set[str]:
    """The names of the archive's files whose bytes are what their names say."""
    return {path.stem for path in (data / "archive").rglob("*.dcm") if digest_of(path) == path.stem}


def assert_everything_is_there_once(data: Path) -> None:
    with at_the_desk(read_settings(data)) as (porion, actor):
        assert dict(count_states(porion, actor)) == {
            "linked": 0,
            "pending": SLICES + PANORAMICS,
            "conflict": 0,
            "quarantined": BROKEN,
        }
        views = list_images(porion, actor, ImageFilter(), limit=100)
        volume = next(view for view in views if view.image.slices)
        assert volume.image.slices == SLICES
        assert len(views) == 1 + PANORAMICS
        exposures = {view.image.exposure_id for view in views}
        assert len(exposures) == 1 + PANORAMICS
        uids = {uid("study-cbct", "slice", n) for n in range(1, SLICES + 1)}
        whole = see_image(porion, actor, volume.image.id)
        assert {instance.sop_instance_uid for instance in whole.instances} == uids
        for instance in whole.instances:
            with porion.archive.contents(actor.clinic_id, instance.digest) as stored:
                data_set = stored[read_header(stored).data_set_offset :]
                assert hashlib.sha256(data_set).hexdigest() == instance.digest
                data_set.release()
        assert verify_trail(porion, actor).whole
