"""Every test of the HTTP door gets a house of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.http.house import House, a_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty clinic behind its HTTP door."""
    return a_house(tmp_path)


@pytest.fixture
def admin(house: House) -> TestClient:
    """An administrator with an API token."""
    return house.holder()
