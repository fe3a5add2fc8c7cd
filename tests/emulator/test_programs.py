"""Each program writes a header that a device would write; Porion tells it apart as it should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from porion.dicom.classify import classify
from porion.dicom.header import read_header
from porion.emulator import programs
from porion.emulator.devices import UNITS, images
from porion.emulator.phantoms.anatomy import anatomy
from porion.emulator.phantoms.volume import SIZE
from porion.emulator.programs import Program
from tests.builders import file_bytes
from tests.emulator.small import small_visits

ALL = [program for unit in UNITS for program in unit.programs]
FLAT = [program for program in ALL if program is not programs.VOLUME]


@pytest.mark.parametrize("program", ALL, ids=lambda program: program.name)
def test_each_is_told_apart_as_what_it_is(program: Program) -> None:
    visit = replace(next(small_visits()), program=program)
    made = next(images(visit, 2))
    verdict = classify(read_header(file_bytes(made)))
    assert (verdict.category, verdict.needs_review) == (program.category, not program.says_so)


@pytest.mark.parametrize("program", FLAT, ids=lambda program: program.name)
def test_a_radiograph_is_one_picture_of_twelve_bits(program: Program) -> None:
    [(_, picture)] = program.draw(anatomy(1, 13), 2)
    assert picture.dtype == np.uint16
    assert picture.max() <= 4095
    assert min(picture.shape) >= 750


def test_a_volume_has_its_slices_one_above_the_other() -> None:
    drawn = list(programs.VOLUME.draw(anatomy(1, 13), 8))
    heights = [float(own["ImagePositionPatient"][2]) for own, _ in drawn]
    assert np.allclose(np.diff(heights), 12.0)
    assert [own["InstanceNumber"] for own, _ in drawn] == list(range(1, 9))
    assert {picture.shape for _, picture in drawn} == {(SIZE, SIZE)}
