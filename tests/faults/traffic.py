"""Devices that send at the same time, each in a process of its own; the ledger is theirs, not Porion's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pydicom.dataset import Dataset

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.services.devices import add_device
from tests.builders import a_cbct_slice, a_panoramic, an_intra_oral, file_bytes
from tests.faults.judge import digest_of

_SENDER = Path(__file__).with_name("sender.py")
# Files in one association, by sender: a volume, some images, and a sensor that connects for each.
PER_ASSOCIATION = (40, 5, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a sender."""

    title: str
    what: str
    detail: str


@dataclass
class Senders:
    """The processes; ``known`` are the digests of all that they have to send."""

    titles: Sequence[str]
    processes: Mapping[str, subprocess.Popen[bytes]]
    ledger: Path
    known: frozenset[str]
    lines: TextIO

    def send_to(self, port: int, title: str = "") -> None:
        """Tell a sender, or all that are still at work, where to send."""
        for name in [title] if title else self.titles:
            stdin = self.processes[name].stdin
            assert stdin is not None
            # Who has sent everything reads no more.
            with suppress(BrokenPipeError):
                stdin.write(f"{port}\n".encode())

    def told(self) -> Iterator[Told]:
        """What they tell, until the last one is done; may be asked again to go on."""
        while line := self.lines.readline():
            title, what, *detail = line.split()
            yield Told(title, what, *(detail or [""]))

    def acknowledged(self) -> set[str]:
        """The digests in the ledger."""
        return set(self.ledger.read_text().split()) if self.ledger.exists() else set()


@contextmanager
def senders(
    data: Path,
    folder: Path,
    each: int,
    *,
    ledger: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[Senders]:
    """Three approved devices with so many files each; killed at the end if they still run."""
    files = {f"DEVICE{n}": _files(n, each) for n in range(len(PER_ASSOCIATION))}
    approve(data, *files)
    ledger = ledger or folder / "ledger"
    ours, theirs = os.pipe()
    lines = os.fdopen(ours)
    processes = {}
    try:
        for title, per_association in zip(files, PER_ASSOCIATION, strict=True):
            place = folder / title
            place.mkdir(parents=True)
            for number, content in enumerate(files[title]):
                (place / f"{number:05}.dcm").write_bytes(content)
            command = [sys.executable, str(_SENDER), title, str(ledger), str(place), str(per_association)]
            processes[title] = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=theirs,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
            )
        os.close(theirs)
        known = frozenset(digest_of(content) for contents in files.values() for content in contents)
        yield Senders(tuple(files), processes, ledger, known, lines)
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
            if process.stdin:
                process.stdin.close()
        lines.close()


def approve(data: Path, *titles: str) -> None:
    """Let devices of these titles in from this machine."""
    with at_the_desk(read_settings(data, {})) as (porion, actor):
        for title in titles:
            add_device(porion, actor, title, "127.0.0.1/32", "")


def _files(sender: int, count: int) -> list[bytes]:
    return [file_bytes(_one(sender, number)) for number in range(1, count + 1)]


def _one(sender: int, number: int) -> Dataset:
    study = f"sender-{sender}-{number // 20}"
    if sender == 0:
        return a_cbct_slice(number, study=study)
    if sender == 1:
        return a_panoramic(1000 * sender + number, study=study, Rows=200, Columns=300)
    return an_intra_oral(1000 * sender + number, study=study)
