"""A panoramic: both jaws unrolled on one sheet, from condyle to condyle."""

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

WIDTH, HEIGHT = 262.0, 140.0
_STRETCHED = 1.24  # what a panoramic unit magnifies, about

# The left half of each outline in a grown-up, in mm from the middle of the bite, y downwards.
_MANDIBLE: _Outline = (
    (0, 13), (14, 13), (30, 12), (46, 8.5), (60, 4.5), (70, 0.5), (75, -8), (76, -24), (77, -38), (80, -46),
    (84, -44), (89, -36), (95, -34), (100, -41), (101, -50), (103, -57), (109, -60), (115, -56), (114, -47),
    (110, -38), (109, -20), (107, 0), (102, 17), (95, 28), (82, 36), (62, 41), (40, 45), (20, 48),
    (0, 48.5),
)  # fmt: skip
_LOWER_BORDER: _Outline = ((104, 8), (98, 23), (86, 33.5), (62, 39.5), (40, 43.5), (20, 46.5), (0, 47))
_MAXILLA: _Outline = (
    (0, -15), (20, -14.5), (40, -14.5), (60, -16.5), (74, -20), (80, -27), (80, -38), (76, -48), (70, -62),
    (52, -70), (26, -70), (12, -62), (0, -60),
)  # fmt: skip
_SINUS: _Outline = (
    (20, -44), (25, -36), (34, -33), (42, -29.5), (52, -31), (60, -29), (68, -36), (68, -50), (60, -62),
    (40, -67), (25, -62),
)  # fmt: skip
_NOSE: _Outline = ((2, -37), (9, -35), (15, -39), (18, -50), (15, -64), (8, -72), (2, -70))
_ZYGOMA: _Outline = (
    (58, -52), (64, -46), (76, -52), (92, -60), (108, -66), (120, -68), (120, -72), (106, -70), (90, -65),
    (74, -59), (64, -60),
)  # fmt: skip
_TEMPORAL: _Outline = (
    (92, -80), (94, -70), (98, -64.5), (103, -66), (109, -69), (116, -66), (121, -60), (125, -52),
    (131, -50), (136, -60), (136, -84), (112, -86),
)  # fmt: skip
_BUTTRESS: _Outline = ((51, -60), (53, -47), (57, -41), (62, -43), (66, -54))
_ORBIT: _Outline = ((22, -80), (30, -71), (44, -67.5), (58, -71), (68, -82))
_CANAL: _Outline = ((89, -18), (85, 2), (77, 18), (63, 29), (49, 32), (39, 29), (36.5, 26))
_PALATE: _Outline = ((-72, -46), (-54, -43), (-30, -39), (0, -38), (30, -39), (54, -43), (72, -46))
_TONGUE: _Outline = ((-88, -31), (-70, -37), (-36, -32), (0, -30), (36, -32), (70, -37), (88, -31))
_OBLIQUE: _Outline = ((83, -14), (75, 4), (64, 15), (56, 18))
_PHARYNX: _Outline = (
    (90, -64), (87, -40), (84, -14), (78, 10), (74, 38), (86, 40), (96, 12), (99, -14), (102, -40),
    (104, -62),
)  # fmt: skip
_CHEEK: _Outline = (
    (0, -84), (70, -84), (116, -80), (124, -60), (125, -30), (121, 8), (110, 32), (90, 50), (56, 60),
    (0, 63),
)  # fmt: skip
_VERTEBRA: _Outline = ((-11, -9), (-4, -10.5), (8, -9), (13, -3), (12, 7), (6, 10), (-7, 9.5), (-12, 3))
_HYOID: _Outline = ((54, 50), (70, 45), (86, 46), (88, 49), (70, 50), (56, 54))


def panoramic(head: Anatomy) -> Grey:
    """A panoramic of that head, 750 rows of 1404."""
    canvas = Canvas(WIDTH, HEIGHT, WIDTH / 1404, (WIDTH / 2, 79.0), head.seed)
    teeth = dentition(head)
    _flesh(canvas, head)
    _middle_face(canvas, head)
    _mandible(canvas, head)
    canvas.bone *= 1 + 0.09 * canvas.grain(0.4)
    for tooth in teeth:
        _tooth(canvas, head, tooth)
    if head.braces:
        _brace(canvas, head, teeth)
    _ghosts(canvas)
    letter(canvas, "R", (-116.0, 44.0))
    letter(canvas, "L", (111.0, 44.0))
    return developed(canvas, noise=0.022, unsharp=0.2)


def _placed(points: _Outline | Points, head: Anatomy, side: int = 1) -> Points:
    """Places in a head of that size: growth lengthens the rami most, and the chin moves a little."""
    given = np.array(points, dtype=np.float64)
    across = given[:, 0] * (0.35 + 0.65 * head.size) * side
    below = np.clip(given[:, 1] / 48, 0, 1)
    down = given[:, 1] * (0.45 + 0.55 * head.size) + below * 0.35 * head.chin
    return np.stack([across, down + 0.02 * head.angle * np.abs(given[:, 0]) * below], axis=1)


def _line(points: _Outline, head: Anatomy, side: int = 1) -> Points:
    return curve(_placed(points, head, side), closed=False)


def _both(points: _Outline, head: Anatomy) -> Points:
    """The whole outline of which a half is given: from the middle to the middle."""
    half = _placed(points, head)
    inner = [one for one in half[::-1] if one[0] > 0]
    return curve(np.concatenate([half, np.array(inner) * (-1, 1)]))


def _flesh(canvas: Canvas, head: Anatomy) -> None:
    fill(canvas, canvas.soft, _both(_CHEEK, head), 0.26, edge=6.0)
    ball(canvas, canvas.soft, (0, 2), (84, 66), 0.12, power=1.0)
    wobble = np.random.default_rng([head.seed, 4])
    for side in (-1, 1):
        for level in range(6):
            at = (side * (129.0 + wobble.normal(0, 0.8)), -68.0 + 23 * level)
            body = curve(np.array(_VERTEBRA) * (-side, 1)) + at
            fill(canvas, canvas.bone, body, 0.26, edge=1.4, rim=0.12)


def _middle_face(canvas: Canvas, head: Anatomy) -> None:
    fill(canvas, canvas.bone, _both(_MAXILLA, head), 0.31, edge=1.0)
    for side in (-1, 1):
        _cheek_bone(canvas, head, side)
    _nose(canvas, head)
    stroke(canvas, canvas.bone, _line(_PALATE, head), 0.40, width=1.8)
    stroke(canvas, canvas.bone, moved(_line(_PALATE, head), 0, -5.0), 0.15, width=2.4)
    stroke(canvas, canvas.soft, _line(_TONGUE, head), -0.10, width=5.0)


def _cheek_bone(canvas: Canvas, head: Anatomy, side: int) -> None:
    wobble = np.random.default_rng([head.seed, 5, side + 1]).normal(0, 0.9, (len(_SINUS), 2))
    sinus = curve(_placed(np.array(_SINUS) + wobble, head, side))
    carve(canvas, canvas.bone, sinus, 0.55, edge=0.7)
    stroke(canvas, canvas.bone, np.concatenate([sinus, sinus[:1]]), 0.17, width=0.9)
    fill(canvas, canvas.bone, curve(_placed(_ZYGOMA, head, side)), 0.13, edge=1.0, rim=0.08)
    fill(canvas, canvas.bone, curve(_placed(_TEMPORAL, head, side)), 0.20, edge=1.1, rim=0.10)
    stroke(canvas, canvas.bone, _line(_BUTTRESS, head, side), 0.34, width=2.0)
    stroke(canvas, canvas.bone, _line(_ORBIT, head, side), 0.30, width=1.8)


def _nose(canvas: Canvas, head: Anatomy) -> None:
    sway = float(np.random.default_rng([head.seed, 3]).normal(0, 1.2))
    for side in (-1, 1):
        outline = curve(_placed(_NOSE, head, side))
        carve(canvas, canvas.bone, outline, 0.75, edge=1.0)
        stroke(canvas, canvas.bone, outline, 0.16, width=0.9)
        ball(canvas, canvas.soft, (side * 9.6, -44.5), (5.2, 6.0), 0.20)
        ball(canvas, canvas.soft, (side * 9.0, -58.5), (3.8, 5.6), 0.16)
    septum = curve([(0, -36), (sway, -48), (-0.4 * sway, -60), (0, -74)], closed=False)
    stroke(canvas, canvas.bone, septum, 0.28, width=1.4)
    ball(canvas, canvas.bone, (0.0, -36.5), (3.0, 4.4), 0.26)


def _mandible(canvas: Canvas, head: Anatomy) -> None:
    outline = _both(_MANDIBLE, head)
    carve(canvas, canvas.bone, outline, 0.3, edge=0.8)
    fill(canvas, canvas.bone, outline, 0.36, edge=0.5, rim=0.07)
    for side in (-1, 1):
        stroke(canvas, canvas.bone, _line(_LOWER_BORDER, head, side), 0.30, width=2.6)
        canal = _line(_CANAL, head, side)
        stroke(canvas, canvas.bone, canal, -0.14, width=2.4)
        for shift in (-1.7, 1.7):
            stroke(canvas, canvas.bone, moved(canal, 0, shift), 0.08, width=0.7)
        foramen = _placed(np.array([(36.5, 25.5)]), head, side)[0]
        ball(canvas, canvas.bone, (foramen[0], foramen[1]), (2.4, 1.8), -0.15)
        stroke(canvas, canvas.bone, _line(_OBLIQUE, head, side), 0.15, width=2.0)
        fill(canvas, canvas.bone, curve(_placed(_HYOID, head, side)), 0.12, edge=1.0)
        pharynx = curve(_placed(_PHARYNX, head, side))
        carve(canvas, canvas.soft, pharynx, 0.5, edge=2.5)
        carve(canvas, canvas.bone, pharynx, 0.10, edge=2.5)


def _tooth(canvas: Canvas, head: Anatomy, tooth: Tooth) -> None:
    rng = np.random.default_rng([head.seed, tooth.place, tooth.side + 2, tooth.upper, tooth.milk])
    form = FORMS[tooth.form]
    away = -1 if tooth.upper else 1
    depth = form.crown * _STRETCHED + 0.8 + (1 - tooth.risen) * (15 if tooth.place < 8 else 9)
    lean = _lean(tooth) + rng.normal(0, 1.5 + 2.2 * head.crowding * (tooth.place < 6))
    if tooth.risen < 0.5:
        lean += rng.normal(0, 9) - (24 if tooth.place == 8 and not tooth.upper else 0)
    x = _across(tooth, head)
    y = _bite(x) + away * depth + rng.normal(0, 0.4 + 0.3 * head.crowding)
    turned = 180 - tooth.side * lean if tooth.upper else tooth.side * lean
    draw(canvas, form, Pose(x + rng.normal(0, 0.3), y, turned, _STRETCHED, tooth.grown))
    if _is_filled(tooth, head, rng.random()):
        at = (x, _bite(x) + away * (2.6 + rng.random()))
        ball(canvas, canvas.hard, at, (2.4 + 1.6 * rng.random(), 1.8), 2.2, power=0.2)


def _is_filled(tooth: Tooth, head: Anatomy, chance: float) -> bool:
    stands = tooth.risen == 1 and not tooth.milk
    return stands and tooth.place in (5, 6, 7) and chance < head.fillings / 8


def _bite(x: float) -> float:
    """Where upper and lower teeth meet: a panoramic smiles."""
    return -9.5 * (x / 80.0) ** 2


def _across(tooth: Tooth, head: Anatomy) -> float:
    """How far from the middle a tooth stands, those before it side by side."""
    reach = along_arch(tooth.place, upper=tooth.upper) * (1.0 if tooth.upper else 1.04)
    return tooth.side * _STRETCHED * reach * (0.45 + 0.55 * head.size)


def _lean(tooth: Tooth) -> float:
    """How far the root points outwards and back, in degrees."""
    upper = (3.0, 6.0, 9.0, 7.0, 6.0, 5.0, 3.0, 14.0)
    lower = (1.0, 2.0, 4.0, 6.0, 9.0, 13.0, 19.0, 26.0)
    return (upper if tooth.upper else lower)[tooth.place - 1]


def _brace(canvas: Canvas, head: Anatomy, teeth: list[Tooth]) -> None:
    """Brackets on the crowns and the wire that they hold."""
    standing = [tooth for tooth in teeth if tooth.risen == 1 and not tooth.milk and tooth.place < 7]
    for away, upper in ((-1, True), (1, False)):
        row = sorted(_across(tooth, head) for tooth in standing if tooth.upper is upper)
        for x in row:
            corners = np.array([(-1.8, -1.6), (1.8, -1.6), (1.8, 1.6), (-1.8, 1.6)])
            fill(canvas, canvas.hard, moved(corners, x, _bite(x) + away * 6.2), 1.5, edge=0.2)
        if len(row) > 1:
            wire = curve([(x, _bite(x) + away * 6.2) for x in row], closed=False)
            stroke(canvas, canvas.hard, wire, 1.0, width=0.8)


def _ghosts(canvas: Canvas) -> None:
    """What lies far outside of the focal trough: the spine in the middle, the other side's jaw angles."""
    ball(canvas, canvas.soft, (0, 14), (40, 110), 0.26, power=2.0)
    for side in (-1, 1):
        ball(canvas, canvas.soft, (side * 72.0, -26.0), (52, 24), 0.12, turned=side * 12, power=2.0)
