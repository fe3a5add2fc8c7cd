"""A DICOM server for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dimse.house import House, a_house
from tests.world import World


@pytest.fixture
def house(world: World) -> Iterator[House]:
    """A server with the ordinary limits."""
    with a_house(world) as made:
        yield made
