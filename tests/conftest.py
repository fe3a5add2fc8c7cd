"""What every test may ask for: a Porion on a database of its own, and the programs of the field.

Peers are real programs: a test that needs one says which, and is skipped by name where it is missing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tests.engines import engine, open_database, postgres, postgres_admin, sqlite_template
from tests.world import World, a_porion

__all__ = ["engine", "open_database", "postgres", "postgres_admin", "sqlite_template"]

# Machines are noisy: how long an example took says nothing. A test of time bounds sets its own.
settings.register_profile("porion", deadline=None)
settings.load_profile("porion")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose peer is not installed; where CI is set that is a failure."""
    for mark in item.iter_markers("peer"):
        if shutil.which(mark.args[0]) is None:
            reason = f"the peer {mark.args[0]} is not installed"
            if os.environ.get("CI"):
                pytest.fail(f"{reason}, and CI must have it", pytrace=False)
            pytest.skip(reason)


@pytest.fixture
def world(tmp_path: Path, sqlite_template: Path) -> Iterator[World]:
    """A Porion with one empty clinic, on SQLite."""
    shutil.copy(sqlite_template, tmp_path / "porion.sqlite")
    made = a_porion(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def each_world(tmp_path: Path, engine: sa.Engine) -> World:
    """The same on SQLite and on PostgreSQL."""
    return a_porion(tmp_path, engine=engine)
