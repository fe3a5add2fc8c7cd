"""A cone-beam volume of both jaws: axial slices, drawn one by one from solids around the dental arch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from porion.emulator.phantoms.anatomy import dentition
from porion.emulator.phantoms.canvas import WHITE, blurred, curve
from porion.emulator.phantoms.teeth import FORMS, along_arch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from porion.emulator.phantoms.anatomy import Anatomy, Tooth
    from porion.emulator.phantoms.canvas import Grey, Layer

SIZE = 200
VOXEL = 0.6  # mm
LOWEST = -46.0
"""Where the first slice lies, in mm below the bite."""

# Grey values of a cone-beam unit: about 1000 above what a calibrated CT would say.
_FAT, _MUSCLE, _SPONGY, _CORTEX, _DENTINE, _ENAMEL, _METAL = 920, 1060, 1330, 2350, 2650, 3700, 4095
_WALL = 1.6  # mm of cortex

# The left half of the mandible's middle line from above, in mm: x to the left, y to the back.
_ARCH = (
    (0.0, -28.0),
    (8.0, -26.5),
    (16.0, -20.5),
    (22.0, -11.0),
    (26.5, 2.0),
    (31.0, 15.0),
    (38.0, 28.0),
    (44.0, 37.0),
)
# Along that line (mm from the middle): the lower and the upper border of the mandible above the bite.
_ALONG = (0.0, 20.0, 40.0, 52.0, 58.0, 66.0, 74.0, 80.0, 86.0)
_LOWER = (-41.0, -39.0, -34.0, -30.0, -27.0, -20.0, -6.0, 6.0, 30.0)
_UPPER = (-9.5, -9.0, -8.0, -5.0, 12.0, 30.0, 22.0, 42.0, 44.0)
_TUBER = 52.0  # where the upper jaw ends along that line


@dataclass(frozen=True, slots=True)
class _Plan:
    """What all slices share: places, the way along the arch and off it, and the tooth next to each place."""

    x: Layer
    y: Layer
    along: Layer
    off: Layer
    within: Layer


def axial(head: Anatomy, slices: int = 160) -> Iterator[Grey]:
    """The slices from below upwards, each :data:`SIZE` squared, :data:`VOXEL` mm apart when there are 160."""
    plan = _plan(head)
    rng = np.random.default_rng([head.seed, 11])
    teeth = list(_rows_of(head, plan))
    for z in LOWEST + spacing(slices) * np.arange(slices):
        grey = _slice(plan, teeth, float(z) / head.size, head)
        grey = blurred(grey, 1, passes=1) + 55 * rng.standard_normal(grey.shape, dtype=np.float32)
        yield np.asarray(np.clip(grey * plan.within, 0, WHITE), dtype=np.uint16)


def spacing(slices: int) -> float:
    """Mm between that many slices: all of them span the same height."""
    return VOXEL * 160 / slices


def _plan(head: Anatomy) -> _Plan:
    axis = (np.arange(SIZE, dtype=np.float32) + 0.5) * VOXEL - SIZE * VOXEL / 2
    x, y = axis[None, :] / head.size, axis[:, None] / head.size
    line = curve(_ARCH, closed=False)
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    squares = (np.abs(x)[..., None] - line[:, 0]) ** 2 + (y[..., None] - line[:, 1]) ** 2
    nearest = squares.argmin(axis=2)
    off = np.sqrt(squares.min(axis=2)).astype(np.float32)
    outside = y < line[nearest, 1]
    within = (axis[None, :] ** 2 + axis[:, None] ** 2 < (SIZE * VOXEL / 2) ** 2).astype(np.float32)
    return _Plan(x, y, steps[nearest].astype(np.float32), np.where(outside, -off, off), within)


def _slice(plan: _Plan, teeth: list[tuple[bool, _Teeth]], z: float, head: Anatomy) -> Layer:
    grey = _flesh(plan, z)
    _middle_face(grey, plan, z)
    _jaw_bone(grey, plan, z, head)
    for upper, row in teeth:
        _put_teeth(grey, plan, row, z if upper else -z)
    _spine(grey, plan, z)
    return grey


def _ellipse(plan: _Plan, centre: tuple[float, float], radii: tuple[float, float]) -> Layer:
    """Below 1 inside, mirrored to both sides."""
    across = (np.abs(plan.x) - centre[0]) / radii[0]
    return np.asarray(np.sqrt(across**2 + ((plan.y - centre[1]) / radii[1]) ** 2), dtype=np.float32)


def _flesh(plan: _Plan, z: float) -> Layer:
    """Skin, fat and muscle, the tongue, and the airway behind it."""
    front = float(
        np.interp(
            z, (-46, -38, -20, -4, 0, 4, 14, 24, 36, 50), (8, -36, -40, -45, -43, -45, -42, -44, -40, -36)
        )
    )
    width = float(np.interp(z, (-46, -30, 0, 40), (46, 56, 64, 68)))
    head = _ellipse(plan, (0, 55.0), (width, 55.0 - front))
    nose = _ellipse(plan, (0, -44.0), (max(0.1, float(np.interp(z, (14, 20, 40, 50), (0, 15, 8, 5)))), 14.0))
    body = np.minimum(head, nose)
    grey = np.where(body < 1, np.where(body > 0.93, _FAT + 60.0, _FAT), 0.0).astype(np.float32)
    muscle = (
        _ellipse(plan, (45.0, 22.0), (9.0, 20.0)) if z > -32 else _ellipse(plan, (30.0, 30.0), (14.0, 22.0))
    )
    grey[(muscle < 1) | (_ellipse(plan, (0, 62.0), (44.0, 24.0)) < 1)] = _MUSCLE
    if -36 < z < 18:
        grey[_ellipse(plan, (0, 2.0), (22.0, 26.0)) < 1] = _MUSCLE
    if z < 26:
        grey[_ellipse(plan, (0, 33.0 + 0.05 * z), (10.0 if z > -20 else 8.0, 5.5)) < 1] = 0.0
    return grey


def _middle_face(grey: Layer, plan: _Plan, z: float) -> None:
    """Palate, nose, sinuses, cheek bones, orbits."""
    if 19 < z < 23:
        grey[(plan.off > 0) & (plan.y < 18) & (_ellipse(plan, (0, -4.0), (25.0, 26.0)) < 1)] = _CORTEX
    if z < 22:
        return
    wall = _ellipse(plan, (0, 0.0), (40.0, 32.0))
    grey[(wall < 1) & (wall > 0.88) & (plan.y < 12)] = _CORTEX - 300
    rise = (z - 36) / 18
    if abs(rise) < 1:
        _cavity(grey, plan, (25.0, -2.0), (13.0, 17.0), float(np.sqrt(1 - rise**2)))
    if z < 54:
        nose = _ellipse(plan, (0, 4.0), (12.0 - 0.12 * (z - 22), 32.0))
        grey[nose < 1.1] = _CORTEX - 500
        grey[nose < 1.0] = 0.0
        for depth, level in ((8.0, 28.0), (6.0, 40.0)):
            if abs(z - level) < 6:
                grey[(_ellipse(plan, (7.5, 6.0), (3.2, 20.0)) < 1) & (nose < 1)] = _MUSCLE + depth
        grey[(np.abs(plan.x) < 0.9) & (nose < 1)] = _CORTEX - 600
    if 28 < z < 36:
        arch = _ellipse(plan, (0, 6.0), (56.0, 40.0))
        thick = 0.05 * np.sqrt(1 - ((z - 32) / 4) ** 2)
        grey[(np.abs(arch - 1) < thick) & (plan.y > -22) & (plan.y < 38)] = _CORTEX
    if z > 46:
        _cavity(grey, plan, (30.0, -14.0), (17.0, 20.0), float(np.sqrt(1 - ((66 - z) / 22) ** 2)), _FAT)


def _cavity(
    grey: Layer,
    plan: _Plan,
    centre: tuple[float, float],
    radii: tuple[float, float],
    share: float,
    filled: float = 0.0,
) -> None:
    """A hollow with a thin wall, as wide as that share of its radii."""
    reach = (max(radii[0] * share, 0.5), max(radii[1] * share, 0.5))
    hollow = _ellipse(plan, centre, reach)
    grey[hollow < 1 + 1.0 / min(reach)] = _CORTEX - 400
    grey[hollow < 1] = filled


def _jaw_bone(grey: Layer, plan: _Plan, z: float, head: Anatomy) -> None:
    low = np.interp(plan.along, _ALONG, _LOWER).astype(np.float32)
    high = np.interp(plan.along, _ALONG, _UPPER).astype(np.float32)
    body = np.interp(z, (-44, -34, -20, -8), (4.0, 6.6, 6.2, 4.6))
    thick = np.where(plan.along > 60, 4.2, body + head.chin * 0.05)
    depth = np.minimum(np.minimum(thick - np.abs(plan.off), z - low), high - z)
    _bone(grey, depth)
    if z > 7:
        ridge = np.interp(z, (8, 14, 24), (4.2, 6.0, 7.5))
        roof = np.minimum(ridge - np.abs(plan.off), np.minimum(z - 8.5, 24 - z))
        _bone(grey, np.minimum(roof, _TUBER - plan.along))


def _bone(grey: Layer, depth: Layer) -> None:
    """Bone where ``depth`` (mm below its surface) is positive: hard outside, spongy within."""
    grey[depth > 0] = _CORTEX
    inner = depth > _WALL
    grey[inner] = _SPONGY + 130 * np.sin(7 * depth[inner])


@dataclass(frozen=True, slots=True)
class _Teeth:
    """For every place the measures in mm of the tooth next to it; ``beside`` is how far off its middle is."""

    beside: Layer
    width: Layer
    deep: Layer
    crown: Layer
    root: Layer
    sunk: Layer
    filled: Layer


def _rows_of(head: Anatomy, plan: _Plan) -> Iterator[tuple[bool, _Teeth]]:
    """Each row of teeth, those of the upper jaw marked; milk teeth stand over those that will follow."""
    teeth = dentition(head)
    for upper in (True, False):
        for milk in (False, True):
            row = [tooth for tooth in teeth if tooth.upper is upper and tooth.milk is milk]
            if row:
                yield upper, _looked_up(np.array([_measures(one, head) for one in row], np.float32), plan)


def _measures(tooth: Tooth, head: Anatomy) -> tuple[float, ...]:
    form = FORMS[tooth.form]
    sunk = (1 - tooth.risen) * 12
    deep = 9.5 if tooth.place > 3 else 6.8
    filled = float(head.fillings > (tooth.place * 7 + tooth.side) % 6 and tooth.place > 4 and not sunk)
    middle = tooth.side * along_arch(tooth.place, upper=tooth.upper)
    return middle, form.width, deep, form.crown, form.root * tooth.grown, sunk, filled


def _looked_up(row: npt.NDArray[np.float32], plan: _Plan) -> _Teeth:
    way = plan.along * np.where(plan.x < 0, -1, 1)
    found = row[np.abs(way[..., None] - row[:, 0]).argmin(axis=2)]
    return _Teeth(way - found[..., 0], *(found[..., column] for column in range(1, 7)))


def _put_teeth(grey: Layer, plan: _Plan, teeth: _Teeth, z: float) -> None:
    """``z`` counts from the bite towards the roots."""
    if not 0 < z < 40:
        return
    below = z - 0.5 - teeth.sunk
    t = below / teeth.crown
    s = np.clip((below - teeth.crown) / np.maximum(teeth.root, 0.1), 0, 2)
    shape = np.where(
        t < 1, 0.8 + 0.45 * np.clip(t, 0, 1) - 0.32 * np.clip(t, 0, 1) ** 2, 0.93 - 0.62 * s**1.3
    )
    across = teeth.beside / np.maximum(teeth.width / 2 * shape, 0.1)
    deep = (plan.off + 0.8) / np.maximum(teeth.deep / 2 * shape, 0.1)
    radius = np.sqrt(across**2 + deep**2)
    tooth = (radius < 1) & (below > 0) & (s < 1) & (shape > 0.05)
    grey[tooth] = _DENTINE
    grey[tooth & (t < 1) & ((radius > 0.64 + 0.34 * np.clip(t, 0, 1)) | (t < 0.2))] = _ENAMEL
    grey[tooth & (radius < 0.2) & (t > 0.4)] = _MUSCLE
    grey[tooth & (teeth.filled > 0) & (radius < 0.5) & (t < 0.35)] = _METAL


def _spine(grey: Layer, plan: _Plan, z: float) -> None:
    """Bodies of the neck's vertebrae, a disc every 17 mm; the dens above."""
    if z > 22:
        return
    radii = (6.0, 5.5) if z > 2 else (11.0, 8.0)
    body = _ellipse(plan, (0, 52.0), radii)
    disc = z <= 2 and (z - 2) % 17 < 4
    grey[body < 1] = _MUSCLE + 40 if disc else _SPONGY
    if not disc:
        grey[(body < 1) & (body > 0.8)] = _CORTEX - 300
