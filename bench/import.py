"""Files on disk to queryable images: Porion beside Orthanc, on the same slices in one run.

    .venv/bin/python -m bench.import [SLICES] [ROUNDS]

Both keep every file durably before they answer (Orthanc's SyncStorageArea is on by default). Orthanc gets
each file over its REST interface on one kept connection, which is how its own importers work; Porion runs
what `porion import` runs. Starting either is not counted. Rounds alternate, since the machine is noisy.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from bench.orthanc import orthanc
from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.folder.walk import find
from porion.services.images import list_images
from porion.services.import_files import import_found
from porion.services.records import ImageFilter
from tests.builders import a_cbct_slice, file_bytes

SIDE = 400


def make_slices(folder: Path, count: int) -> None:
    noise = np.random.default_rng(7)
    for n in range(1, count + 1):
        pixels = noise.integers(0, 4096, SIDE * SIDE, dtype=np.uint16).tobytes()
        made = a_cbct_slice(n, Rows=SIDE, Columns=SIDE, PixelData=pixels)
        (folder / f"{n:04d}.dcm").write_bytes(file_bytes(made))


def porion_rate(slices: Path, count: int, data: Path) -> float:
    settings = read_settings(data)
    with at_the_desk(settings, reads_many=True) as (porion, actor):
        start = time.perf_counter()
        found = find([slices], scratch=settings.data / "scratch")
        outcomes = [outcome.outcome.value for outcome in import_found(porion, actor, "bench", found)]
        took = time.perf_counter() - start
        images = list_images(porion, actor, ImageFilter())
    assert outcomes == ["pending"] * count, set(outcomes)
    assert [view.image.slices for view in images] == [count]
    return count / took


def orthanc_rate(slices: Path, count: int, data: Path) -> float:
    with orthanc(data, DicomServerEnabled=False) as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.http)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start = time.perf_counter()
        for path in sorted(slices.iterdir()):
            connection.request("POST", "/instances", body=path.read_bytes())
            answer = connection.getresponse()
            assert json.load(answer)["Status"] == "Success"
        took = time.perf_counter() - start
        connection.request("GET", "/statistics")
        assert json.load(connection.getresponse())["CountInstances"] == count
    return count / took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 800
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rates: dict[str, list[float]] = {"Orthanc": [], "Porion": []}
    with tempfile.TemporaryDirectory(prefix="porion-bench-") as made:
        place = Path(made)
        (place / "slices").mkdir()
        make_slices(place / "slices", count)
        for n in range(rounds):
            for name, run in (("Orthanc", orthanc_rate), ("Porion", porion_rate)):
                data = place / f"{name}-{n}"
                data.mkdir()
                rates[name].append(run(place / "slices", count, data))
                shutil.rmtree(data)
    for name, measured in rates.items():
        each = ", ".join(f"{rate:.0f}" for rate in measured)
        print(f"{name:8} {median(measured):7.0f} instances/s  (rounds: {each})")
    print(f"ratio    {median(rates['Porion']) / median(rates['Orthanc']):7.2f}  Porion / Orthanc, medians")


if __name__ == "__main__":
    main()
