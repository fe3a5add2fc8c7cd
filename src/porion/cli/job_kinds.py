"""Every kind of job, by name: what the jobs part can do."""

from __future__ import annotations

from collections.abc import Mapping

from porion.cli.remotes import remotes_of
from porion.cli.settings import Settings
from porion.services.job_ports import Kind
from porion.services.ports import Porion
from porion.services.retrieval import retrieve_kind
from porion.services.retrieval_rules import rule_kind


def job_kinds(porion: Porion, settings: Settings) -> Mapping[str, Kind]:
    """The kinds; each is built in a file of its own."""
    remotes = remotes_of(porion, settings)
    kinds = (
        retrieve_kind(porion, remotes),
        rule_kind(porion, remotes),
    )
    return {kind.name: kind for kind in kinds}
