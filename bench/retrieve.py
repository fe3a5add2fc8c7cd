"""A cone-beam volume from Orthanc, in every way, beside receiving the same volume, in one run.

    .venv/bin/python -m bench.retrieve [--slices 400] [--rounds 2]

*Received* is DCMTK's storescu with TCP_NODELAY sending the slices over one association to `porion serve`,
until the last Success, and *indexed* until every slice is found. The ways of retrieving are jobs, by the
moments that they note themselves: *asked* is from being asked for, else from their beginning, until their
result: planned, fetched, and every slice indexed. The jobs part is warm.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

from bench.orthanc import free_port, orthanc
from bench.receive import NO_DELAY, SIDE
from porion.cli.compose import at_the_desk
from porion.cli.jobs import await_job
from porion.cli.settings import read_settings
from porion.services.nodes import NodeChange, add_node
from porion.services.remote_ports import Level
from porion.services.retrieval import Request, ask_retrieve
from tests.asked import remotes
from tests.builders import a_cbct_slice, a_panoramic, file_bytes
from tests.cli.desk import Desk
from tests.cli.server import serving

PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
WAYS = ("wado", "get", "move")


@dataclass(frozen=True)
class Volume:
    """A volume's files; its study."""

    files: Sequence[Path]
    study: str


def make_volume(folder: Path, slices: int) -> Volume:
    noise = np.random.default_rng(7)
    study = ""
    for n in range(1, slices + 1):
        pixels = noise.integers(0, 4096, SIDE * SIDE, dtype=np.uint16).tobytes()
        made = a_cbct_slice(n, Rows=SIDE, Columns=SIDE, PixelData=pixels)
        study = str(made.StudyInstanceUID)
        (folder / f"{n:05d}.dcm").write_bytes(file_bytes(made))
    return Volume(sorted(folder.iterdir()), study)


@contextmanager
def a_porion(data: Path, dicom: int) -> Iterator[Desk]:
    desk = Desk(data)
    desk.do("device", "add", "SENDER", "--address", "127.0.0.1/32")
    with serving(data, "--dicom", f"127.0.0.1:{dicom}", workers=2):
        yield desk


def received(volume: Volume, data: Path, dicom: int) -> dict[str, float]:
    start = time.perf_counter()
    command = ["storescu", "-aet", "SENDER", "-aec", "PORION", "127.0.0.1", str(dicom)]
    subprocess.run([*command, *map(str, volume.files)], check=True, env=os.environ | NO_DELAY)
    acknowledged = time.perf_counter() - start
    with at_the_desk(read_settings(data)) as (porion, actor):
        held = 0
        while held < len(volume.files):
            time.sleep(0.05)
            with porion.store.read(actor.clinic_id) as tx:
                held = tx.remote.held(Level.STUDY, volume.study)
    return {"received": acknowledged, "indexed": time.perf_counter() - start}


def retrieved(data: Path, study: str, way: str) -> dict[str, float]:
    with at_the_desk(read_settings(data)) as (porion, actor):
        job = ask_retrieve(porion, actor, Request(f"node-{way}", study))
        row = await_job(porion, actor, job.id, 600)
    assert row.state == "done", row.error
    assert row.result is not None
    assert row.result["way"] == way, row.result
    assert row.started_at is not None
    assert row.ended_at is not None
    begun, asked = row.ended_at - row.started_at, row.ended_at - row.created_at
    return {way: begun.total_seconds(), f"{way}, asked": asked.total_seconds()}


def add_nodes(data: Path, dicom: int, web: str) -> None:
    """A node for each way: what it may not use is marked as not working."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        for way in WAYS:
            change = NodeChange(
                f"node-{way}", "PACS", "127.0.0.1", dicom, may_be_local=True,
                dicomweb=web if way == "wado" else "",
            )  # fmt: skip
            row = add_node(porion, remotes(), actor, change)
            abilities = {one: None if one == way else "not in this bench" for one in WAYS}
            with porion.store.write(actor.clinic_id) as tx:
                tx.nodes.save(replace(row, abilities=abilities, tested_at=porion.now()))


def round_of(place: Path, volume: Volume, way: str | None) -> dict[str, float]:
    data, dicom = place / "data", free_port()
    data.mkdir()
    settings = {
        "DicomAet": "PACS", "DicomCheckCalledAet": False, "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True, "DicomAlwaysAllowMove": True, "Plugins": [PLUGIN],
        "DicomModalities": {"porion": ["PORION", "127.0.0.1", dicom]},
    }  # fmt: skip
    if way is None:
        with a_porion(data, dicom):
            return received(volume, data, dicom)
    (place / "orthanc").mkdir()
    with orthanc(place / "orthanc", **settings) as running, a_porion(data, dicom):
        small = a_panoramic(1)
        url = f"http://127.0.0.1:{running.http}"
        for content in (file_bytes(small), *(path.read_bytes() for path in volume.files)):
            request = urllib.request.Request(f"{url}/instances", data=content, method="POST")
            urllib.request.urlopen(request).close()
        add_nodes(data, running.dicom, f"{url}/dicom-web")
        retrieved(data, str(small.StudyInstanceUID), way)
        return retrieved(data, volume.study, way)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slices", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="porion-bench-") as made:
        (Path(made) / "files").mkdir()
        volume = make_volume(Path(made) / "files", options.slices)
        for n in range(options.rounds):
            for way in (None, *WAYS):
                place = Path(made) / f"{way}-{n}"
                place.mkdir()
                for name, took in round_of(place, volume, way).items():
                    rates.setdefault(name, []).append(options.slices / took)
    received, indexed = median(rates["received"]), median(rates["indexed"])
    for name, measured in rates.items():
        rate = median(measured)
        shares = f"{rate / received:4.2f} of received, {rate / indexed:4.2f} of indexed"
        print(f"  {name:12} {rate:6.0f} slices/s   {shares}")


if __name__ == "__main__":
    main()
