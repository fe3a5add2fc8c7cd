"""The worker: what the network brought is found, whoever dies in between."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from porion.cli import worker_part
from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.cli.worker_part import Stopping
from porion.dicom.file_meta import file_prefix
from porion.dicom.header import read_header
from porion.services.errors import StorageFailed
from porion.services.records import Origin
from tests.builders import a_panoramic, file_bytes
from tests.cli.server import serving


def spool_one(data: Path) -> None:
    """What a receiver leaves in the spool when it is the only part that runs."""
    content = file_bytes(a_panoramic())
    with at_the_desk(read_settings(data)) as (porion, actor):
        inlet = porion.spool.inlet(actor.clinic_id, Origin(door="dicom", ae_title="PAN1"))
        intake = inlet.open(file_prefix("1.2", "1.3", "1.2.840.10008.1.2.1", sealable=True))
        intake.write(memoryview(content)[read_header(content).data_set_offset :])
        intake.seal()
        inlet.close()


def left_in_spool(data: Path) -> list[Path]:
    return list((data / "spool").glob("*/*.dcm"))


def test_it_indexes_what_waits_and_ends_when_told(tmp_path: Path) -> None:
    spool_one(tmp_path)
    assert left_in_spool(tmp_path)
    with serving(tmp_path, "worker") as server:
        assert set((server.told("ready") or {})["processes"]) == {"worker"}
        status, _ = server.end(signal.SIGTERM)
        assert status == 0
    assert not left_in_spool(tmp_path)


def test_a_worker_that_was_killed_leaves_its_turn_to_the_next(tmp_path: Path) -> None:
    with serving(tmp_path, "worker") as first:
        (held,) = (first.told("ready") or {})["processes"]["worker"]
        os.kill(held, signal.SIGKILL)
        first.end(signal.SIGKILL)
    with serving(tmp_path, "worker") as second:
        assert second.told("ready")


@pytest.mark.parametrize(
    ("rings", "looks"),
    [([False], 1), ([True, True, False, True], 3), ([True] * 99, worker_part._MOST_MOMENTS)],
)
def test_what_comes_in_quick_succession_is_gathered_for_a_while(
    rings: list[bool], looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_part, "_MOMENT", 0)
    left = list(rings)

    class Rung:
        def wait(self, _seconds: float) -> bool:
            return left.pop(0)

    worker_part.gather(Rung())  # type: ignore[arg-type]
    assert len(rings) - len(left) == looks


def test_a_mistake_does_not_end_the_answers_to_commitments(monkeypatch: pytest.MonkeyPatch) -> None:
    over, looks = threading.Event(), iter((RuntimeError(), StorageFailed(), None))

    def look(*_: object) -> None:
        error = next(looks)
        if error is None:
            over.set()
        else:
            raise error

    monkeypatch.setattr(worker_part, "deliver_due", look)
    monkeypatch.setattr(worker_part, "_ANSWERS", 0)
    monkeypatch.setattr(worker_part, "log", log := Log())
    worker_part._answer(None, None, over)
    assert log.told == ["unexpected error", "storage commitments have to wait"]


class Log:
    """What was logged."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def warning(self, told: str, **_: object) -> None:
        self.told.append(told)


def test_a_signal_is_noted_and_interrupts_only_waiting() -> None:
    stopping = Stopping()
    stopping.note(signal.SIGTERM, None)
    assert stopping.noted
