"""A postero-anterior cephalogram: the head from behind, the patient's right on the left of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from porion.emulator.phantoms.anatomy import dentition
from porion.emulator.phantoms.canvas import Canvas, ball, carve, curve, developed, fill, moved, stroke
from porion.emulator.phantoms.marks import letter
from porion.emulator.phantoms.teeth import FORMS, Pose, along_arch, draw

if TYPE_CHECKING:
    from porion.emulator.phantoms.anatomy import Anatomy, Tooth
    from porion.emulator.phantoms.canvas import Grey, Points

_Outline = tuple[tuple[float, float], ...]

WIDTH, HEIGHT, PIXEL = 190.0, 230.0, 0.2

# The left half of each outline in mm from between the orbits, y downwards.
_FLESH: _Outline = (
    (0, -112), (40, -106), (70, -78), (80, -40), (79, -4), (76, 30), (70, 64), (62, 86), (56, 100),
    (60, 130), (84, 150), (84, 170), (0, 170),
)  # fmt: skip
_VAULT: _Outline = (
    (0, -104), (30, -100), (56, -82), (70, -52), (73, -22), (71, 4), (66, 26), (58, 38), (44, 42), (20, 40),
    (0, 38),
)  # fmt: skip
_ORBIT: _Outline = ((12, -2), (15, -15), (28, -20), (42, -17), (49, -6), (47, 8), (37, 16), (22, 14), (13, 8))
_PETROUS: _Outline = ((14, 4), (30, -2), (46, 0), (60, 8), (66, 18), (58, 28), (40, 20), (24, 14), (14, 12))
_FRONTAL_SINUS: _Outline = ((1, -21), (8, -22), (15, -26), (17, -31), (12, -34), (8, -32), (5, -37), (1, -34))
_NOSE: _Outline = ((1, 0), (6, 2), (9, 16), (15, 32), (16, 42), (12, 47), (1, 48))
_SINUS: _Outline = ((18, 20), (30, 21), (42, 22), (44, 32), (38, 44), (28, 50), (20, 44), (18, 32))
_ZYGOMA: _Outline = ((46, -4), (54, 6), (60, 18), (62, 26), (56, 32), (46, 36), (42, 28), (46, 14))
_ARCH: _Outline = ((58, 24), (66, 22), (69, 28), (64, 33), (58, 30))
_MAXILLA: _Outline = ((0, 16), (20, 16), (42, 24), (38, 46), (34, 60), (28, 66), (0, 66))
_MANDIBLE: _Outline = (
    (0, 76), (22, 76), (32, 72), (42, 66), (48, 52), (52, 38), (54, 26), (58, 20), (63, 22), (64, 30),
    (61, 44), (59, 62), (56, 78), (48, 90), (34, 102), (18, 110), (0, 112),
)  # fmt: skip
_BODY: _Outline = ((-10, -6), (10, -6), (13, 0), (10, 6.5), (-10, 6.5), (-13, 0))


def frontal(head: Anatomy) -> Grey:
    """A postero-anterior cephalogram of that head, 1150 rows of 950."""
    canvas = Canvas(WIDTH, HEIGHT, PIXEL, (WIDTH / 2, 94.0), head.seed)
    fill(canvas, canvas.soft, _both(_FLESH, head), 0.30, edge=5.0)
    _skull(canvas, head)
    for level in range(5):
        fill(canvas, canvas.bone, moved(curve(_BODY), 0, 62 + 17.5 * level), 0.13, edge=1.2, rim=0.06)
    for side in (-1, 1):
        _cheek(canvas, head, side)
    _nose(canvas, head)
    _jaw(canvas, head)
    canvas.bone *= 1 + 0.06 * canvas.grain(0.5)
    for tooth in dentition(head):
        _tooth(canvas, head, tooth)
    for side in (-1, 1):
        _ear_rod(canvas, head, side)
    letter(canvas, "R", (-88.0, 108.0))
    return developed(canvas, noise=0.022, unsharp=0.25)


def _placed(points: _Outline | Points, head: Anatomy, side: int = 1) -> Points:
    """Places in a head of that size: a child's face is lower and narrower than its skull would say."""
    given = np.array(points, dtype=np.float64)
    below = np.clip(given[:, 1] / 100, 0, 1)
    shrunk = 1 - (1 - head.size) * (0.45 + 0.85 * below)
    slant = 0.35 * head.crowding * below
    return np.stack([given[:, 0] * side * shrunk + slant, given[:, 1] * shrunk], axis=1)


def _line(points: _Outline, head: Anatomy, side: int) -> Points:
    return curve(_placed(points, head, side), closed=False)


def _shape(points: _Outline, head: Anatomy, side: int) -> Points:
    return curve(_placed(points, head, side))


def _both(points: _Outline, head: Anatomy) -> Points:
    """The whole outline of which a half is given: from the middle to the middle."""
    left, right = _placed(points, head), _placed(points, head, -1)
    return curve(np.concatenate([left, right[-2:0:-1]]))


def _skull(canvas: Canvas, head: Anatomy) -> None:
    vault = _both(_VAULT, head)
    fill(canvas, canvas.bone, vault, 0.26, edge=1.2)
    for side in (-1, 1):
        wall = _line(_VAULT[:8], head, side)
        stroke(canvas, canvas.bone, wall, 0.42, width=2.6)
        stroke(canvas, canvas.bone, moved(0.94 * wall, 0, -1.2), 0.26, width=1.8)
    stroke(canvas, canvas.bone, np.array([(0.0, -96.0), (0.4, -70), (-0.3, -46)]), -0.05, width=1.2)
    rng = np.random.default_rng([head.seed, 8])
    suture = np.stack([np.linspace(-62, 62, 40), -62 + 0.004 * np.linspace(-62, 62, 40) ** 2], axis=1)
    stroke(canvas, canvas.bone, suture + rng.normal(0, 0.8, (40, 2)), -0.05, width=0.9)


def _cheek(canvas: Canvas, head: Anatomy, side: int) -> None:
    orbit = _shape(_ORBIT, head, side)
    carve(canvas, canvas.bone, orbit, 0.35, edge=0.9)
    stroke(canvas, canvas.bone, np.concatenate([orbit, orbit[:1]]), 0.30, width=1.6)
    fill(canvas, canvas.bone, _shape(_PETROUS, head, side), 0.30, edge=2.0, rim=0.08)
    fill(canvas, canvas.bone, _shape(_ZYGOMA, head, side), 0.22, edge=1.0, rim=0.06)
    fill(canvas, canvas.bone, _shape(_ARCH, head, side), 0.30, edge=0.9)
    oblique = _line(((14, 12), (26, 4), (40, -8), (48, -16)), head, side)
    stroke(canvas, canvas.bone, oblique, 0.16, width=1.2)
    sinus = _shape(_FRONTAL_SINUS, head, side)
    carve(canvas, canvas.bone, sinus, 0.4, edge=0.8)
    stroke(canvas, canvas.bone, sinus, 0.14, width=1.0)


def _nose(canvas: Canvas, head: Anatomy) -> None:
    fill(canvas, canvas.bone, _both(_MAXILLA, head), 0.22, edge=1.0)
    for side in (-1, 1):
        sinus = _shape(_SINUS, head, side)
        carve(canvas, canvas.bone, sinus, 0.45, edge=0.9)
        stroke(canvas, canvas.bone, np.concatenate([sinus, sinus[:1]]), 0.15, width=1.1)
        cavity = _shape(_NOSE, head, side)
        carve(canvas, canvas.bone, cavity, 0.6, edge=0.8)
        stroke(canvas, canvas.bone, cavity, 0.18, width=1.0)
        ball(canvas, canvas.soft, (side * 8.5, 39), (4.2, 4.6), 0.22)
        ball(canvas, canvas.soft, (side * 6.5, 26), (2.6, 4.4), 0.18)
    sway = float(np.random.default_rng([head.seed, 3]).normal(0, 1.0))
    septum = curve([(0, -12), (0, 6), (sway, 22), (-0.3 * sway, 36), (0, 48)], closed=False)
    stroke(canvas, canvas.bone, septum, 0.32, width=1.4)
    stroke(
        canvas, canvas.bone, _both(((0, 49), (16, 49), (30, 52), (16, 50.5), (0, 50.5)), head), 0.2, width=1.0
    )


def _jaw(canvas: Canvas, head: Anatomy) -> None:
    outline = _both(_MANDIBLE, head)
    fill(canvas, canvas.bone, outline, 0.26, edge=0.8)
    stroke(canvas, canvas.bone, np.concatenate([outline, outline[:1]]), 0.20, width=1.6)
    for side in (-1, 1):
        stroke(
            canvas, canvas.bone, moved(_line(_MANDIBLE[9:], head, side), -1.2 * side, -1.2), 0.24, width=2.6
        )
    ball(canvas, canvas.bone, (0, 102 * head.size), (14, 9), 0.16, power=0.8)


def _tooth(canvas: Canvas, head: Anatomy, tooth: Tooth) -> None:
    """Front teeth side by side, back teeth behind one another at the ends of the arch."""
    along = along_arch(tooth.place, upper=tooth.upper)
    reach = 31.0 * np.sin(min(along / 38.0, 1.35))
    at = _placed(((reach, 69.0),), head, tooth.side)[0]
    form = FORMS[tooth.form]
    away = -1 if tooth.upper else 1
    depth = form.crown + (1 - tooth.risen) * 10 - 0.5
    lean = tooth.side * (2 + tooth.place)
    turned = 180 - lean if tooth.upper else lean * 0.5
    draw(canvas, form, Pose(at[0], at[1] + away * depth, turned, head.size, tooth.grown))


def _ear_rod(canvas: Canvas, head: Anatomy, side: int) -> None:
    x, y = _placed(((66.0, 14.0),), head, side)[0]
    stroke(canvas, canvas.hard, np.array([(x, y), (side * 96.0, y)]), 0.5, width=6.0)
    ball(canvas, canvas.hard, (x, y), (3.0, 3.0), 0.9, power=0.3)
