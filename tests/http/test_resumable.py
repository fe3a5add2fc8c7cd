"""Uploads under way on the disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from porion.clinic.permissions import operator
from porion.http.resumable import MOST_OPEN, STALE, Resumable
from porion.services.errors import Conflict, Invalid, NotFound

ANNA, BERTA = operator("anna", "1"), operator("berta", "1")


@pytest.fixture
def uploads(tmp_path: Path) -> Resumable:
    return Resumable(tmp_path / "resumable", 100)


def test_a_file_comes_together_from_pieces_and_is_gone_after_its_use(uploads: Resumable) -> None:
    begun = uploads.begin(ANNA, "scan.dcm", 6)
    assert [uploads.add(begun, 0, b"abc"), uploads.add(begun, 3, b"def")] == [3, 6]
    with uploads.whole(begun, hashlib.sha256(b"abcdef").hexdigest()) as path:
        assert path.read_bytes() == b"abcdef"
    assert not path.exists()
    with pytest.raises(NotFound):
        uploads.find(ANNA, begun.id)


def test_a_piece_belongs_where_the_last_one_ended(uploads: Resumable) -> None:
    begun = uploads.begin(ANNA, "scan.dcm", 6)
    uploads.add(begun, 0, b"abc")
    with pytest.raises(Conflict, match="stands at 3"):
        uploads.add(begun, 0, b"abc")
    with pytest.raises(Invalid):
        uploads.add(begun, 3, b"defg")
    assert uploads.offset(begun) == 3


def test_what_is_not_complete_or_not_what_was_sent_is_not_used(uploads: Resumable) -> None:
    begun = uploads.begin(ANNA, "scan.dcm", 3)
    with pytest.raises(Conflict, match="Only 0 of 3"), uploads.whole(begun, None):
        pass
    uploads.add(begun, 0, b"abc")
    with pytest.raises(Conflict, match="digests differ"), uploads.whole(begun, "0" * 64):
        pass


def test_an_upload_is_nobody_elses(uploads: Resumable) -> None:
    begun = uploads.begin(ANNA, "scan.dcm", 3)
    for stranger in (BERTA, operator("anna", "2")):
        with pytest.raises(NotFound):
            uploads.find(stranger, begun.id)


def test_size_and_number_are_bounded(uploads: Resumable) -> None:
    with pytest.raises(Invalid):
        uploads.begin(ANNA, "scan.dcm", 101)
    for _ in range(MOST_OPEN):
        uploads.begin(ANNA, "scan.dcm", 1)
    with pytest.raises(Conflict):
        uploads.begin(ANNA, "scan.dcm", 1)
    uploads.begin(BERTA, "scan.dcm", 1)


def test_what_nobody_went_on_with_is_forgotten_after_a_day(uploads: Resumable, tmp_path: Path) -> None:
    begun = uploads.begin(ANNA, "scan.dcm", 1)
    (part,) = (tmp_path / "resumable").glob("*.part")
    os.utime(part, (part.stat().st_mtime - STALE - 60,) * 2)
    uploads.begin(ANNA, "other.dcm", 1)
    with pytest.raises(NotFound):
        uploads.find(ANNA, begun.id)
