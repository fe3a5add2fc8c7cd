"""What describes a batch."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from porion.services.records import Origin
from porion.store.about import ABOUT, About, read_about
from porion.store.spool import DirectorySpool
from tests.store.test_inlet import put

ORIGIN = Origin("dicom", "PAN1", ae_title="PAN1", device="d1", character_set="ISO_IR 144")


def test_it_is_read_as_written(tmp_path: Path) -> None:
    about = About("clinic", ORIGIN, queue=True)
    (tmp_path / ABOUT).write_bytes(about.written())
    assert read_about(tmp_path) == about


def test_one_written_before_devices_were_known_is_read(tmp_path: Path) -> None:
    (tmp_path / ABOUT).write_text('{"clinic": "c", "origin": {"door": "file", "label": "", "actor": "a"}}')
    assert read_about(tmp_path) == About("c", Origin("file", actor="a"))


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"\xff\xfe", b"[]", b"7", b'{"clinic": 1}', b'{"origin": {}}']
)
def test_a_damaged_one_stops_nothing_and_its_files_stay(tmp_path: Path, damaged: bytes) -> None:
    spool = DirectorySpool(tmp_path, iter(("bad", "good")).__next__)
    with closing(spool.inlet("clinic", ORIGIN)) as inlet:
        kept = put(inlet, b"acknowledged")
    (kept.parent / ABOUT).write_bytes(damaged)
    put(spool.inlet("clinic", ORIGIN), b"next")
    assert [list(entries) for entries in spool.leftovers() if entries] == []
    queue = spool.queue()
    queue.await_turn()
    assert [entry.batch for entry in queue.take(10, 1 << 30)] == ["good"]
    queue.tidy()
    queue.close()
    assert kept.exists()
