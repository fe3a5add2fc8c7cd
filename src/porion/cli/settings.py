"""Every setting in one table: name, environment variable, default, help. Read once, passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from porion.services.errors import Invalid


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    variable: str
    default: str
    help: str


# When one dies or is busy, the other answers.
_FEWEST_RECEIVERS = 2

TABLE = (
    Setting(
        "data",
        "PORION_DATA",
        platformdirs.user_data_dir("porion", appauthor=False),
        "The data directory: database, archive and spool.",
    ),
    Setting("database", "PORION_DATABASE", "", "A PostgreSQL URL; empty means SQLite in the data directory."),
    Setting("hosts", "PORION_HOSTS", "", "Names, separated by commas, under which people reach the page."),
    Setting("workers", "PORION_WORKERS", "", "Processes that read files; empty means one for each core."),
    Setting(
        "upload_limit",
        "PORION_UPLOAD_LIMIT",
        str(4 << 30),
        "The most bytes that one upload over HTTP may have.",
    ),
    Setting(
        "receivers",
        "PORION_RECEIVERS",
        "",
        "Processes that receive over DICOM; empty means half the cores, two at least.",
    ),
    Setting(
        "reserve",
        "PORION_RESERVE",
        str(128 << 20),
        "Bytes that stay free on the disk: below it, senders are asked to come again later.",
    ),
    Setting(
        "spool_quota",
        "PORION_SPOOL_QUOTA",
        "0",
        "The most bytes that may wait in the spool; 0 sets no limit.",
    ),
    Setting(
        "model",
        "PORION_MODEL",
        "",
        "The matcher's model file (see `porion model`); empty means the one that Porion brings.",
    ),
    Setting(
        "crash_at",
        "PORION_CRASH_AT",
        "",
        "For fault tests only: the process kills itself at this step of the way in, STEP or STEP:NTH.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run."""

    data: Path
    database: str
    hosts: tuple[str, ...]
    workers: int
    upload_limit: int
    receivers: int
    reserve: int
    spool_quota: int
    model: Path | None
    crash_at: str


def read_settings(data: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from the environment, the data directory from the command line if given there."""
    values = {row.name: environment.get(row.variable) or row.default for row in TABLE}
    return Settings(
        data=(data or Path(values["data"])).expanduser().resolve(),
        database=values["database"],
        hosts=tuple(host.strip() for host in values["hosts"].split(",") if host.strip()),
        workers=_count("workers", values["workers"] or str(os.cpu_count() or 1)),
        upload_limit=_count("upload_limit", values["upload_limit"]),
        receivers=_count(
            "receivers", values["receivers"] or str(max(_FEWEST_RECEIVERS, (os.cpu_count() or 1) // 2))
        ),
        reserve=_count("reserve", values["reserve"], least=0),
        spool_quota=_count("spool_quota", values["spool_quota"], least=0),
        model=Path(values["model"]).expanduser().resolve() if values["model"] else None,
        crash_at=values["crash_at"],
    )


def _count(name: str, text: str, *, least: int = 1) -> int:
    row = next(row for row in TABLE if row.name == name)
    if not text.isdecimal() or int(text) < least:
        raise Invalid(f"{row.variable} must be a whole number not below {least}, not {text!r}.")
    return int(text)
