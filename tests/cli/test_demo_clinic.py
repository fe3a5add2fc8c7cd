"""The demo's clinic: nobody real, the same every time, and files that a device could have sent."""

from __future__ import annotations

from porion.cli.demo_clinic import REGISTER, SLICES, files
from porion.dicom.classify import classify
from porion.dicom.header import read_header
from porion.dicom.identity import claimed_identity


def test_the_files_are_the_same_every_time() -> None:
    assert dict(files()) == dict(files())


def test_every_file_is_whole_and_has_a_uid_of_its_own() -> None:
    headers = [read_header(memoryview(content)) for _, content in files()]
    assert len(headers) == 5 + SLICES
    assert len({header.text("SOPInstanceUID") for header in headers}) == len(headers)
    assert not [problem for header in headers for problem in header.problems]


def test_each_file_shows_what_its_name_says() -> None:
    shown = {name: classify(read_header(memoryview(content))) for name, content in files()}
    told = {name: (v.category, v.needs_review) for name, v in shown.items() if not name.startswith("cbct/")}
    assert told == {
        "pan-1.dcm": ("PANORAMIC", False),
        "ceph-1.dcm": ("CEPHALOMETRIC_LATERAL", False),
        "sensor-1.dcm": ("BITEWING", False),
        "sensor-2.dcm": ("PERIAPICAL", True),
        "cassette-1.dcm": ("PANORAMIC", True),
    }
    assert {v.category for name, v in shown.items() if name.startswith("cbct/")} == {"CBCT"}


def test_claims_differ_from_the_register_as_those_of_devices_do() -> None:
    claims = {name: claimed_identity(read_header(memoryview(content))) for name, content in files()}
    registered = {(p.name.family, p.name.given, p.birth_date) for p in REGISTER}
    agreeing = [n for n, c in claims.items() if (c.name.family, c.name.given, c.birth_date) in registered]
    assert agreeing == ["pan-1.dcm"]
    assert claims["sensor-1.dcm"].name.family == ""
