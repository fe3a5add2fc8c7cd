"""Somebody at the command line, with a data directory and files to bring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from typer.testing import CliRunner

from porion.cli.main import APP
from tests.builders import file_bytes


@dataclass(frozen=True)
class Said:
    """What a command wrote, and with what status it ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as one JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """Commands on one data directory, run in this process."""

    data: Path

    def run(self, *words: object, typed: str | None = None, **environment: str) -> Said:
        """Run a command; an error that nobody translated fails the test with its stack trace."""
        told: Mapping[str, str] = {
            "PORION_WORKERS": "1",
            "PORION_DATA": str(self.data),
            "COLUMNS": "200",
            **environment,
        }
        result = CliRunner().invoke(APP, [str(word) for word in words], input=typed, env=told)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def do(self, *words: object, **rest: Any) -> Said:
        """Run a command that has to succeed."""
        said = self.run(*words, **rest)
        assert said.status == 0, said
        return said

    def add_patient(self, family: str, given: str, born: str = "", patient_id: str = "") -> str:
        """A patient in the register; answers the identifier."""
        options = [("--birth-date", born), ("--patient-id", patient_id), ("--issuer", "CLINIC")]
        words = [word for option, value in options if value for word in (option, value)]
        added = self.do("patients", "add", "--family", family, "--given", given, *words, "--json")
        return str(added.document["id"])


def a_file(folder: Path, name: str, made: Dataset | bytes) -> Path:
    """A file with these bytes, or this data set."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file_bytes(made) if isinstance(made, Dataset) else made)
    return path
