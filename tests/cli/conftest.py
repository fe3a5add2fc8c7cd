"""Every test of the command line gets a desk of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a data directory that nobody used yet."""
    return Desk(tmp_path / "data")
