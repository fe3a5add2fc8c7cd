"""A sheet on which shapes take light away: places in millimetres, three layers, soft edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Layer = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint16]
Points = npt.NDArray[np.float64]

WHITE = 4095
"""The brightest value of 12 bits."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of the sheet: where it lies in the layers, and the places of its pixels."""

    at: tuple[slice, slice]
    x: Layer
    y: Layer


@dataclass
class Canvas:
    """``origin`` is where the place (0, 0) lies, in mm from the upper left corner; y runs downwards."""

    width: float
    height: float
    mm: float
    origin: tuple[float, float]
    seed: int
    soft: Layer = field(init=False)
    bone: Layer = field(init=False)
    hard: Layer = field(init=False)
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        shape = (round(self.height / self.mm), round(self.width / self.mm))
        self.soft, self.bone, self.hard = (np.zeros(shape, np.float32) for _ in range(3))
        self.rng = np.random.default_rng(self.seed)

    def patch(self, low: tuple[float, float], high: tuple[float, float]) -> Patch:
        """The pixels between two corners, as far as they lie on the sheet."""
        rows, columns = self.bone.shape
        left, right = (_clipped((x + self.origin[0]) / self.mm, columns) for x in (low[0], high[0]))
        top, bottom = (_clipped((y + self.origin[1]) / self.mm, rows) for y in (low[1], high[1]))
        x = (np.arange(left, right, dtype=np.float32) + 0.5) * self.mm - self.origin[0]
        y = (np.arange(top, bottom, dtype=np.float32) + 0.5) * self.mm - self.origin[1]
        return Patch((slice(top, bottom), slice(left, right)), x[None, :], y[:, None])

    def around(self, points: Points, margin: float) -> Patch:
        """The pixels around some places."""
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return self.patch((x0 - margin, y0 - margin), (x1 + margin, y1 + margin))

    def grain(self, mm: float) -> Layer:
        """Mottle whose grains are so many millimetres wide, with a deviation of 1: trabecular bone."""
        fine = blurred(self.rng.standard_normal(self.bone.shape, dtype=np.float32), mm / self.mm)
        mottle = fine - blurred(fine, 2 * mm / self.mm)
        return np.asarray(mottle / (mottle.std() or 1.0), dtype=np.float32)


def _clipped(position: float, end: int) -> int:
    return min(max(round(position), 0), end)


def curve(points: Sequence[tuple[float, float]] | Points, *, closed: bool = True, steps: int = 12) -> Points:
    """A smooth line through the points (a Catmull-Rom spline)."""
    given = np.asarray(points, dtype=np.float64)
    if closed:
        held = np.concatenate([given[-1:], given, given[:2]])
    else:
        held = np.concatenate([2 * given[:1] - given[1:2], given, 2 * given[-1:] - given[-2:-1]])
    before, start, end, after = held[:-3], held[1:-2], held[2:-1], held[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    before, start, end, after = (part[:, None, :] for part in (before, start, end, after))
    bends = (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    line = (bends / 2).reshape(-1, 2)
    return line if closed else np.concatenate([line, given[-1:]])


def blurred(layer: Layer, sigma: float, *, passes: int = 3) -> Layer:
    """A Gaussian blur, sigma in pixels: as many running means along each axis."""
    radius = _radius(sigma)
    if radius < 1 or not layer.size:
        return layer
    for axis in (0, 1):
        for _ in range(passes):
            layer = _running_mean(layer, radius, axis)
    return layer


def _radius(sigma: float) -> int:
    """Three means over 2r + 1 pixels spread like a Gaussian whose variance is r (r + 1)."""
    return round((float(np.sqrt(1 + 4 * sigma**2)) - 1) / 2)


def _running_mean(layer: Layer, radius: int, axis: int) -> Layer:
    pads = [(radius + 1, radius) if axis == one else (0, 0) for one in (0, 1)]
    sums = np.cumsum(np.pad(layer, pads, mode="edge"), axis=axis, dtype=np.float32)
    width = 2 * radius + 1
    spans = sums[width:] - sums[:-width] if axis == 0 else sums[:, width:] - sums[:, :-width]
    return np.asarray(spans / width, dtype=np.float32)


def inside(patch: Patch, outline: Points) -> Layer:
    """1 inside a closed outline, 0 outside: crossings are counted along every row."""
    rows, columns = patch.y.size, patch.x.size
    if not rows or not columns:
        return np.zeros((rows, columns), np.float32)
    toggles = np.zeros((rows, columns + 1), np.int16)
    y = patch.y[:, 0]
    step = float(patch.x[0, 1] - patch.x[0, 0]) if columns > 1 else 1.0
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        first, last = np.searchsorted(y, [min(y0, y1), max(y0, y1)])
        crossing = x0 + (y[first:last] - y0) * (x1 - x0) / (y1 - y0)
        at = np.clip(np.ceil((crossing - patch.x[0, 0]) / step), 0, columns).astype(np.intp)
        toggles[np.arange(first, last), at] += 1
    return np.asarray(np.cumsum(toggles[:, :columns], axis=1) & 1, dtype=np.float32)


def fill(
    canvas: Canvas, layer: Layer, outline: Points, weight: float, *, edge: float = 0.6, rim: float = 0.0
) -> None:
    """Add a body with a soft edge (mm); ``rim`` makes its border denser, as the cortex of a bone is."""
    patch = canvas.around(outline, 4 * edge)
    mask = inside(patch, outline)
    body = blurred(mask, edge / canvas.mm)
    layer[patch.at] += weight * body + rim * 4 * body * (1 - body) * mask


def carve(canvas: Canvas, layer: Layer, outline: Points, share: float, *, edge: float = 0.8) -> None:
    """Take a share of what is there away, with a soft edge (mm): a cavity."""
    patch = canvas.around(outline, 4 * edge)
    layer[patch.at] *= 1 - share * blurred(inside(patch, outline), edge / canvas.mm)


def stroke(canvas: Canvas, layer: Layer, line: Points, weight: float, *, width: float) -> None:
    """Add a line that is so wide (mm), brightest along its middle."""
    patch = canvas.around(line, 2 * width)
    if not patch.x.size or not patch.y.size:
        return
    trace = np.zeros((patch.y.size, patch.x.size), np.float32)
    places = _evenly(line, canvas.mm / 2)
    column = np.rint((places[:, 0] - patch.x[0, 0]) / canvas.mm).astype(np.intp)
    row = np.rint((places[:, 1] - patch.y[0, 0]) / canvas.mm).astype(np.intp)
    held = (row >= 0) & (row < trace.shape[0]) & (column >= 0) & (column < trace.shape[1])
    np.add.at(trace, (row[held], column[held]), np.float32(0.5))
    sigma = max(1.0, width / 2.4 / canvas.mm)
    radius = _radius(sigma)
    brightest = np.float32(np.sqrt(2 * np.pi * radius * (radius + 1)))
    layer[patch.at] += weight * brightest * blurred(trace, sigma)


def moved(points: Points, right: float, down: float) -> Points:
    """The same points, so many mm to the right and further down."""
    return np.asarray(points + np.array([right, down]), dtype=np.float64)


def _evenly(line: Points, step: float) -> Points:
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.arange(0, lengths[-1], step)
    return np.stack([np.interp(at, lengths, line[:, axis]) for axis in (0, 1)], axis=1)


def ball(
    canvas: Canvas,
    layer: Layer,
    centre: tuple[float, float],
    radii: tuple[float, float],
    weight: float,
    *,
    turned: float = 0.0,
    power: float = 0.5,
) -> None:
    """Add an ellipsoid as a beam sees it: thickest in its middle. ``turned`` is in degrees."""
    reach = max(radii)
    patch = canvas.patch((centre[0] - reach, centre[1] - reach), (centre[0] + reach, centre[1] + reach))
    sine, cosine = np.sin(np.deg2rad(turned)), np.cos(np.deg2rad(turned))
    x, y = patch.x - centre[0], patch.y - centre[1]
    u, v = (x * cosine + y * sine) / radii[0], (y * cosine - x * sine) / radii[1]
    layer[patch.at] += (weight * np.clip(1 - u**2 - v**2, 0, None) ** power).astype(np.float32)


def developed(canvas: Canvas, *, noise: float, unsharp: float = 0.0) -> Grey:
    """The picture: what is dense is bright, and the less light came through the noisier it is."""
    dense = blurred(canvas.soft + canvas.bone + canvas.hard, unsharp / canvas.mm)
    light = 1 - np.exp(-np.clip(dense, 0, None))
    quanta = canvas.rng.standard_normal(light.shape, dtype=np.float32)
    light += noise * quanta * np.sqrt(0.15 + light)
    return np.asarray(np.clip(light, 0, 1) * WHITE, dtype=np.uint16)
