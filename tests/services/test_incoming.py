from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from porion.services.incoming import Refused, Skipped
from tests.world import incoming


def test_an_incoming_file_can_be_read_from_its_first_byte_again_and_again() -> None:
    one = incoming(b"content", "study.zip!a.dcm")
    for _ in range(2):
        with one.open() as stream:
            assert stream.read() == b"content"
    assert (one.path, one.size) == ("study.zip!a.dcm", 7)


@pytest.mark.parametrize("kind", [Skipped, Refused])
def test_what_is_not_received_has_a_reason_that_stays(kind: type[Skipped | Refused]) -> None:
    found = kind("a.txt", "not DICOM")
    with pytest.raises(FrozenInstanceError):
        found.reason = ""  # type: ignore[misc]
    assert found == kind("a.txt", "not DICOM")
