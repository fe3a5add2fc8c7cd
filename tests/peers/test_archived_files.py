"""Other programs of the field take what the archive holds, whether its file meta was rewritten or not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from bench.orthanc import orthanc
from porion.dicom.header import read_header
from tests.builders import a_lateral_ceph, a_panoramic, an_enhanced_ct, file_bytes
from tests.world import a_porion, bring

# Told by our reader, and by Orthanc in its simplified tags.
KEYWORDS = (
    "SOPInstanceUID",
    "SOPClassUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "Modality",
    "Manufacturer",
    "KVP",
    "Rows",
    "Columns",
    "ImageAndFluoroscopyAreaDoseProduct",
)


def _bare(content: bytes) -> bytes:
    """The data set alone, as some software exports it."""
    return content[read_header(memoryview(content)).data_set_offset :]


SOURCES = {
    "explicit": file_bytes(a_panoramic(1)),
    "implicit": file_bytes(a_panoramic(2), transfer_syntax=ImplicitVRLittleEndian),
    "big-endian": file_bytes(a_panoramic(3), transfer_syntax=ExplicitVRBigEndian),
    "deflated": file_bytes(a_panoramic(4), transfer_syntax=DeflatedExplicitVRLittleEndian),
    "multi-frame": file_bytes(an_enhanced_ct()),
    "program-in-preamble": file_bytes(a_panoramic(5), preamble=b"MZ".ljust(128, b"\x90")),
    "bare-explicit": _bare(file_bytes(a_lateral_ceph(6))),
    "bare-implicit": _bare(file_bytes(a_lateral_ceph(7), transfer_syntax=ImplicitVRLittleEndian)),
    "bare-big-endian": _bare(file_bytes(a_lateral_ceph(8), transfer_syntax=ExplicitVRBigEndian)),
    "umlauts": file_bytes(a_panoramic(9, PatientName="Müller^Jürgen")),
}


@dataclass(frozen=True)
class Archived:
    """A file of the archive, and the data set that it came from."""

    path: Path
    source: bytes

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    def text(self, keyword: str) -> str:
        """What our reader finds under a keyword."""
        return read_header(memoryview(self.content)).text(keyword) or ""


@pytest.fixture(params=SOURCES)
def archived(request: pytest.FixtureRequest, tmp_path: Path) -> Archived:
    """One source after its way in."""
    source = SOURCES[request.param]
    world = a_porion(tmp_path)
    (outcome,) = bring(world, source)
    assert outcome.outcome == "pending", outcome
    (path,) = (tmp_path / "archive").glob("*/images/*/*.dcm")
    return Archived(path, source)


def asked(*command: object) -> str:
    """What a program of the field says of a file that it accepts without a warning."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b""), done
    return done.stdout.decode("utf-8")


def test_a_file_keeps_its_data_set_and_has_a_file_meta_group(archived: Archived) -> None:
    ours = read_header(memoryview(archived.content))
    source = read_header(memoryview(archived.source))
    assert archived.content[:132] == bytes(128) + b"DICM"
    assert archived.content[ours.data_set_offset :] == archived.source[source.data_set_offset :]
    assert ours.file_meta.text("TransferSyntaxUID") == source.transfer_syntax


@pytest.mark.peer("dcmftest")
def test_dcmtk_says_that_it_is_a_dicom_file(archived: Archived) -> None:
    assert asked("dcmftest", archived.path) == f"yes: {archived.path}\n"


@pytest.mark.peer("dcmdump")
def test_dcmtk_reads_the_same_names_without_a_warning(archived: Archived) -> None:
    asked("dcmdump", archived.path)
    wanted = ("SOPInstanceUID", "PatientName", "StudyInstanceUID")
    options = [word for keyword in wanted for word in ("+P", keyword)]
    told = asked("dcmdump", "+U8", "-Un", *options, archived.path)
    for keyword in wanted:
        assert f"[{archived.text(keyword)}]" in told, keyword


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Somebody who calls an Orthanc of its own on this machine."""
    with (
        orthanc(tmp_path_factory.mktemp("orthanc"), DicomServerEnabled=False) as running,
        httpx2.Client(base_url=f"http://127.0.0.1:{running.http}", timeout=60, trust_env=False) as made,
    ):
        yield made


@pytest.mark.peer("Orthanc")
def test_orthanc_takes_it_and_reads_the_same_tags(archived: Archived, client: httpx2.Client) -> None:
    taken: Any = client.post("/instances", content=archived.content).json()
    assert taken["Status"] in {"Success", "AlreadyStored"}
    tags: Any = client.get(f"/instances/{taken['ID']}/simplified-tags").json()
    assert {keyword: str(tags.get(keyword, "")) for keyword in KEYWORDS} == {
        keyword: archived.text(keyword) for keyword in KEYWORDS
    }
