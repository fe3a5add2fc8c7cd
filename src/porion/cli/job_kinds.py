"""Every kind of job, by name: what the jobs part can do."""

from __future__ import annotations

from collections.abc import Mapping

from porion.cli.remotes import remotes_of
from porion.cli.settings import Settings
from porion.services.job_ports import Kind
from porion.services.ports import Porion
from porion.services.retrieval import retrieve_kind


def job_kinds(porion: Porion, settings: Settings) -> Mapping[str, Kind]:
    """The kinds; each is built in a file of its own."""
    kinds = (retrieve_kind(porion, remotes_of(porion, settings)),)
    return {kind.name: kind for kind in kinds}
