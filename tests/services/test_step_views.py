"""A step is found by either of its numbers."""

from __future__ import annotations

import pytest

from porion.services.errors import NotFound
from porion.services.step_views import find_step, views_of
from tests.services.worklists import a_step, anna
from tests.world import World


def test_a_step_is_found_by_its_identifier_and_by_the_number_that_devices_know(each_world: World) -> None:
    patient = anna(each_world)
    step = a_step(each_world, patient.id)
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert find_step(tx, step.id) == find_step(tx, step.step_id) == step
        assert [view.patient for view in views_of(tx, [step, step])] == [patient, patient]
        with pytest.raises(NotFound, match="none"):
            find_step(tx, "none")
