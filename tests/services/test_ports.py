from __future__ import annotations

import pytest

from porion.services import ports
from porion.store.archive import DirectoryArchive
from porion.store.spool import DirectoryBatch, DirectorySpool
from porion.store.store import SqlStore
from tests.services.scenes import signatures

PAIRS = [
    (ports.Archive, DirectoryArchive),
    (ports.Spool, DirectorySpool),
    (ports.SpoolBatch, DirectoryBatch),
    (ports.Store, SqlStore),
]


@pytest.mark.parametrize(("port", "made"), PAIRS, ids=lambda kind: kind.__name__)
def test_what_is_built_takes_what_the_port_promises(port: type, made: type) -> None:
    promised, built = signatures(port), signatures(made)
    assert {name: built.get(name) for name in promised} == promised
