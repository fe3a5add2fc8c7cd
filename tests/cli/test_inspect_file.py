"""``porion inspect``: what one file says, in a shape that scripts rely on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import a_cbct_slice, a_lateral_ceph, a_panoramic, an_intra_oral, data_set, file_bytes
from tests.cli.desk import Desk, a_file

KEYS = {
    "category",
    "categoryConfidence",
    "categoryEvidence",
    "needsReview",
    "modality",
    "dicomModality",
    "sopClass",
    "transferSyntax",
    "claimedIdentity",
    "exposure",
    "pixelSpacing",
    "problems",
}
IDENTITY = {"family", "given", "middle", "patientId", "issuer", "birthDate", "sex"}
EXPOSURE = {
    "dapMgycm2",
    "entranceMgy",
    "ctdivolMgy",
    "kvp",
    "tubeMa",
    "timeMs",
    "mas",
    "observations",
}


def looked_at(desk: Desk, tmp_path: Path, made: Any) -> Any:
    return desk.do("inspect", a_file(tmp_path, "image.dcm", made), "--json").document


def test_a_panoramic_is_told_in_every_part(desk: Desk, tmp_path: Path) -> None:
    told = looked_at(desk, tmp_path, a_panoramic())
    assert (told["category"], told["modality"], told["dicomModality"]) == ("PANORAMIC", "OPG", "PX")
    assert told["needsReview"] is False
    assert told["categoryConfidence"] > 0.9
    assert told["categoryEvidence"]
    assert told["claimedIdentity"] | {"suffix": None} == {
        "family": "Beispiel",
        "given": "Anna",
        "middle": None,
        "suffix": None,
        "patientId": "P-1",
        "issuer": "CLINIC",
        "birthDate": "2012-04-03",
        "sex": "F",
    }
    exposure = told["exposure"]
    assert [exposure[key] for key in ("dapMgycm2", "kvp", "tubeMa", "timeMs")] == [81, 85, 9, 6800]
    assert exposure["entranceMgy"] is None


@pytest.mark.parametrize(
    "made",
    [
        a_panoramic(),
        an_intra_oral(PatientName=None, PatientID=None, PatientBirthDate=None, PatientSex=None),
        a_cbct_slice(1),
        a_lateral_ceph(PatientName="", StudyInstanceUID=""),
        data_set(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", SOPInstanceUID="1.2", Modality="SR"),
    ],
    ids=["panoramic", "intra-oral of nobody", "slice", "ceph without a study", "report"],
)
def test_no_key_is_ever_missing(desk: Desk, tmp_path: Path, made: Any) -> None:
    told = looked_at(desk, tmp_path, made)
    assert set(told) >= KEYS
    assert set(told["claimedIdentity"]) >= IDENTITY
    assert set(told["exposure"]) >= EXPOSURE
    assert set(told["pixelSpacing"]) >= {"mm", "basis"}


def test_nobody_is_claimed_by_null_and_not_by_an_empty_text(desk: Desk, tmp_path: Path) -> None:
    made = an_intra_oral(
        PatientName="", PatientID="", IssuerOfPatientID="", PatientBirthDate="", PatientSex=""
    )
    assert set(looked_at(desk, tmp_path, made)["claimedIdentity"].values()) == {None}


def test_an_observation_tells_what_was_written_and_where(desk: Desk, tmp_path: Path) -> None:
    told = looked_at(desk, tmp_path, a_panoramic())
    dose = next(seen for seen in told["exposure"]["observations"] if seen["quantity"] == "dap_mgycm2")
    assert (dose["rawText"], dose["value"]) == ("0.81", 81)


def test_a_spacing_says_what_it_rests_on(desk: Desk, tmp_path: Path) -> None:
    told = looked_at(desk, tmp_path, a_lateral_ceph())["pixelSpacing"]
    assert told["mm"] == [0.1, 0.1]
    assert told["basis"] == "detector"


def test_a_file_without_preamble_is_readable(desk: Desk, tmp_path: Path) -> None:
    bare = file_bytes(a_panoramic())[132:]
    assert looked_at(desk, tmp_path, bare)["category"] == "PANORAMIC"


def test_people_read_the_same(desk: Desk, tmp_path: Path) -> None:
    told = desk.do(
        "inspect", a_file(tmp_path, "image.dcm", a_panoramic(PatientName="[red]Beispiel^Anna"))
    ).out
    for words in ("PANORAMIC", "81 mGy·cm²", "85 kV", "[red]Beispiel", "2012-04-03"):
        assert words in told


@pytest.mark.parametrize(
    "content",
    [b"", b"Once upon a time there was no X-ray. " * 20, bytes(1000), b"\x89PNG\r\n\x1a\n" + bytes(50)],
)
def test_what_is_not_dicom_ends_with_three(desk: Desk, tmp_path: Path, content: bytes) -> None:
    path = a_file(tmp_path, "file.dcm", content)
    said = desk.run("inspect", path, "--json")
    assert said.status == 3
    assert list(said.document) == ["error"]
    assert str(path) in said.document["error"]
    assert desk.run("inspect", path).out == ""


@pytest.mark.parametrize("place", ["nowhere.dcm", "."])
def test_a_missing_file_and_a_folder_end_with_three(desk: Desk, tmp_path: Path, place: str) -> None:
    said = desk.run("inspect", tmp_path / place, "--json")
    assert said.status == 3
    assert list(said.document) == ["error"]


def test_a_pipe_is_not_waited_for(desk: Desk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert desk.run("inspect", tmp_path / "pipe").status == 3


def test_nothing_is_taken_in(desk: Desk, tmp_path: Path) -> None:
    looked_at(desk, tmp_path, a_panoramic())
    assert not desk.data.exists()


WHOLE = file_bytes(a_panoramic())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_damage_ends_with_a_sentence_or_with_an_answer(
    desk: Desk, tmp_path: Path, end: int, at: int, byte: int
) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] = byte
    said = desk.run("inspect", a_file(tmp_path, "damaged.dcm", bytes(damaged[:end])), "--json")
    assert said.status in {0, 3}
    assert said.status == 3 or set(said.document) >= KEYS
