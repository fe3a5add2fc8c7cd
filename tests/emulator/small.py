"""Visits whose pictures cost nothing, where a test asks for headers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from porion.emulator.devices import UNITS, Visit, visits
from porion.emulator.people import people
from porion.emulator.phantoms.anatomy import Anatomy
from porion.emulator.phantoms.canvas import Grey

CROWD = people(1, 2026)


def small_visits(seed: int = 1) -> Iterator[Visit]:
    """The visits of the demo's clinic, each image of 10 by 20 pixels."""
    for visit in visits(UNITS, CROWD, seed):
        yield replace(visit, program=replace(visit.program, draw=_speck))


def _speck(_head: Anatomy, _slices: int) -> Iterator[tuple[dict[str, Any], Grey]]:
    yield {"InstanceNumber": 1}, np.full((10, 20), 7, np.uint16)
