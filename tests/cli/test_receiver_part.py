"""The receiver as a process of its own."""

from __future__ import annotations

import signal
from pathlib import Path

from porion.dimse.probe import probe
from tests.cli.desk import Desk
from tests.cli.server import serving


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_a_device_is_heard_and_a_stranger_is_listed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.do("device", "add", "PAN1", "--address", "127.0.0.1")
    with serving(tmp_path) as server:
        port = port_of(str((server.told("ready") or {})["dicom"]))
        assert probe("127.0.0.1", port, calling="PAN1", called="PORION") is None
        stranger = probe("127.0.0.1", port, calling="CEPH", called="PORION")
        assert stranger == "It rejects the association: it does not know the calling AE title 'CEPH'."
        # Approval holds at once: nothing is to be started anew.
        desk.do("device", "approve", "CEPH")
        assert probe("127.0.0.1", port, calling="CEPH", called="PORION") is None
        assert server.end(signal.SIGTERM)[0] == 0


def test_it_runs_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "receiver") as server:
        ready = server.told("ready") or {}
        assert set(ready["processes"]) == {"receiver"}
        assert "http" not in ready


def test_receivers_share_the_door(tmp_path: Path) -> None:
    Desk(tmp_path).do("device", "add", "PAN1", "--address", "127.0.0.1")
    with serving(tmp_path, "receiver", PORION_RECEIVERS="3") as server:
        ready = server.told("ready") or {}
        assert len(ready["processes"]["receiver"]) == 3
        for _ in range(9):
            assert probe("127.0.0.1", port_of(ready["dicom"]), calling="PAN1", called="PORION") is None
