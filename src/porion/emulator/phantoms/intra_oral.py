"""Periapicals and bitewings: a few teeth, close by, on a sensor of size 2 or a plate."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from porion.emulator.phantoms.canvas import (
    Canvas,
    ball,
    blurred,
    carve,
    curve,
    developed,
    fill,
    moved,
    stroke,
)
from porion.emulator.phantoms.teeth import FORMS, Pose, draw

if TYPE_CHECKING:
    from porion.emulator.phantoms.anatomy import Anatomy
    from porion.emulator.phantoms.canvas import Grey, Points

PIXEL = 0.04
_LONG, _SHORT = 40.0, 30.0  # mm of a sensor of size 2
_GAP = 0.25


def periapical(head: Anatomy, teeth: tuple[int, ...]) -> Grey:
    """Neighbouring teeth with their roots, by ISO 3950: the sensor stands upright at front teeth only."""
    front = all(number % 10 <= 3 for number in teeth)
    width, height = (_SHORT, _LONG) if front else (_LONG, _SHORT)
    canvas = Canvas(width, height, PIXEL, (width / 2, height / 2), head.seed + sum(teeth))
    way = -1.0 if _is_upper(teeth[0]) else 1.0
    bite = 3.5 - height / 2
    row = _row(teeth, 1.0 if front else 0.92)
    _ground(canvas)
    _bone(canvas, [(x, (bite + FORMS[form].crown + 1.6) * way) for x, form in row], way)
    if not front:
        (_sinus if way < 0 else _canal)(canvas)
    _mottle(canvas)
    for x, form in row:
        lean = float(np.random.default_rng([head.seed, round(x * 10) + 500]).normal(0, 2.5))
        turned = lean + (180 if way < 0 else 0)
        draw(canvas, FORMS[form], Pose(x, (bite + FORMS[form].crown) * way, turned))
    _fill(canvas, head, [(x, (bite + 2.2) * way) for x, form in row if form[1] > "3"])
    return developed(canvas, noise=0.03, unsharp=0.06)


def _is_upper(number: int) -> bool:
    return number // 10 in (1, 2, 5, 6)


def bitewing(head: Anatomy, side: str) -> Grey:
    """The crowns of the back teeth of both jaws on one side (L or R), biting on the holder's wing."""
    canvas = Canvas(_LONG, _SHORT, PIXEL, (_LONG / 2, _SHORT / 2), head.seed + 77)
    _ground(canvas)
    mirrored = -1 if side == "L" else 1
    for upper in (True, False):
        way = -1.0 if upper else 1.0
        numbers = (17, 16, 15, 14) if upper else (47, 46, 45, 44)
        row = [(mirrored * (x + (1.5 if upper else -1.0)), form) for x, form in _row(numbers, 0.98)]
        row.sort()
        crest = [(x, (0.9 + FORMS[form].crown + 1.5) * way) for x, form in row]
        _bone(canvas, crest, way)
        _teeth_of_bitewing(canvas, head, row, way)
    _mottle(canvas)
    stroke(canvas, canvas.soft, np.array([(-20.0, 0.3), (20.0, 0.3)]), 0.10, width=1.2)
    return developed(canvas, noise=0.03, unsharp=0.06)


def _teeth_of_bitewing(canvas: Canvas, head: Anatomy, row: list[tuple[float, str]], way: float) -> None:
    rng = np.random.default_rng([head.seed, 9, int(way > 0)])
    for x, form in row:
        lean = float(rng.normal(0, 2.0))
        turned = 180 + lean if way < 0 else lean
        draw(canvas, FORMS[form], Pose(x, (0.9 + FORMS[form].crown) * way, turned))
    _fill(canvas, head, [(x, 2.6 * way) for x, _ in row])


def _row(teeth: tuple[int, ...], shown: float) -> list[tuple[float, str]]:
    """Where the middles of neighbouring teeth lie, the row's middle at 0."""
    forms = [f"{'U' if _is_upper(number) else 'L'}{number % 10}" for number in teeth]
    widths = [FORMS[form].width * shown + _GAP for form in forms]
    ends = np.cumsum([0.0, *widths])
    middles = (ends[:-1] + ends[1:]) / 2 - ends[-1] / 2
    return list(zip(middles.tolist(), forms, strict=True))


def _ground(canvas: Canvas) -> None:
    """Gums and cheek, unevenly thick."""
    unevenly = blurred(canvas.rng.standard_normal(canvas.soft.shape, dtype=np.float32), 60)
    canvas.soft += np.clip(0.18 + unevenly, 0.08, 0.3)


def _bone(canvas: Canvas, crest: list[tuple[float, float]], way: float) -> None:
    """The alveolar bone: its crest rises a little between the teeth."""
    (first, left), (last, right) = crest[0], crest[-1]
    between = [
        ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2 - 0.7 * way) for one, other in pairwise(crest)
    ]
    ridge = sorted([(first - 30, left), *crest, *between, (last + 30, right)])
    line: Points = curve(ridge, closed=False)
    far = 60.0 * way
    outline = np.concatenate([line, [(line[-1][0], far), (line[0][0], far)]])
    fill(canvas, canvas.bone, outline, 0.44, edge=0.35)
    stroke(canvas, canvas.bone, moved(line, 0, 0.2 * way), 0.16, width=0.6)


def _sinus(canvas: Canvas) -> None:
    floor = curve([(-26, -9), (-12, -6.5), (-2, -9.5), (8, -7), (26, -10), (26, -40), (-26, -40)])
    carve(canvas, canvas.bone, floor, 0.45, edge=0.3)
    stroke(canvas, canvas.bone, floor, 0.22, width=0.6)


def _canal(canvas: Canvas) -> None:
    line = curve([(-24, 10.5), (-8, 12.5), (6, 13), (24, 11)], closed=False)
    stroke(canvas, canvas.bone, line, -0.14, width=2.2)
    for shift in (-1.4, 1.4):
        stroke(canvas, canvas.bone, moved(line, 0, shift), 0.10, width=0.4)


def _mottle(canvas: Canvas) -> None:
    canvas.bone *= 1 + 0.14 * canvas.grain(0.18)
    canvas.bone *= 1 + 0.07 * canvas.grain(0.5)


def _fill(canvas: Canvas, head: Anatomy, crowns: list[tuple[float, float]]) -> None:
    rng = np.random.default_rng([head.seed, 10])
    for x, y in crowns:
        if rng.random() < head.fillings / 8:
            for reach, depth in ((2.0 + rng.random(), 1.1), (1.1, 1.7)):
                at = (x + rng.normal(0, 0.7), y)
                ball(canvas, canvas.hard, at, (reach, depth), 2.4, power=0.15)
