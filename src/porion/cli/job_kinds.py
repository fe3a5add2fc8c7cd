"""Every kind of job, by name: what the jobs part can do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from porion.cli.identities import identity_of
from porion.cli.remotes import remotes_of
from porion.cli.settings import Settings
from porion.dimse.sending import DimseSending
from porion.services.forward import forward_kind
from porion.services.job_ports import Kind
from porion.services.ports import Porion
from porion.services.retrieval import retrieve_kind
from porion.services.retrieval_rules import rule_kind


def job_kinds(porion: Porion, settings: Settings) -> Mapping[str, Kind]:
    """The kinds; each is built in a file of its own."""
    remotes = remotes_of(porion, settings)
    sending = DimseSending(partial(identity_of, settings))
    kinds = (
        retrieve_kind(porion, remotes),
        rule_kind(porion, remotes),
        forward_kind(porion, remotes, sending),
    )
    return {kind.name: kind for kind in kinds}
