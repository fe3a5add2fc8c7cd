import gc
from collections.abc import Iterator

import pytest

from porion.cli.collector import OBJECTS_BETWEEN, calm


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """The collector of the tests stays as it is."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("as_it_was")
def test_what_is_loaded_is_looked_at_no_more_and_what_comes_seldom() -> None:
    calm()

    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == OBJECTS_BETWEEN
