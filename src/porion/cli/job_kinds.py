"""Every kind of job, by name: what the jobs part can do."""

from __future__ import annotations

from collections.abc import Mapping

from porion.cli.settings import Settings
from porion.services.job_ports import Kind
from porion.services.ports import Porion


def job_kinds(porion: Porion, settings: Settings) -> Mapping[str, Kind]:
    """The kinds; each is built in a file of its own."""
    del porion, settings
    kinds: tuple[Kind, ...] = ()
    return {kind.name: kind for kind in kinds}
