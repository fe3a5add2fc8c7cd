from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from porion.services.errors import StorageFailed
from porion.services.job_ports import LeaseLost
from porion.store.leases import FileLeases, PostgresLeases, leases_for


@pytest.fixture(params=["files", "postgresql"])
def open_leases(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], FileLeases | PostgresLeases]:
    """Leases as one process after the other opens them."""
    if request.param == "files":
        return lambda: FileLeases(tmp_path / "leases")
    postgres: Callable[[str], str] = request.getfixturevalue("postgres")

    def opened() -> PostgresLeases:
        leases = leases_for(postgres("postgres"), tmp_path)
        assert isinstance(leases, PostgresLeases)
        return leases

    return opened


def test_a_lease_ends_with_its_holder(open_leases: Callable[[], FileLeases | PostgresLeases]) -> None:
    holder, other = open_leases(), open_leases()
    assert other.has_ended("one")
    holder.take("one")
    holder.must_be_held()
    assert not other.has_ended("one")
    assert not other.has_ended("one")
    with pytest.raises(StorageFailed):
        other.take("one")
    holder.close()
    assert other.has_ended("one")
    assert other.has_ended("one")
    other.close()


def test_a_broken_connection_is_a_lost_lease(tmp_path: Path, postgres: Callable[[str], str]) -> None:
    leases = leases_for(postgres("postgres"), tmp_path)
    assert isinstance(leases, PostgresLeases)
    leases.must_be_held()
    leases.take("lost")
    assert leases._held is not None
    number = leases._held.scalar(sa.text("SELECT pg_backend_pid()"))
    with leases._engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with pytest.raises(LeaseLost, match="lease was lost"):
        leases.must_be_held()
    leases.close()


def test_a_data_directory_has_leases_of_its_own(tmp_path: Path) -> None:
    assert isinstance(leases_for("", tmp_path), FileLeases)
