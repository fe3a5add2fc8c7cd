"""A clinic with images behind its DICOMweb interface."""

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
def viewer(house: House) -> TestClient:
    """Somebody who may look and bring images in, with an API token."""
    return house.holder()
