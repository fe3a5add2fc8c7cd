"""A media directory is held against what is there; it leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest

from porion.folder.media import leads_outside, read_media
from tests.folder.discs import a_media_directory


def a_directory(*references: list[str]) -> Callable[[], BytesIO]:
    return partial(BytesIO, a_media_directory(*references))


@pytest.mark.parametrize(
    "name", ["IMAGES/IMG1", "images/img1", "Images/Img1.;1", "images/img1;12", "IMAGES/IMG1."]
)
def test_a_file_is_found_as_any_reader_of_the_disc_presents_it(name: str) -> None:
    media = read_media(a_directory(["IMAGES", "IMG1"]), ["AUTORUN.INF", name])
    assert media.found == (name,)
    assert media.report("D/DICOMDIR").reason == "media directory: 1 of 1 referenced files found"


def test_a_reference_with_version_or_in_one_piece_is_found_too() -> None:
    assert read_media(a_directory(["IMAGES", "IMG1.;1"]), ["images/img1"]).found == ("images/img1",)
    assert read_media(a_directory(["IMAGES/IMG1"]), ["images/img1"]).found == ("images/img1",)


def test_missing_files_are_named_up_to_ten() -> None:
    media = read_media(a_directory(*(["I", f"F{n}"] for n in range(15))), ["I/F0", "I/F1"])
    reason = media.report("DICOMDIR").reason
    assert reason.startswith("media directory: 2 of 15 referenced files found; missing: I/F2, I/F3, ")
    assert reason.endswith("I/F11 and 3 more")


def test_a_file_that_is_named_twice_counts_once() -> None:
    assert (
        read_media(a_directory(["A"], ["A"]), ["A"])
        .report("DICOMDIR")
        .reason.startswith("media directory: 1 of 1")
    )


@pytest.mark.parametrize(
    "parts",
    [
        ["..", "SECRET"],
        ["A", "..", "..", "SECRET"],
        ["/etc/passwd"],
        ["C:", "SECRET"],
        ["../SECRET"],
        ["c:x"],
    ],
)
def test_a_reference_out_of_the_media_is_reported_and_never_looked_up(parts: list[str]) -> None:
    media = read_media(a_directory(parts), ["SECRET", "../SECRET", "/etc/passwd", "etc/passwd"])
    assert media.found == ()
    assert "pointing outside of the media, never followed" in media.report("DICOMDIR").reason


def test_hostile_references_are_shown_without_control_characters() -> None:
    reason = read_media(a_directory(["\x1b[2J"], ["a\rb"]), []).report("DICOMDIR").reason
    assert reason.isprintable()


@pytest.mark.parametrize("data", [b"", b"garbage", bytes(128) + b"DICM", a_directory(["A"])().read()[:200]])
def test_a_broken_directory_says_so_and_stops_nothing(data: bytes) -> None:
    report = read_media(partial(BytesIO, data), ["A"]).report("DICOMDIR")
    assert report.reason.startswith("media directory")
    assert "found" not in report.reason or "0 of" in report.reason


def test_a_directory_that_cannot_be_opened_says_so() -> None:
    def gone() -> BytesIO:
        raise FileNotFoundError(2, "No such file")

    assert "No such file" in read_media(gone, []).report("DICOMDIR").reason


@pytest.mark.parametrize("name", ["a/b", "a..b/c", "...", "a/.b", "a b;1"])
def test_ordinary_names_stay_inside(name: str) -> None:
    assert not leads_outside(name)
