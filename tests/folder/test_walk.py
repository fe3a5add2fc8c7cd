"""Everything in a folder has one outcome, in the same order each time, and nothing outside is touched."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from porion.folder.walk import find, unpack
from porion.services.incoming import Found, Incoming, Refused, Skipped
from tests.builders import a_panoramic, file_bytes
from tests.folder.discs import a_media_directory

IMAGE = file_bytes(a_panoramic(1))


@pytest.fixture
def cd(tmp_path: Path) -> Path:
    """A patient's disc, which a test may fill."""
    folder = tmp_path / "cd"
    folder.mkdir()
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def put(folder: Path, **files: bytes) -> None:
    """Files by name, ``__`` standing for a folder."""
    for name, data in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def a_zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def brief(outcomes: list[Found], root: Path) -> list[tuple[str, str]]:
    """Kind and label below the root."""
    return [(type(found).__name__, found.path.replace(f"{root}/", "")) for found in outcomes]


def test_a_tree_is_gone_through_in_the_order_of_names(cd: Path, scratch: Path) -> None:
    put(cd, b__2=IMAGE, b__10=IMAGE, a=b"text", c=b"", b__z__1=IMAGE)
    outcomes = list(find([cd], scratch=scratch))
    assert brief(outcomes, cd) == [
        ("Skipped", "a"),
        ("Incoming", "b/10"),
        ("Incoming", "b/2"),
        ("Incoming", "b/z/1"),
        ("Skipped", "c"),
    ]
    assert brief(list(find([cd], scratch=scratch)), cd) == brief(outcomes, cd)


def test_an_incoming_file_has_its_size_and_opens_more_than_once(cd: Path, scratch: Path) -> None:
    put(cd, IMG1=IMAGE)
    (found,) = find([cd / "IMG1"], scratch=scratch)
    assert isinstance(found, Incoming)
    assert found.size == len(IMAGE)
    for _ in range(2):
        with found.open() as stream:
            assert stream.read() == IMAGE


def test_an_archive_in_a_folder_is_looked_into_whatever_it_is_called(cd: Path, scratch: Path) -> None:
    put(cd, study=a_zip(one=IMAGE, note=b"text"))
    outcomes = list(find([cd], scratch=scratch))
    assert brief(outcomes, cd) == [("Incoming", "study!one"), ("Skipped", "study!note")]
    assert list(scratch.iterdir()) == []


def test_looking_is_lazy(cd: Path, scratch: Path) -> None:
    put(cd, a=IMAGE, b=IMAGE)
    outcomes = find([cd, cd / "never" / "looked" / "at"], scratch=scratch)
    assert isinstance(next(outcomes), Incoming)
    (cd / "b").write_bytes(b"changed in the meantime")
    assert isinstance(next(outcomes), Skipped)


def test_what_is_given_twice_is_found_once(cd: Path, scratch: Path) -> None:
    put(cd, x__1=IMAGE, x__2=IMAGE)
    outcomes = list(find([cd / "x" / "2", cd, cd / "x", cd / "x" / ".." / "x" / "1"], scratch=scratch))
    assert brief(outcomes, cd) == [("Incoming", "x/2"), ("Incoming", "x/1")]


def test_links_are_reported_and_not_followed(cd: Path, scratch: Path) -> None:
    put(cd.parent, secret__1=IMAGE)
    put(cd, real=IMAGE)
    (cd / "file").symlink_to(cd.parent / "secret" / "1")
    (cd / "folder").symlink_to(cd.parent / "secret")
    (cd / "inside").symlink_to("real")
    (cd / "broken").symlink_to("nowhere")
    outcomes = {Path(found.path).name: found for found in find([cd], scratch=scratch)}
    assert isinstance(outcomes.pop("real"), Incoming)
    assert outcomes["file"] == Skipped(str(cd / "file"), "not opened: a link out of the folder")
    assert outcomes["inside"] == Skipped(
        str(cd / "inside"), "not opened: a link within the folder, whose files come by themselves"
    )
    assert all(isinstance(found, Skipped) for found in outcomes.values())


def test_loops_of_links_end(cd: Path, scratch: Path) -> None:
    (cd / "self").symlink_to("self")
    (cd / "up").symlink_to("..")
    (cd / "a").symlink_to("b")
    (cd / "b").symlink_to("a")
    assert [type(found) for found in find([cd], scratch=scratch)] == [Skipped] * 4


def test_a_link_that_a_person_names_is_meant(cd: Path, scratch: Path) -> None:
    put(cd, x__1=IMAGE)
    (cd / "link").symlink_to("x")
    outcomes = list(find([cd / "link"], scratch=scratch))
    assert brief(outcomes, cd) == [("Incoming", "link/1")]


def test_pipes_are_not_opened(cd: Path, scratch: Path) -> None:
    os.mkfifo(cd / "pipe")
    for given in (cd, cd / "pipe"):
        assert list(find([given], scratch=scratch)) == [Skipped(str(cd / "pipe"), "not opened: a pipe")]


@pytest.mark.parametrize("name", ["missing", "x" * 300, "zero\0byte"])
def test_a_path_that_is_not_there_is_refused_and_the_rest_goes_on(cd: Path, scratch: Path, name: str) -> None:
    put(cd, IMG1=IMAGE)
    outcomes = list(find([cd / name, cd], scratch=scratch))
    assert [type(found) for found in outcomes] == [Refused, Incoming]


@pytest.fixture
def bottomless(cd: Path) -> Iterator[Path]:
    """A folder with more folders in one another than a path can name, taken down again from the top."""
    at = os.open(cd, os.O_RDONLY)
    for _ in range(2500):
        os.mkdir("d", dir_fd=at)
        deeper = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = deeper
    os.close(at)
    yield cd
    while (cd / "d" / "d").exists():
        (cd / "d" / "d").rename(cd / "next")
        (cd / "d").rmdir()
        (cd / "next").rename(cd / "d")


def test_folders_deeper_than_a_path_are_refused_and_the_rest_goes_on(bottomless: Path, scratch: Path) -> None:
    put(bottomless, z=IMAGE)
    assert [type(found) for found in find([bottomless], scratch=scratch)] == [Refused, Incoming]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_refused_and_the_rest_goes_on(cd: Path, scratch: Path) -> None:
    put(cd, a__1=IMAGE, b=IMAGE)
    (cd / "a").chmod(0)
    outcomes = list(find([cd], scratch=scratch))
    (cd / "a").chmod(0o700)
    assert [type(found) for found in outcomes] == [Refused, Incoming]


def test_names_that_are_no_text_have_a_printable_label(cd: Path, scratch: Path) -> None:
    Path(os.fsdecode(os.fsencode(cd) + b"/\xff\x1b.dcm")).write_bytes(IMAGE)
    (found,) = find([cd], scratch=scratch)
    assert isinstance(found, Incoming)
    assert found.path.endswith("\\udcff\\x1b.dcm")
    with found.open() as stream:
        assert stream.read() == IMAGE


def test_a_disc_is_reported_and_its_files_come_once_however_broken_the_directory(
    cd: Path, scratch: Path
) -> None:
    put(
        cd,
        DICOMDIR=a_media_directory(["IMAGES", "1"], ["IMAGES", "2"], ["..", "scratch", "x"]),
        images__1=IMAGE,
        other__9=IMAGE,
    )
    report, *files = find([cd], scratch=scratch)
    assert isinstance(report, Skipped)
    assert report.reason.startswith(
        "media directory: 1 of 3 referenced files found; missing: IMAGES/2; pointing"
    )
    assert brief(files, cd) == [("Incoming", "images/1"), ("Incoming", "other/9")]


def test_a_directory_given_by_itself_brings_its_files_and_no_others(cd: Path, scratch: Path) -> None:
    put(cd.parent, secret=IMAGE)
    put(cd, DICOMDIR=a_media_directory(["IMAGES", "1"], ["..", "SECRET"]), images__1=IMAGE, other__9=IMAGE)
    outcomes = list(find([cd / "DICOMDIR"], scratch=scratch))
    assert brief(outcomes, cd) == [("Skipped", "DICOMDIR"), ("Incoming", "images/1")]


def test_an_upload_is_unpacked_under_the_name_that_the_sender_gave(cd: Path, scratch: Path) -> None:
    put(cd, upload=a_zip(one=IMAGE))
    (found,) = unpack(cd / "upload", "my\x1bstudy.zip", scratch=scratch)
    assert isinstance(found, Incoming)
    assert found.path == "my\\x1bstudy.zip!one"


def test_an_uploaded_directory_does_not_see_other_uploads(cd: Path, scratch: Path) -> None:
    put(cd, upload=a_media_directory(["OTHER"]), other=IMAGE)
    (found,) = unpack(cd / "upload", "DICOMDIR", scratch=scratch)
    assert found == Skipped("DICOMDIR", "media directory: 0 of 1 referenced files found; missing: OTHER")


def test_an_upload_is_told_by_content_and_by_the_name_that_the_sender_gave(cd: Path, scratch: Path) -> None:
    put(cd, u1=IMAGE, u2=b"text", u3=b"\x99\x88unknown\x01")
    outcomes = [next(unpack(cd / name, f"{name}.dcm", scratch=scratch)) for name in ("u1", "u2", "u3")]
    assert [type(found) for found in outcomes] == [Incoming, Skipped, Incoming]


def test_a_file_that_becomes_a_link_after_it_was_found_is_not_followed(cd: Path, scratch: Path) -> None:
    put(cd.parent, secret=IMAGE)
    put(cd, IMG1=IMAGE)
    (found,) = find([cd], scratch=scratch)
    assert isinstance(found, Incoming)
    (cd / "IMG1").unlink()
    (cd / "IMG1").symlink_to(cd.parent / "secret")
    with pytest.raises(OSError):
        found.open()
