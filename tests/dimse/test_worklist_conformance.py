"""The worklist's table says what is answered."""

from __future__ import annotations

from porion.dicom.scheduled import REQUIRED, REQUIRED_OF_STEP
from porion.dimse.worklist_conformance import worklist_keys


def test_what_is_always_there_is_said_to_be() -> None:
    lines = worklist_keys().splitlines()
    always = {line.split(" | ")[0].removeprefix("| ") for line in lines if "always, filled" in line}
    assert always == REQUIRED | {f"step: {keyword}" for keyword in REQUIRED_OF_STEP}


def test_how_keys_are_matched_follows_their_kind() -> None:
    table = worklist_keys()
    assert "| PatientName | (0010,0010) | single value, wildcard | always, filled |" in table
    assert (
        "| step: ScheduledProcedureStepStartDate | (0040,0002) | single value, range | always, filled |"
        in table
    )
    assert "| StudyInstanceUID | (0020,000D) | list of UIDs | always, filled |" in table
    assert "| PregnancyStatus | (0010,21C0) | none | when asked for, empty |" in table
