from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from porion.services.errors import NotFound, StorageFailed
from porion.services.ports import Spooled
from porion.services.records import Origin
from porion.store.archive import DirectoryArchive
from porion.store.spool import DirectorySpool

DIGEST = "ab" + "0" * 62


@pytest.fixture
def spool(tmp_path: Path) -> DirectorySpool:
    return DirectorySpool(tmp_path / "spool", iter("123456789").__next__)


@pytest.fixture
def archive(tmp_path: Path, spool: DirectorySpool) -> DirectoryArchive:
    return DirectoryArchive(tmp_path / "archive", spool)


@contextmanager
def spooled(spool: DirectorySpool, *contents: bytes) -> Iterator[list[Spooled]]:
    with spool.batch("clinic", Origin("test")) as batch:
        entries = [batch.put(BytesIO(content), "a.dcm") for content in contents]
        batch.flush(entries)
        yield entries
        batch.release(entries)


def kept(archive: DirectoryArchive, digest: str = DIGEST) -> bytes:
    with archive.open("clinic", digest) as file, archive.contents("clinic", digest) as view:
        content = file.read()
        assert bytes(view) == content
    return content


def test_a_file_is_kept_under_its_digest_and_outlives_the_spool(
    archive: DirectoryArchive, spool: DirectorySpool
) -> None:
    with spooled(spool, b"content") as (entry,):
        archive.keep(entry, DIGEST, prefix=None, offset=0)
        archive.sync()
    assert kept(archive) == b"content"
    assert archive.path("clinic", DIGEST).parts[-4:] == ("clinic", "images", "ab", f"{DIGEST}.dcm")
    assert list(archive.names("clinic")) == [DIGEST]
    assert archive.has("clinic", DIGEST)


def test_keeping_twice_keeps_the_first(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    with spooled(spool, b"first", b"second") as (first, second):
        archive.keep(first, DIGEST, prefix=None, offset=0)
        archive.keep(second, DIGEST, prefix=None, offset=0)
        archive.keep(second, DIGEST, prefix=b"new ", offset=2)
    assert kept(archive) == b"first"


def test_a_new_head_stands_in_front_of_the_same_data_set(
    archive: DirectoryArchive, spool: DirectorySpool
) -> None:
    data_set = os.urandom(3 << 20)
    with spooled(spool, b"old head" + data_set) as (entry,):
        archive.keep(entry, DIGEST, prefix=b"new ", offset=8)
    assert kept(archive) == b"new " + data_set
    assert [path.name for path in archive.path("clinic", DIGEST).parent.iterdir()] == [f"{DIGEST}.dcm"]


def test_what_a_process_that_died_was_writing_is_written_anew(
    archive: DirectoryArchive, spool: DirectorySpool
) -> None:
    with spooled(spool, b"old content") as (entry,):
        target = archive.path("clinic", DIGEST)
        target.parent.mkdir(parents=True)
        half = target.with_suffix(f".{entry.batch}-{entry.number}.new")
        half.write_bytes(b"ne")
        archive.keep(entry, DIGEST, prefix=b"new ", offset=4)
    assert kept(archive) == b"new content"
    assert not half.exists()


def test_quarantine_lies_apart(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    with spooled(spool, b"garbage") as (entry,):
        archive.quarantine(entry, DIGEST)
        archive.quarantine(entry, DIGEST)
        archive.sync()
    assert not archive.has("clinic", DIGEST)
    assert list(archive.names("clinic")) == []
    (path,) = archive.path("clinic", DIGEST).parents[2].glob("quarantine/*/*")
    assert path.read_bytes() == b"garbage"


def test_a_file_of_another_clinic_is_missing(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    with spooled(spool, b"content") as (entry,):
        archive.keep(entry, DIGEST, prefix=None, offset=0)
    assert not archive.has("another", DIGEST)
    for read in (archive.open, _contents(archive)):
        with pytest.raises(NotFound, match="has lost the file ab00"):
            read("another", DIGEST)


def test_a_file_that_cannot_be_read_is_told_in_words(archive: DirectoryArchive) -> None:
    archive.path("clinic", DIGEST).mkdir(parents=True)
    for read in (archive.open, _contents(archive)):
        with pytest.raises(StorageFailed, match="cannot read"):
            read("clinic", DIGEST)


def _contents(archive: DirectoryArchive) -> Callable[[str, str], object]:
    def read(clinic_id: str, digest: str) -> object:
        with archive.contents(clinic_id, digest) as view:
            return view

    return read


def test_an_entry_that_has_gone_cannot_be_kept(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    with spooled(spool, b"content") as (entry,):
        spool.path(entry).unlink()
        for prefix in (None, b"new"):
            with pytest.raises(StorageFailed, match=r"a\.dcm cannot be archived"):
                archive.keep(entry, DIGEST, prefix=prefix, offset=0)
        with pytest.raises(StorageFailed, match=r"a\.dcm cannot be put into quarantine"):
            archive.quarantine(entry, DIGEST)
    assert not archive.has("clinic", DIGEST)


def test_a_flush_that_failed_is_done_again(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    with spooled(spool, b"content") as (entry,):
        archive.keep(entry, DIGEST, prefix=None, offset=0)
        directory = archive.path("clinic", DIGEST).parent
        aside = directory.rename(directory.with_name("aside"))
        for _ in range(2):
            with pytest.raises(StorageFailed):
                archive.sync()
        aside.rename(directory)
        archive.sync()


def test_many_threads_keep_and_flush_at_once(archive: DirectoryArchive, spool: DirectorySpool) -> None:
    digests = [f"{n:02x}" + "0" * 62 for n in range(40)]
    failures: list[BaseException] = []

    def work(entries: list[Spooled], prefix: bytes | None) -> None:
        try:
            for entry, digest in zip(entries, digests, strict=True):
                archive.keep(entry, digest, prefix=prefix, offset=0)
                archive.sync()
        except BaseException as error:
            failures.append(error)
            raise

    with spooled(spool, *[b"same"] * 40) as first, spooled(spool, *[b"same"] * 40) as second:
        threads = [
            threading.Thread(target=work, args=(one, how)) for one, how in ((first, None), (second, b""))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert sorted(archive.names("clinic")) == digests
    assert {kept(archive, digest) for digest in digests} == {b"same"}


@pytest.mark.parametrize("files", [1, 2, 7, 40])
def test_every_directory_that_got_a_name_is_flushed(
    archive: DirectoryArchive, spool: DirectorySpool, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("porion.store.archive.flush_directories", flushed.extend)
    digests = [f"{n:02x}" + "0" * 62 for n in range(files)]
    with spooled(spool, *[b"content"] * files) as entries:
        for entry, digest in zip(entries, digests, strict=True):
            archive.keep(entry, digest, prefix=None, offset=0)
        archive.sync()
    images = archive.path("clinic", DIGEST).parents[1]
    directories = {archive.path("clinic", digest).parent for digest in digests}
    assert sorted(flushed) == sorted({*directories, images, *list(images.parents)[:2]})


def test_a_directory_is_flushed_once_for_all_that_it_got(
    archive: DirectoryArchive, spool: DirectorySpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("porion.store.archive.flush_directories", flushed.extend)
    digests = ["ab" + f"{n:062x}" for n in range(3)]
    with spooled(spool, *[b"content"] * 4) as entries:
        archive.keep(entries[3], DIGEST, prefix=None, offset=0)
        archive.sync()
        flushed.clear()
        for entry, digest in zip(entries, digests, strict=False):
            archive.keep(entry, digest, prefix=None, offset=0)
        archive.sync()
    assert flushed == [archive.path("clinic", DIGEST).parent]
