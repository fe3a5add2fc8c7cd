"""Storage commitment with Orthanc as the requester: success, partial, failure, and away and back.

Porion's clock is the test's: what takes ten minutes or a pause between two attempts passes at once.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.orthanc import free_port, orthanc
from porion.dimse.event_report import deliver_due
from porion.dimse.tls import Identity
from porion.services.commitment import INDEXED_WITHIN, list_commitments
from porion.services.devices import add_device
from porion.services.records import CommitmentRow
from tests.builders import a_panoramic
from tests.cli.desk import Desk, a_file
from tests.cli.server import serving
from tests.dimse.house import House, a_house
from tests.world import World

pytestmark = pytest.mark.peer("Orthanc")
NO_TLS = Identity(Path("-"), Path("-"), Path("-"))
TITLE = "ORTHANC"
CT = "1.2.840.10008.5.1.4.1.1.2"
NO_SUCH_INSTANCE, PROCESSING_FAILURE, CONFLICT = 0x0112, 0x0110, 0x0119


@dataclass(frozen=True)
class Requester:
    """A running Orthanc."""

    client: httpx2.Client

    def ask(self, *pairs: tuple[str, str]) -> str:
        """Ask Porion for commitment; where the report will be."""
        asked = {"DicomInstances": [list(pair) for pair in pairs]}
        answer = self.client.post("/modalities/porion/storage-commitment", json=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["Path"])

    def told(self, path: str) -> dict[str, Any]:
        """What it was told."""
        return dict(self.client.get(path).json())


@contextmanager
def a_requester(folder: Path, porion: int, dicom: int) -> Iterator[Requester]:
    folder.mkdir(exist_ok=True)
    node = {"porion": ["PORION", "127.0.0.1", porion]}
    with (
        orthanc(folder, DicomModalities=node, DicomAet=TITLE, DicomPort=dicom) as running,
        httpx2.Client(base_url=f"http://127.0.0.1:{running.http}", timeout=60, trust_env=False) as client,
    ):
        yield Requester(client)


@pytest.fixture
def port() -> int:
    """Where Orthanc listens, today and tomorrow."""
    return free_port()


@pytest.fixture
def house(world: World, port: int) -> Iterator[House]:
    add_device(world.porion, world.actor, TITLE, "127.0.0.1", "", port)
    with a_house(world) as made:
        yield made


def held(n: int = 1) -> tuple[str, str]:
    made = a_panoramic(n, study=str(n))
    return str(made.SOPClassUID), str(made.SOPInstanceUID)


def damage(world: World, uid: str) -> None:
    with world.porion.store.read(world.clinic_id) as tx:
        (row,) = tx.imaging.instances_by_uid([uid])[uid]
    path = world.archive.path(world.clinic_id, row.digest)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def the_commitment(world: World) -> CommitmentRow:
    (row,) = list_commitments(world.porion, world.actor)
    return row


def test_success(house: House, port: int, tmp_path: Path) -> None:
    house.world.bring(a_panoramic(1, study="1"), a_panoramic(2, study="2"))
    with a_requester(tmp_path / "orthanc", house.port, port) as requester:
        report = requester.ask(held(1), held(2))
        assert requester.told(report)["Status"] == "Pending"
        assert deliver_due(house.world.porion, NO_TLS) == 1
        told = requester.told(report)
    assert (told["Status"], told["RemoteAET"], told["Failures"]) == ("Success", "PORION", [])
    assert {one["SOPInstanceUID"] for one in told["Success"]} == {held(1)[1], held(2)[1]}


def test_partial_with_a_reason_for_each_failure(house: House, port: int, tmp_path: Path) -> None:
    house.world.bring(a_panoramic(1, study="1"), a_panoramic(2, study="2"), a_panoramic(3, study="3"))
    damage(house.world, held(2)[1])
    with a_requester(tmp_path / "orthanc", house.port, port) as requester:
        report = requester.ask(held(1), held(2), (held(3)[0], "1.2.3"), (CT, held(3)[1]))
        assert deliver_due(house.world.porion, NO_TLS) == 0
        house.world.clock.pass_by(INDEXED_WITHIN)
        assert deliver_due(house.world.porion, NO_TLS) == 1
        told = requester.told(report)
    assert told["Status"] == "Failure"
    assert [one["SOPInstanceUID"] for one in told["Success"]] == [held(1)[1]]
    assert {one["SOPInstanceUID"]: one["FailureReason"] for one in told["Failures"]} == {
        held(2)[1]: PROCESSING_FAILURE,
        "1.2.3": NO_SUCH_INSTANCE,
        held(3)[1]: CONFLICT,
    }


def test_failure_of_everything(house: House, port: int, tmp_path: Path) -> None:
    house.world.bring(a_panoramic(1, study="1"))
    damage(house.world, held(1)[1])
    with a_requester(tmp_path / "orthanc", house.port, port) as requester:
        report = requester.ask(held(1))
        assert deliver_due(house.world.porion, NO_TLS) == 1
        told = requester.told(report)
    assert (told["Status"], told["Success"]) == ("Failure", [])


# pynetdicom leaves the socket of a refused connection to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_away_and_back(house: House, port: int, tmp_path: Path) -> None:
    house.world.bring(a_panoramic(1, study="1"))
    with a_requester(tmp_path / "orthanc", house.port, port) as requester:
        report = requester.ask(held(1))
    assert deliver_due(house.world.porion, NO_TLS) == 0
    row = the_commitment(house.world)
    assert row.last_error == f"{TITLE} at 127.0.0.1:{port}: nobody answers."
    house.world.clock.pass_by(timedelta(hours=30))
    with a_requester(tmp_path / "orthanc", house.port, port) as requester:
        assert deliver_due(house.world.porion, NO_TLS) == 1
        assert requester.told(report)["Status"] == "Success"
    assert the_commitment(house.world).state == "delivered"
    gc.collect()


def test_a_porion_that_was_killed_answers_after_its_restart(tmp_path: Path, port: int) -> None:
    desk, dicom = Desk(tmp_path / "data"), free_port()
    desk.do("device", "add", TITLE, "--address", "127.0.0.1", "--port", port)
    desk.do("import", a_file(tmp_path, "pan.dcm", a_panoramic(1, study="1")))
    with a_requester(tmp_path / "orthanc", dicom, port) as requester:
        with serving(desk.data, "receiver", "--dicom", f"127.0.0.1:{dicom}") as server:
            report = requester.ask(held(1))
            server.end(signal.SIGKILL)
        (row,) = desk.do("commitments", "list", "--json").lines
        assert (row["state"], row["asked"]) == ("waiting", [list(held(1))])
        with serving(desk.data):
            while (told := requester.told(report))["Status"] == "Pending":
                pass
    assert told["Status"] == "Success"
