from __future__ import annotations

import pytest

from porion.services.errors import Invalid
from porion.services.query_keys import read_keys
from porion.services.remote_ports import Level

SERIES = {"StudyInstanceUID": "1.2"}
IMAGE = {**SERIES, "SeriesInstanceUID": "1.3"}


@pytest.mark.parametrize(
    ("level", "given"), [(Level.PATIENT, {}), (Level.STUDY, {}), (Level.SERIES, SERIES), (Level.IMAGE, IMAGE)]
)
def test_what_is_worth_seeing_is_asked_for(level: Level, given: dict[str, str]) -> None:
    (keys,) = read_keys(level, given)
    assert given.items() <= keys.items()
    assert len(keys) > len(given)
    assert {value for key, value in keys.items() if key not in given} == {""}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-03-02", "20260302"),
        ("2026-01-01-2026-03-02", "20260101-20260302"),
        ("2026-01-01-", "20260101-"),
        ("20260302", "20260302"),
    ],
)
def test_dates_are_written_as_people_write_them(written: str, sent: str) -> None:
    (keys,) = read_keys(Level.STUDY, {"StudyDate": written})
    assert keys["StudyDate"] == sent


def test_a_modality_is_asked_for_under_every_code_that_it_may_have() -> None:
    queries = read_keys(Level.STUDY, {"ModalitiesInStudy": "OPG"})
    assert [keys["ModalitiesInStudy"] for keys in queries] == ["PX", "DX", "CR", "IO", "RG", "OT"]
    queries = read_keys(Level.SERIES, {**SERIES, "Modality": "CT\\CBCT"})
    assert [keys["Modality"] for keys in queries] == ["CT", "OT", "PX"]


@pytest.mark.parametrize(
    ("level", "given"),
    [
        (Level.STUDY, {"Nonsense": "x"}),
        (Level.STUDY, {"PixelData": "x"}),
        (Level.STUDY, {"PatientName": "x" * 1025}),
        (Level.STUDY, {"PatientName": "a\0b"}),
        (Level.STUDY, {"Rows": "many"}),
        (Level.SERIES, {}),
        (Level.IMAGE, SERIES),
        (Level.STUDY, {f"k{number}": "" for number in range(65)}),
    ],
)
def test_what_is_no_key_is_refused(level: Level, given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_keys(level, given)
