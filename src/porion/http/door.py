"""What the composition root hands to the HTTP door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from porion.services.system_facts import SystemFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from porion.services.import_patients import RegisterRow
    from porion.services.incoming import Found
    from porion.services.ports import Porion
    from porion.services.remote_ports import Remotes

BUILT_PAGE = Path(__file__).with_name("page")
SMALL_BODY = 1 << 20
CSV_BODY = 64 << 20


@dataclass(frozen=True, slots=True)
class PatientTable:
    """A register's table and how it was read; ``ignored`` are the columns that were not used."""

    encoding: str
    delimiter: str
    date_format: str
    ignored: tuple[str, ...]
    rows: tuple[RegisterRow, ...]


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """``hosts`` are the names that a Host header may carry, without ports; ``upload_limit`` is in bytes.

    A stream of events ends after ``stream_seconds``; the browser asks again, and so does the guard.
    ``secure_cookies`` is off only where people reach this machine by plain HTTP on itself.
    """

    hosts: frozenset[str]
    secure_cookies: bool = True
    upload_limit: int = 4 << 30
    stream_seconds: float = 300.0

    @property
    def cookie(self) -> str:
        """The session cookie's name; browsers take ``__Host-`` only from the host itself, over TLS."""
        return "__Host-porion_session" if self.secure_cookies else "porion_session"


def nothing_known() -> SystemFacts:
    """A machine of which nothing bad is known."""
    return SystemFacts(free=1, total=1, oldest_in_spool=None, certificates=(), listening=())


@dataclass(frozen=True, slots=True)
class Door:
    """Everything that the HTTP door needs.

    ``unpack`` tells what an uploaded file holds, DICOM or ZIP; its second argument is the name that the
    sender gave it. ``read_csv`` raises Invalid for what is no table of patients. ``scratch`` is a
    directory of ours for uploads on their way, ``page`` the one with the built page. ``machine`` says
    how the machine stands, and may take a second over it. ``remotes`` are the ways to ask other systems.
    """

    porion: Porion
    unpack: Callable[[Path, str], Iterator[Found]]
    read_csv: Callable[[bytes], PatientTable]
    scratch: Path
    settings: HttpSettings
    remotes: Remotes
    page: Path = BUILT_PAGE
    machine: Callable[[], SystemFacts] = nothing_known
