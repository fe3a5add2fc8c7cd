"""Porion and Orthanc with its DICOMweb plug-in, the same data in one run: how fast viewers are served.

    .venv/bin/python -m bench.dicomweb [--studies 10000] [--slices 400] [--side 400] [--rounds 5]

*search* is QIDO-RS for studies by name and date among so many studies, *metadata* that of a series of
slices, *slices* every frame of the series, a request each on four connections, *series* its files in one
answer, *volume* every frame of one multi-frame instance in one answer. Medians in milliseconds, and how many
times as fast Porion is. Orthanc runs with its own defaults and keeps connections alive; its first answers,
which fill its caches, do not count, and neither do ours.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlsplit

import numpy as np

from bench.orthanc import orthanc
from tests.builders import a_cbct_series, a_cbct_slice, a_panoramic, file_bytes, uid

PORION = [sys.executable, "-c", "from porion.cli.main import run; run()"]
OCTETS = 'multipart/related; type="application/octet-stream"'
FILES = 'multipart/related; type="application/dicom"; transfer-syntax=*'
CONNECTIONS = 4
VOLUME = uid("volume")


@dataclass
class Web:
    """A DICOMweb interface."""

    name: str
    host: str
    port: int
    prefix: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, line: http.client.HTTPConnection, path: str, accept: str) -> bytes:
        """An answer, read to its end."""
        line.request("GET", self.prefix + path, headers={**self.headers, "Accept": accept})
        answer = line.getresponse()
        content = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{self.name} {path}: {answer.status} {content[:300]!r}")
        return content

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open."""
        return http.client.HTTPConnection(self.host, self.port, timeout=300)


def make_files(folder: Path, studies: int, slices: int, side: int) -> None:
    noise = np.random.default_rng(7)
    for n in range(studies):
        day = f"20{10 + n % 16:02d}{1 + n % 12:02d}{1 + n % 28:02d}"
        made = a_panoramic(
            n, study=f"s{n}", PatientName=f"Family{n % 5000:04d}^Given{n % 97}", PatientID=f"ID{n % 5000}",
            StudyDate=day, AccessionNumber=f"A{n}",
        )  # fmt: skip
        (folder / f"p{n:06d}.dcm").write_bytes(file_bytes(made))
    volume = noise.integers(0, 4096, (slices, side, side), dtype=np.uint16)
    for made, pixels in zip(a_cbct_series(slices), volume, strict=True):
        made.Rows, made.Columns, made.PixelData = side, side, pixels.tobytes()
        (folder / f"v{made.InstanceNumber:06d}.dcm").write_bytes(file_bytes(made))
    whole = a_cbct_slice(1, study="volume", NumberOfFrames=slices, Rows=side, Columns=side,
                         PixelData=volume.tobytes())  # fmt: skip
    (folder / "whole.dcm").write_bytes(file_bytes(whole))


@contextmanager
def a_porion(data: Path, files: Path) -> Iterator[Web]:
    environment = {**os.environ, "PORION_DATA": str(data)}

    def run(*words: str, **more: bytes) -> bytes:
        done = subprocess.run([*PORION, *words], env=environment, check=True, capture_output=True, **more)
        return done.stdout

    run("import", str(files))
    run(
        "user", "create", "--email", "a@b.example", "--role", "admin", "--password-stdin",
        input=b"correct horse battery\n",
    )  # fmt: skip
    token = json.loads(run("token", "create", "--user", "a@b.example", "--name", "bench", "--json"))["token"]
    command = [*PORION, "serve", "--http", "127.0.0.1:0", "--dicom", "127.0.0.1:0", "--json"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ready = next(told for line in server.stdout if (told := json.loads(line))["event"] == "ready")
        address = urlsplit(ready["http"])
        yield Web(
            "Porion", str(address.hostname), int(address.port or 80), "/dicom-web",
            {"Authorization": f"Bearer {token}"},
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(120)


@contextmanager
def an_orthanc(data: Path, files: Path) -> Iterator[Web]:
    plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
    with orthanc(data, Plugins=[plugin], DicomWeb={"Enable": True, "Root": "/dicom-web/"}) as running:
        web = Web("Orthanc", "127.0.0.1", running.http, "/dicom-web")
        line = web.connect()
        for path in sorted(files.iterdir()):
            line.request("POST", "/instances", path.read_bytes())
            line.getresponse().read()
        yield web


def search(web: Web, rounds: int) -> float:
    """Seconds for one search by name and date."""
    line, took = web.connect(), []
    for n in range(4 * rounds):
        name = quote(f"Family{(n * 37) % 5000:04d}*")
        path = f"/studies?PatientName={name}&StudyDate=20100101-20261231&limit=50"
        start = time.perf_counter()
        web.get(line, path, "application/dicom+json")
        took.append(time.perf_counter() - start)
    return median(took[rounds:])


def series_of(web: Web, study: str) -> str:
    content = web.get(web.connect(), f"/studies/{study}/series", "application/dicom+json")
    return str(json.loads(content)[0]["0020000E"]["Value"][0])


def timed(rounds: int, once: Callable[[], int], least: int) -> float:
    """Seconds for one round; the answers must hold at least so many bytes."""
    took = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        size = once()
        took.append(time.perf_counter() - start)
        assert size >= least, (size, least)
    return median(took[1:])


def metadata(web: Web, rounds: int, slices: int) -> float:
    study = uid("study-cbct")
    path, line = f"/studies/{study}/series/{series_of(web, study)}/metadata", web.connect()
    return timed(rounds, lambda: len(web.get(line, path, "application/dicom+json")), 1000 * slices)


def slices_of(web: Web, rounds: int, slices: int, side: int) -> float:
    study = uid("study-cbct")
    series = series_of(web, study)
    paths = [
        f"/studies/{study}/series/{series}/instances/{uid('study-cbct', 'slice', n)}/frames/1"
        for n in range(1, slices + 1)
    ]
    shares = [paths[n::CONNECTIONS] for n in range(CONNECTIONS)]

    def share(mine: Sequence[str]) -> int:
        line = web.connect()
        return sum(len(web.get(line, path, OCTETS)) for path in mine)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return timed(rounds, lambda: sum(pool.map(share, shares)), slices * side * side * 2)


def files_of(web: Web, rounds: int, slices: int, side: int) -> float:
    study = uid("study-cbct")
    path, line = f"/studies/{study}/series/{series_of(web, study)}", web.connect()
    return timed(rounds, lambda: len(web.get(line, path, FILES)), slices * side * side * 2)


def volume_of(web: Web, rounds: int, slices: int, side: int) -> float:
    series = series_of(web, VOLUME)
    frames = ",".join(str(n) for n in range(1, slices + 1))
    path = f"/studies/{VOLUME}/series/{series}/instances/{uid('volume', 'slice', 1)}/frames/{frames}"
    line = web.connect()
    return timed(rounds, lambda: len(web.get(line, path, OCTETS)), slices * side * side * 2)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--studies", type=int, default=10_000)
    options.add_argument("--slices", type=int, default=400)
    options.add_argument("--side", type=int, default=400)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files, ours, theirs = (Path(folder, name) for name in ("files", "porion", "orthanc"))
        files.mkdir(), theirs.mkdir()
        make_files(files, asked.studies, asked.slices, asked.side)
        with a_porion(ours, files) as porion, an_orthanc(theirs, files) as peer:
            measures: dict[str, Callable[[Web], float]] = {
                "search": lambda web: search(web, asked.rounds * 5),
                "metadata": lambda web: metadata(web, asked.rounds, asked.slices),
                "slices": lambda web: slices_of(web, asked.rounds, asked.slices, asked.side),
                "series": lambda web: files_of(web, asked.rounds, asked.slices, asked.side),
                "volume": lambda web: volume_of(web, asked.rounds, asked.slices, asked.side),
            }
            print(f"{'':10}{'Porion ms':>12}{'Orthanc ms':>12}{'times':>8}")
            for name, measure in measures.items():
                mine, its = measure(porion), measure(peer)
                print(f"{name:10}{1000 * mine:12.1f}{1000 * its:12.1f}{its / mine:8.1f}", flush=True)


if __name__ == "__main__":
    main()
