"""DCMTK's storescu to Porion, Orthanc and DCMTK's storescp, in one run: how fast objects are kept and found.

    .venv/bin/python -m bench.receive [--slices 800] [--panoramics 40] [--rounds 3] [--associations 1 4 16]
                                      [--only porion] [--held] [--apart] [--large]

*Acknowledged* is from the start of the senders until the last one heard its last Success; *queryable* until
everything can be found. Porion runs as `porion serve`, Orthanc with its own defaults and a fresh database
(its SyncStorageArea flushes each file), storescp writes files and flushes none. All run as they are, with
TCP_NODELAY=1 in the environment of the senders alone, and of senders and receivers alike: both ends of DCMTK
heed it, and Nagle's algorithm on either end costs 40 ms an object. Each association is a storescu that is
started within the time measured. Its data dictionary has the elements of commands and no others: to read the
whole one takes each of them 10 ms of a core, and devices have done so long before they send. A round has each
receiver and number of associations once; ratios are the medians of those within a round. What was received
stays until the end (half a gigabyte each time): for minutes after files were deleted ext4 takes up to a
quarter of a receiver's time to make new ones, as it steps over each number that has just become free. A
virtual machine may get its memory from its host only when it is touched, which takes a receiver as long
again: what is to be compared is measured when the page cache is full, of a large file written before.

On a machine of few cores starting the senders is a good part of the time measured: with `--held` receivers
stand still (SIGSTOP) until all senders have connected and asked for their associations, the time measured
begins then, and how long the senders took to start is printed beside it. With `--apart` the senders have the
last core for themselves, as other machines would, and the receivers have the others. `--large` sends one
object of 2.1 GB to Porion alone and prints what memory its receiver took.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from pydicom.datadict import DicomDictionary
from pydicom.uid import generate_uid

from bench.orthanc import await_port, free_port, orthanc
from tests.builders import a_cbct_slice, a_panoramic, file_bytes

SIDE = 400
PAN_ROWS, PAN_COLUMNS = 1_300, 2_400
PORION = [sys.executable, "-c", "from porion.cli.main import run; run()"]


@dataclass
class Target:
    """A running receiver: its port, how many instances it finds, and the processes that receive."""

    port: int
    found: Callable[[], int]
    pids: list[int]

    def peak(self) -> int:
        """The most memory that one of them held so far, in bytes."""
        return max(map(peak_memory, self.pids))


def make_files(folder: Path, slices: int, panoramics: int) -> list[Path]:
    noise = np.random.default_rng(7)
    made = []
    for n in range(1, slices + 1):
        pixels = noise.integers(0, 4096, SIDE * SIDE, dtype=np.uint16).tobytes()
        made.append((f"s{n:05d}.dcm", a_cbct_slice(n, Rows=SIDE, Columns=SIDE, PixelData=pixels)))
    for n in range(panoramics):
        pixels = noise.integers(0, 4096, PAN_ROWS * PAN_COLUMNS, dtype=np.uint16).tobytes()
        uids = {"study": f"pan-{n}", "Rows": PAN_ROWS, "Columns": PAN_COLUMNS, "PixelData": pixels}
        made.append((f"p{n:05d}.dcm", a_panoramic(n, **uids)))
    for name, data_set in made:
        (folder / name).write_bytes(file_bytes(data_set))
    return [folder / name for name, _ in made]


@contextmanager
def a_porion(data: Path) -> Iterator[Target]:
    environment = {**os.environ, "PORION_DATA": str(data)}
    run = lambda *words: subprocess.run([*PORION, *words], env=environment, check=True, capture_output=True)  # noqa: E731
    run("device", "add", "SENDER", "--address", "127.0.0.1/32")
    subprocess.run(
        [*PORION, "user", "create", "--email", "a@b.example", "--role", "admin", "--password-stdin"],
        env=environment, input=b"correct horse battery\n", check=True, capture_output=True,
    )  # fmt: skip
    made = run("token", "create", "--user", "a@b.example", "--name", "bench", "--json")
    token = json.loads(made.stdout)["token"]
    command = [*PORION, "serve", "--http", "127.0.0.1:0", "--dicom", "127.0.0.1:0", "--json"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    ready = next(event for line in server.stdout if (event := json.loads(line))["event"] == "ready")

    def found() -> int:
        request = urllib.request.Request(
            f"{ready['http']}/api/imaging/images?limit=200", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request) as answer:
            images = json.load(answer)["items"]
        return sum(image["slices"] or 1 for image in images)

    try:
        port = int(ready["dicom"].rpartition(":")[2])
        yield Target(port, found, ready["processes"]["receiver"])
    finally:
        server.terminate()
        server.communicate(timeout=60)


@contextmanager
def an_orthanc(data: Path) -> Iterator[Target]:
    with orthanc(data) as running:

        def found() -> int:
            with urllib.request.urlopen(f"http://127.0.0.1:{running.http}/statistics") as answer:
                return int(json.load(answer)["CountInstances"])

        yield Target(running.dicom, found, [running.pid])


@contextmanager
def a_storescp(data: Path) -> Iterator[Target]:
    port = free_port()
    command = ["storescp", "--fork", "-od", str(data), str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        yield Target(port, lambda: len(list(data.iterdir())), [server.pid])
    finally:
        server.terminate()
        server.wait(30)


def peak_memory(pid: int) -> int:
    """The most memory that a process held so far, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


def write_dictionary(path: Path) -> None:
    """The elements of commands (PS3.7 annex E) as DCMTK reads them."""
    lines = [
        f"(0000,{tag:04x})\t{vr}\t{keyword}\t{vm}\tDICOM\n"
        for tag, (vr, vm, _, _, keyword) in DicomDictionary.items()
        if tag < 0x10000
    ]
    path.write_text("".join(lines), encoding="ascii")


@contextmanager
def held(target: Target) -> Iterator[None]:
    """The receivers stand still; the system takes connections for them, and what is sent first."""
    for pid in target.pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in target.pids:
            os.kill(pid, signal.SIGCONT)


def asked(port: int) -> int:
    """How many connections to a port have brought something that nobody has read (Linux, proc(5))."""
    tables = (Path(f"/proc/net/{name}").read_text().splitlines() for name in ("tcp", "tcp6"))
    lines = [line.split() for table in tables for line in table]
    ours = [line for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"]
    return sum(int(line[4].partition(":")[2], 16) > 0 for line in ours)


def stand_apart() -> list[str]:
    """Leave the last core to the senders: children inherit the others, and a sender is started like this."""
    *ours, theirs = sorted(os.sched_getaffinity(0))
    assert ours, "a single core is nobody's own"
    os.sched_setaffinity(0, ours)
    return ["taskset", "--cpu-list", str(theirs)]


def send(
    target: Target,
    files: list[Path],
    associations: int,
    setting: dict[str, str],
    *,
    start_with: Sequence[str] = (),
    hold: bool = False,
) -> tuple[float, float, float]:
    """Seconds until all was acknowledged, until all can be found, and that held senders took to start."""
    # Neighbouring slices go to different senders, as when several devices send at once.
    shares = [files[n::associations] for n in range(associations)]
    command = [*start_with, "storescu", "-aet", "SENDER", "-aec", "PORION", "127.0.0.1", str(target.port)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    begun = start = time.perf_counter()
    with held(target) if hold else nullcontext():
        senders = [
            subprocess.Popen([*command, *map(str, share)], env=os.environ | setting, **quiet)
            for share in shares
        ]
        while hold and asked(target.port) < associations:
            time.sleep(0.001)
    if hold:
        start = time.perf_counter()
    for sender in senders:
        _, err = sender.communicate(timeout=600)
        assert sender.returncode == 0, err.decode()
    acknowledged = time.perf_counter() - start
    while target.found() < len(files):
        time.sleep(0.01)
    return acknowledged, time.perf_counter() - start, start - begun


NO_DELAY = {"TCP_NODELAY": "1"}
# What is printed, and what is added to the environments of senders and receivers.
SETTINGS: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("storescu as it is:", {}, {}),
    ("storescu with TCP_NODELAY=1:", NO_DELAY, {}),
    ("storescu and receivers with TCP_NODELAY=1:", NO_DELAY, NO_DELAY),
]
PEERS: dict[str, Any] = {"Orthanc": an_orthanc, "storescp": a_storescp, "Porion": a_porion}


Taken = dict[tuple[int, str], list[tuple[float, float]]]
"""The rates acknowledged and queryable of each round, by how many associations and who received."""


def rounds(options: argparse.Namespace, place: Path, files: list[Path]) -> None:
    rates: Taken = defaultdict(list)
    peaks: dict[str, int] = {}
    starts: dict[int, list[float]] = defaultdict(list)
    # One round has everything once, so that what is compared was measured within minutes.
    for _ in range(options.rounds):
        for associations, name in product(options.associations, PEERS):
            if options.only and options.only != name.lower():
                continue
            data = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place))
            with PEERS[name](data) as target:
                os.sync()  # nobody waits for what was written before
                took = send(
                    target,
                    files,
                    associations,
                    options.sender,
                    start_with=options.start_with,
                    hold=options.held,
                )
                peaks[name] = max(peaks.get(name, 0), target.peak())
            rates[associations, name].append((len(files) / took[0], len(files) / took[1]))
            starts[associations].append(took[2])
    told(options.associations, rates)
    if options.held:
        started = ", ".join(f"{number} in {median(taken):.3f} s" for number, taken in starts.items())
        print(f"  senders started and asked: {started}")
    print("  peak memory: " + ", ".join(f"{name} {peak >> 20} MiB" for name, peak in peaks.items()))


def told(numbers: list[int], rates: Taken) -> None:
    """Print the median rates, and the medians of what they were of one another within a round."""
    names = [name for name in PEERS if (numbers[0], name) in rates]
    for associations in numbers:
        for name in names:
            acknowledged, queryable = middle(rates[associations, name])
            print(f"  {associations:2} associations  {name:8} {acknowledged:6.0f}/s acknowledged, "
                  f"{queryable:6.0f}/s queryable")  # fmt: skip
        if {"Porion", "Orthanc"} <= set(names):
            said = compared(rates[associations, "Porion"], rates[associations, "Orthanc"])
            print(f"  {associations:2} associations  Porion / Orthanc: {said}")
    for fewer, more in pairwise(numbers):
        for name in names:
            said = compared(rates[more, name], rates[fewer, name])
            print(f"  {more} associations against {fewer}  {name:8} {said}")


def compared(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> str:
    ratios = [(a / c, b / d) for (a, b), (c, d) in zip(ours, theirs, strict=True)]
    acknowledged, queryable = middle(ratios)
    spread = " ".join(f"{one:.2f}" for one, _ in ratios)
    return f"{acknowledged:.2f} acknowledged (rounds: {spread}), {queryable:.2f} queryable"


def middle(measured: list[tuple[float, float]]) -> tuple[float, float]:
    acknowledged, queryable = zip(*measured, strict=True)
    return median(acknowledged), median(queryable)


def large(place: Path, size: int) -> None:
    """One multi-frame object: bytes to come are a hole in a file."""
    rows = columns = 1_000
    frames = size // (rows * columns * 2)
    made = a_panoramic(SOPInstanceUID=generate_uid(), NumberOfFrames=frames, Rows=rows, Columns=columns)
    content = file_bytes(made)
    head = content[: content.rindex(b"\xe0\x7f\x10\x00")]
    length = frames * rows * columns * 2
    path = place / "large.dcm"
    with path.open("wb") as file:
        file.write(head + b"\xe0\x7f\x10\x00OW\0\0" + length.to_bytes(4, "little"))
        file.truncate(file.tell() + length)
    data = place / "large"
    data.mkdir()
    with a_porion(data) as target:
        before = target.peak()
        acknowledged, queryable, _ = send(target, [path], 1, {})
        print(f"one object of {length / 1e9:.1f} GB: acknowledged after {acknowledged:.1f} s, found after "
              f"{queryable:.1f} s; receiver's peak {before >> 20} -> {target.peak() >> 20} MiB")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slices", type=int, default=800)
    parser.add_argument("--panoramics", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--associations", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--only", choices=[name.lower() for name in PEERS])
    parser.add_argument("--setting", type=int, choices=[0, 1, 2], help="only this one of the three")
    parser.add_argument("--held", action="store_true", help="measure from when all senders have asked")
    parser.add_argument("--apart", action="store_true", help="senders have the last core for themselves")
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    options.start_with = stand_apart() if options.apart else []
    with tempfile.TemporaryDirectory(prefix="porion-bench-") as made:
        place = Path(made)
        if options.large:
            large(place, 2_100_000_000)
            return
        (place / "files").mkdir()
        write_dictionary(place / "commands.dic")
        files = make_files(place / "files", options.slices, options.panoramics)
        chosen = SETTINGS if options.setting is None else [SETTINGS[options.setting]]
        for title, sender, receiver in chosen:
            print(title)
            options.sender = sender | {"DCMDICTPATH": str(place / "commands.dic")}
            os.environ.pop("TCP_NODELAY", None)
            os.environ.update(receiver)
            rounds(options, place, files)


if __name__ == "__main__":
    main()
