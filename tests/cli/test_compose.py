"""The composition root: what it builds works, and what it cannot use it names."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from porion.cli.compose import ATTEMPTS_PER_MINUTE, Argon2, Identifiers, Reader, at_the_desk, opened
from porion.cli.settings import Settings, read_settings
from porion.dicom.file_meta import file_prefix
from porion.services.arrival import Arrival, Unreadable
from porion.services.errors import StorageFailed, WrongDataDirectory
from porion.services.import_files import import_found
from porion.services.records import Origin
from porion.store.spool import DirectorySpool
from tests.builders import a_panoramic, file_bytes
from tests.cli.desk import a_file
from tests.world import incoming


def settings(data: Path) -> Settings:
    return replace(read_settings(data, {}), workers=1)


def test_the_data_directory_is_made_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "a" / "data"
    with opened(settings(data)):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert {path.name for path in data.iterdir() if path.is_dir()} == {"archive", "scratch", "spool"}


def test_a_second_opening_finds_the_same_clinic(tmp_path: Path) -> None:
    with at_the_desk(settings(tmp_path)) as (_, first):
        pass
    with at_the_desk(settings(tmp_path)) as (_, second):
        assert second.clinic_id == first.clinic_id
        assert second.name.startswith("cli:")


def test_places_that_wait_for_senders_go_when_it_ends(tmp_path: Path) -> None:
    prefix = file_prefix("1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1.2.840.10008.1.2.1", sealable=True)
    with opened(settings(tmp_path)) as porion:
        inlet = porion.spool.inlet("clinic", Origin("dicom"))
        inlet.open(prefix).abandon()
        inlet.close()
        assert list((tmp_path / "spool").glob("*/*.dcm"))
    assert [path for path in (tmp_path / "spool").iterdir() if path.is_dir()] == []


def test_a_place_that_cannot_be_a_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="file/data"), opened(settings(tmp_path / "file" / "data")):
        pass


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nobody = replace(settings(tmp_path), database="postgresql+psycopg://127.0.0.1:1/porion?connect_timeout=2")
    with pytest.raises(WrongDataDirectory, match="database"), opened(nobody):
        pass


def test_identifiers_rise_even_when_the_clock_goes_back() -> None:
    times = iter([5.0, 5.0, 3.0, 9.0, 1.0])
    new_id = Identifiers(lambda: next(times))
    made = [new_id() for _ in range(5)]
    assert made == sorted(set(made))
    assert {len(one) for one in made} == {32}


def test_identifiers_of_many_threads_are_all_different() -> None:
    new_id = Identifiers()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(2000)))
    assert len({one[:16] for one in made}) == 2000


def test_a_password_is_verified_and_not_kept() -> None:
    passwords = Argon2()
    hashed = passwords.hash("correct horse battery")
    assert hashed.startswith("$argon2id$")
    assert passwords.verify("correct horse battery", hashed)
    assert not passwords.verify("wrong horse battery", hashed)


def test_attempts_are_limited_by_key(tmp_path: Path) -> None:
    with opened(settings(tmp_path)) as porion:
        tried = [porion.limiter("anna") for _ in range(ATTEMPTS_PER_MINUTE + 1)]
        assert tried == [True] * ATTEMPTS_PER_MINUTE + [False]
        assert porion.limiter("berta")


@pytest.mark.parametrize(("workers", "files"), [(1, 30), (2, 30), (2, 3)])
def test_files_are_read_in_their_order_however_many_processes_read(
    tmp_path: Path, workers: int, files: int
) -> None:
    spool = DirectorySpool(tmp_path, Identifiers())
    with spool.batch("clinic", Origin(door="test", actor="tester")) as batch:
        entries = []
        for n in range(files):
            content = file_bytes(a_panoramic(n)) if n % 5 else b"no DICOM"
            with a_file(tmp_path / "source", f"{n}.dcm", content).open("rb") as stream:
                entries.append(batch.put(stream, f"{n}.dcm"))
        batch.flush(entries)
        reader = Reader(spool, workers)
        try:
            read = reader(entries)()
        finally:
            reader.close()
    assert [isinstance(one, Unreadable) for one in read] == [n % 5 == 0 for n in range(files)]
    uids = [one.header.sop_instance_uid for one in read if isinstance(one, Arrival)]
    assert uids == [a_panoramic(n).SOPInstanceUID for n in range(files) if n % 5]


def test_a_step_is_counted_before_the_process_dies_at_it(tmp_path: Path) -> None:
    doomed = replace(settings(tmp_path), crash_at="indexed:3")
    child = os.fork()
    if child == 0:
        with opened(doomed) as porion:
            for step in ("indexed", "other", "indexed", "other"):
                porion.checkpoint(step)
            (tmp_path / "still-here").touch()
            porion.checkpoint("indexed")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert (tmp_path / "still-here").exists()


def test_when_a_reading_process_dies_this_one_reads_on(tmp_path: Path) -> None:
    several = replace(settings(tmp_path), workers=2)
    found = [incoming(file_bytes(a_panoramic(n, study=f"s{n}")), f"{n}.dcm") for n in range(30)]
    with at_the_desk(several, reads_many=True) as (porion, actor):
        for child in active_children():
            child.kill()
            child.join()
        outcomes = [outcome.outcome.value for outcome in import_found(porion, actor, "test", found)]
    assert outcomes == ["pending"] * 30


def test_a_digest_that_was_taken_on_the_way_in_is_not_taken_again(tmp_path: Path) -> None:
    spool = DirectorySpool(tmp_path, Identifiers())
    with spool.batch("clinic", Origin(door="test", actor="tester")) as batch:
        with a_file(tmp_path / "source", "1.dcm", file_bytes(a_panoramic())).open("rb") as stream:
            entry = batch.put(stream, "1.dcm")
        batch.flush([entry])
        reader = Reader(spool, 2)
        try:
            read = reader([replace(entry, digest=f"{n:064x}") for n in range(30)])()
        finally:
            reader.close()
    assert [one.digest for one in read] == [f"{n:064x}" for n in range(30)]
