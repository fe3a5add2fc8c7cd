"""A lateral cephalogram: the head from its side, looking to the right, held by ear rods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from porion.emulator.phantoms.canvas import Canvas, ball, carve, curve, developed, fill, moved, stroke
from porion.emulator.phantoms.marks import ruler
from porion.emulator.phantoms.teeth import FORMS, Pose, draw

if TYPE_CHECKING:
    from porion.emulator.phantoms.anatomy import Anatomy
    from porion.emulator.phantoms.canvas import Grey, Points

_Outline = tuple[tuple[float, float], ...]

WIDTH, HEIGHT, PIXEL = 212.0, 236.0, 0.2

# A grown-up's head in mm from the sella, x towards the nose, y downwards.
_FLESH: _Outline = (
    (-128, -150), (74, -150), (79, -70), (80, -40), (78, -20), (75, -9), (79, 3), (86, 16), (94, 28),
    (98, 35), (94, 40), (86, 42), (84, 47), (87, 54), (88, 60), (83, 64), (82, 66), (86, 70), (86, 76),
    (79, 83), (78, 92), (79, 101), (75, 111), (64, 118), (46, 120), (28, 122), (18, 130), (16, 150),
    (18, 190), (-86, 190), (-88, 140), (-96, 90), (-112, 30), (-124, -60),
)  # fmt: skip
_VAULT: _Outline = (
    (69, -14), (73, -28), (73, -48), (66, -76), (48, -102), (18, -120), (-20, -126), (-58, -114),
    (-88, -88), (-104, -52), (-108, -16), (-100, 16), (-88, 32), (-66, 44), (-44, 42), (-24, 36),
)  # fmt: skip
_BASE: _Outline = (
    (69, -12), (54, -12), (40, -10), (24, -8), (10, -8), (6, -6), (5, -1), (0, 2.5), (-5, 1), (-6.5, -5),
    (-8, -9), (-11, -3), (-15, 10), (-20, 24), (-24, 34),
)  # fmt: skip
_FRONTAL: _Outline = ((69, -13), (73, -28), (70, -36), (66, -28), (62, -18), (58, -12))
_MIDDLE_FACE: _Outline = (
    (67, -11), (70, 4), (67, 24), (62, 44), (40, 44), (24, 42), (14, 30), (-2, 22), (-6, 6), (6, -4),
    (30, -9), (50, -11),
)  # fmt: skip
_SPHENOID: _Outline = ((6, 0), (16, -4), (26, -3), (28, 6), (18, 14), (6, 14), (0, 8))
_PETROUS: _Outline = ((-14, 0), (-20, -8), (-36, -8), (-46, 2), (-48, 22), (-40, 36), (-28, 34), (-18, 22))
_ORBIT: _Outline = ((66, -9), (62, -5), (58, 4), (58, 14), (60, 21), (56, 24), (42, 22), (34, 12))
_ROOF: _Outline = ((66, -10), (52, -16), (38, -15), (26, -9), (14, -10))
_NASAL: _Outline = ((69, -11), (74, -2), (79, 8), (76, 9), (71, 0), (67, -6))
_MAXILLA: _Outline = (
    (64, 22), (66, 34), (70, 43), (72, 45), (68, 49), (66, 54), (70, 61), (66, 62), (52, 60), (36, 58),
    (28, 52), (24, 44), (28, 28), (38, 22),
)  # fmt: skip
_SINUS: _Outline = ((60, 24), (61, 36), (54, 42), (42, 46), (32, 42), (30, 30), (36, 22), (50, 19))
_PALATE: _Outline = ((72, 44), (64, 44.5), (48, 44), (34, 43.5), (20, 43))
_FLOOR: _Outline = ((66, 48), (60, 49), (46, 48.5), (34, 46), (20, 43.5))
_FISSURE: _Outline = ((22, 12), (26, 18), (25, 28), (22, 40), (19, 28), (18, 18), (22, 12))
_ZYGOMA: _Outline = ((56, 21), (52, 30), (48, 40), (44, 46), (40, 38), (38, 28))
_MANDIBLE: _Outline = (
    (66, 78), (63, 85), (62, 90), (65, 98), (65, 104), (60, 110), (50, 111), (32, 106), (12, 98), (-4, 88),
    (-12, 74), (-14, 56), (-15, 40), (-18, 30), (-19, 22), (-14, 17), (-8, 19), (-7, 26), (-1, 32), (5, 30),
    (10, 22), (15, 22), (17, 32), (17, 48), (20, 62), (26, 74), (40, 76), (56, 77),
)  # fmt: skip
_CANAL: _Outline = ((2, 54), (4, 68), (14, 82), (30, 92), (46, 95))
_TONGUE: _Outline = ((20, 62), (32, 54), (50, 54), (60, 64), (56, 80), (36, 92), (16, 104), (4, 110), (6, 84))
_AIRWAY: _Outline = (
    (20, 22), (14, 30), (2, 40), (-6, 54), (-8, 76), (-7, 100), (-4, 124), (2, 150), (8, 190), (20, 190),
    (14, 150), (8, 128), (6, 108), (3, 90), (3, 74), (8, 58), (20, 46), (26, 34),
)  # fmt: skip
_PALATUM_MOLLE: _Outline = ((22, 43), (10, 50), (1, 62), (-1, 70), (3, 70), (10, 60), (22, 49))
_HYOID: _Outline = ((18, 121), (10, 124), (2, 122), (-8, 118))
_DENS: _Outline = (
    (-22, 38), (-18.5, 42), (-19, 54), (-17, 66), (-18, 77), (-34, 77), (-34, 66), (-28, 58), (-26.5, 46),
    (-25.5, 40),
)  # fmt: skip
_BODY: _Outline = ((-8.5, -5.5), (8, -7), (9, 0), (8.5, 6.5), (-8.5, 7), (-9, 0))
_SPINE: _Outline = ((-12, -4), (-26, -2), (-40, 6), (-42, 12), (-34, 11), (-22, 7), (-12, 5))


def lateral(head: Anatomy) -> Grey:
    """A lateral cephalogram of that head, 1180 rows of 1060."""
    canvas = Canvas(WIDTH, HEIGHT, PIXEL, (104.0, 100.0), head.seed)
    _flesh(canvas, head)
    _skull(canvas, head)
    _face(canvas, head)
    _neck(canvas, head)
    _jaw(canvas, head)
    canvas.bone *= 1 + 0.06 * canvas.grain(0.5)
    _teeth(canvas, head)
    _ear_rod(canvas, head)
    ruler(canvas, (102.0, -64.0), 80)
    return developed(canvas, noise=0.02, unsharp=0.25)


def _placed(points: _Outline, head: Anatomy) -> Points:
    """Places in a head of that size: a child's face is lower and lies further back than its skull."""
    given = np.array(points, dtype=np.float64)
    below = np.clip((given[:, 1] - 10) / 90, 0, 1)
    ahead = np.clip((given[:, 0] + 20) / 80, 0, 1)
    shrunk = 1 - (1 - head.size) * (0.45 + 0.85 * below)
    x = given[:, 0] * shrunk + head.chin * below**2 * ahead * (given[:, 1] > 64)
    y = given[:, 1] * shrunk + 0.018 * head.angle * np.clip(given[:, 0], 0, None) * below
    return np.stack([x, y], axis=1)


def _line(points: _Outline, head: Anatomy) -> Points:
    return curve(_placed(points, head), closed=False)


def _shape(points: _Outline, head: Anatomy) -> Points:
    return curve(_placed(points, head))


def _flesh(canvas: Canvas, head: Anatomy) -> None:
    """Skin and what is under it; it is thicker further back."""
    fill(canvas, canvas.soft, _shape(_FLESH, head), 0.19, edge=1.0)
    x = (np.arange(canvas.soft.shape[1]) * canvas.mm - canvas.origin[0]).astype(np.float32)
    canvas.soft *= 1 + np.clip((66 - x) / 75, 0, 1.3)[None, :]
    fill(canvas, canvas.soft, _shape(_TONGUE, head), 0.10, edge=3.0)
    carve(canvas, canvas.soft, _shape(_AIRWAY, head), 0.75, edge=1.0)
    fill(canvas, canvas.soft, _shape(_PALATUM_MOLLE, head), 0.16, edge=0.8)


def _skull(canvas: Canvas, head: Anatomy) -> None:
    vault = _line(_VAULT, head)
    fill(canvas, canvas.bone, np.concatenate([vault, _line(_BASE, head)[::-1]]), 0.16, edge=1.2)
    fill(canvas, canvas.bone, _shape(_FRONTAL, head), 0.30, edge=1.4)
    fill(canvas, canvas.bone, _shape(_MIDDLE_FACE, head), 0.13, edge=2.0)
    stroke(canvas, canvas.bone, vault, 0.62, width=2.2)
    stroke(canvas, canvas.bone, moved(0.955 * vault, -1.0, -1.4), 0.34, width=1.6)
    stroke(canvas, canvas.bone, moved(0.977 * vault, -0.5, -0.7), 0.20, width=5.5)
    stroke(canvas, canvas.bone, _line(_BASE, head), 0.40, width=1.7)
    fill(canvas, canvas.bone, _shape(_PETROUS, head), 0.42, edge=2.4)
    ball(canvas, canvas.bone, (-32, 12), (15, 13), 0.30, power=0.8)
    rng = np.random.default_rng([head.seed, 6])
    for _ in range(16):
        cell = (-44 + 12 * rng.random(), 18 + 20 * rng.random())
        ball(canvas, canvas.bone, cell, (1.6 + rng.random(), 1.8 + rng.random()), -0.13)
    suture = np.array([(-52, -108), (-58, -84), (-66, -62), (-72, -40)]) + rng.normal(0, 1.5, (4, 2))
    stroke(canvas, canvas.bone, curve(suture * head.size, closed=False), -0.05, width=1.0)
    for start in ((30, -30), (10, -42), (-20, -40)):
        groove = np.cumsum(np.array([start, *rng.normal((-8, -12), 4, (4, 2))]), axis=0)
        stroke(canvas, canvas.bone, curve(groove, closed=False), -0.045, width=1.6)


def _face(canvas: Canvas, head: Anatomy) -> None:
    carve(canvas, canvas.bone, _shape(_SPHENOID, head), 0.35, edge=1.0)
    fill(canvas, canvas.bone, _shape(_MAXILLA, head), 0.24, edge=0.9)
    fill(canvas, canvas.bone, _shape(_NASAL, head), 0.26, edge=0.6)
    carve(canvas, canvas.bone, _shape(_SINUS, head), 0.5, edge=0.8)
    stroke(canvas, canvas.bone, _shape(_SINUS, head), 0.16, width=1.1)
    stroke(canvas, canvas.bone, _line(_ORBIT, head), 0.26, width=1.5)
    stroke(canvas, canvas.bone, moved(_line(_ORBIT, head), -3.0, -1.2), 0.16, width=1.5)
    stroke(canvas, canvas.bone, _line(_ROOF, head), 0.24, width=1.3)
    stroke(canvas, canvas.bone, _line(_ZYGOMA, head), 0.26, width=1.8)
    stroke(canvas, canvas.bone, _line(_PALATE, head), 0.38, width=1.4)
    stroke(canvas, canvas.bone, _line(_FLOOR, head), 0.30, width=1.4)
    carve(canvas, canvas.bone, _shape(_FISSURE[:-1], head), 0.4, edge=0.6)
    stroke(canvas, canvas.bone, _line(_FISSURE, head), 0.15, width=1.0)


def _neck(canvas: Canvas, head: Anatomy) -> None:
    fill(canvas, canvas.bone, _shape(_DENS, head), 0.26, edge=0.7, rim=0.16)
    ball(canvas, canvas.bone, (-13.5 * head.size, 47 * head.size), (2.6, 5), 0.30)
    ball(canvas, canvas.bone, (-54 * head.size, 52 * head.size), (7, 4.5), 0.28, turned=20)
    for level in range(4):
        middle = np.array([-26.0 + 1.6 * level, 87.0 + 17.5 * level]) * head.size
        fill(canvas, canvas.bone, curve(np.array(_BODY) * head.size) + middle, 0.28, edge=0.6, rim=0.18)
        fill(canvas, canvas.bone, curve(np.array(_SPINE) * head.size) + middle, 0.22, edge=1.0, rim=0.08)
    stroke(canvas, canvas.bone, _line(_HYOID, head), 0.30, width=2.6)


def _jaw(canvas: Canvas, head: Anatomy) -> None:
    """Both halves: the one further from the detector is larger and lies a little lower."""
    near = _shape(_MANDIBLE, head)
    far = moved(1.03 * near, -1.2, -0.4)
    for outline, weight in ((far, 0.10), (near, 0.22)):
        fill(canvas, canvas.bone, outline, weight, edge=0.8)
        stroke(canvas, canvas.bone, outline, weight * 0.8, width=1.5)
    stroke(canvas, canvas.bone, moved(_line(_MANDIBLE[4:10], head), 0, -1.4), 0.24, width=2.4)
    ball(canvas, canvas.bone, tuple(_placed(((60.0, 100.0),), head)[0]), (6, 9), 0.22, power=0.8)
    stroke(canvas, canvas.bone, _line(_CANAL, head), -0.07, width=2.6)


def _teeth(canvas: Canvas, head: Anatomy) -> None:
    """Molars and premolars of both sides over each other, the front teeth in profile."""
    rng = np.random.default_rng([head.seed, 7])
    lean = float(rng.normal(0, 4))
    young = head.age < 11
    back = (
        (("m", 47.5), ("m", 39.5), ("6", 30.0))
        if young
        else (("4", 54.0), ("5", 47.0), ("6", 38.5), ("7", 29.0))
    )
    for kind, x in back:
        for shift in (1.6, 0.0):
            _molar(canvas, head, "U" + kind, x + shift, 64.6, 180 - 4)
            _molar(canvas, head, "L" + kind, x - 1.5 + shift, 65.2, -8 - (47 - x) * 0.3)
    for form, edge, turned in (("U3", (64.0, 66.5), 192.0), ("L3", (62.0, 65.0), -10.0)):
        _incisor(canvas, head, form, edge, turned)
    _incisor(canvas, head, "U1", (72.5, 67.5), 180.0 + 17 + lean)
    _incisor(canvas, head, "L1", (70.5, 65.5), -24.0 + lean)
    if head.braces:
        for x in (73.0, 66.0, 56.0, 48.0, 39.0):
            for y in (61.0, 69.5):
                at = _placed(((x + 0.5, y),), head)[0]
                ball(canvas, canvas.hard, (at[0], at[1]), (1.4, 1.4), 1.6, power=0.2)


def _molar(canvas: Canvas, head: Anatomy, form: str, x: float, bite: float, turned: float) -> None:
    at = _placed(((x, bite),), head)[0]
    away = -1 if form[0] == "U" else 1
    height = FORMS[form].crown * head.size
    draw(canvas, FORMS[form], Pose(at[0], at[1] + away * height, turned, head.size))


def _incisor(canvas: Canvas, head: Anatomy, form: str, edge: tuple[float, float], turned: float) -> None:
    """A front tooth whose biting edge is there; from its side it is as deep as it is wide."""
    at = _placed((edge,), head)[0]
    height = FORMS[form].crown * head.size
    way = np.array([np.sin(np.deg2rad(turned)), np.cos(np.deg2rad(turned))])
    neck = at + height * way
    draw(canvas, FORMS[form], Pose(neck[0], neck[1], turned, head.size))


def _ear_rod(canvas: Canvas, head: Anatomy) -> None:
    """The rod in the ear: its ring lies on the porion."""
    x, y = _placed(((-22.0, 14.0),), head)[0]
    ring = curve([(x + 3.4 * c, y + 3.4 * s) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))])
    stroke(canvas, canvas.hard, np.concatenate([ring, ring[:1]]), 0.9, width=1.3)
    ball(canvas, canvas.hard, (x, y), (1.3, 1.3), 0.9, power=0.2)
