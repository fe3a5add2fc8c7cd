"""Files that can be made again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from porion.services.errors import OutOfSpace
from porion.services.pixel_ports import Held
from porion.store.derived import DerivedFiles

HELD = Held("clinic", "ab" * 32)


def test_a_file_gets_its_place_and_can_be_forgotten(tmp_path: Path) -> None:
    derived = DerivedFiles(tmp_path / "derived")
    assert derived.find(HELD, "jpg") is None
    with derived.making(HELD, "jpg") as made:
        made.write_bytes(b"picture")
        assert derived.find(HELD, "jpg") is None
    found = derived.find(HELD, "jpg")
    assert found is not None
    assert (found.read_bytes(), found.suffix) == (b"picture", ".jpg")
    assert derived.find(HELD, "htj2k") is derived.find(Held("other", HELD.digest), "jpg") is None
    derived.forget(HELD, "jpg")
    derived.forget(HELD, "jpg")
    assert derived.find(HELD, "jpg") is None


def test_the_mark_goes_with_what_was_made(tmp_path: Path) -> None:
    derived = DerivedFiles(tmp_path / "derived")
    assert derived.mark("clinic") == ""
    derived.set_mark("clinic", "0123")
    assert DerivedFiles(tmp_path / "derived").mark("clinic") == "0123"
    assert derived.mark("other") == ""
    shutil.rmtree(tmp_path / "derived")
    assert derived.mark("clinic") == ""


def test_the_disk_is_left_to_what_comes_in(tmp_path: Path) -> None:
    with DerivedFiles(tmp_path / "derived", reserve=1).making(HELD, "jpg") as made:
        made.write_bytes(b"picture")
    with pytest.raises(OutOfSpace), DerivedFiles(tmp_path / "derived", reserve=1 << 60).making(HELD, "jpg"):
        pytest.fail("nothing is to be written")


def test_what_was_not_finished_is_away(tmp_path: Path) -> None:
    derived = DerivedFiles(tmp_path / "derived")
    making = derived.making(HELD, "jpg")
    making.__enter__().write_bytes(b"half a pic")
    assert not making.__exit__(ValueError, ValueError("broken"), None)
    assert not [path for path in (tmp_path / "derived").rglob("*") if path.is_file()]
