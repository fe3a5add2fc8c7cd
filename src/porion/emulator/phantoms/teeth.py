"""Teeth seen from the cheek: enamel over dentine, pulp, roots in their sockets, germs in their crypts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from porion.emulator.phantoms.canvas import Patch, blurred

if TYPE_CHECKING:
    from porion.emulator.phantoms.canvas import Canvas, Layer, Points


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of tooth in mm; each of ``roots`` is its offset at the neck, at its end, and its half width."""

    crown: float
    width: float
    neck: float
    root: float
    roots: tuple[tuple[float, float, float], ...]
    cusps: int


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a tooth stands: its neck, whither its root points (degrees, 0 is down), and how it is seen.

    ``grown`` is the share of the root that there is; 0 is a crown in its crypt. ``magnified`` scales it.
    """

    x: float
    y: float
    angle: float
    magnified: float = 1.0
    grown: float = 1.0


def _single(half: float, bent: float = 0.6) -> tuple[tuple[float, float, float], ...]:
    return ((0.0, bent, half),)


# Wheeler's Dental Anatomy, tables of average sizes, rounded: mesiodistal widths, crown and root lengths.
# Keys are jaw (U, L) and position from the midline; m and d are milk molars.
FORMS: dict[str, Form] = {
    "U1": Form(10.5, 8.5, 6.6, 13.0, _single(3.0), 0),
    "U2": Form(9.0, 6.5, 5.0, 13.0, _single(2.3, 1.2), 0),
    "U3": Form(10.0, 7.5, 5.6, 17.0, _single(2.7, 1.0), 1),
    "U4": Form(8.5, 7.0, 5.0, 14.0, ((-0.5, -0.7, 1.9), (0.7, 1.4, 1.9)), 1),
    "U5": Form(8.5, 7.0, 5.0, 14.0, _single(2.3), 1),
    "U6": Form(7.5, 10.0, 7.9, 12.5, ((-2.4, -3.4, 1.8), (2.4, 3.6, 1.7), (0.0, 0.2, 2.2)), 2),
    "U7": Form(7.0, 9.3, 7.6, 11.5, ((-2.0, -2.0, 1.7), (2.1, 2.7, 1.7), (0.0, 0.6, 2.0)), 2),
    "U8": Form(6.5, 8.5, 7.0, 10.5, ((-1.2, -0.2, 1.8), (1.4, 2.4, 1.8)), 2),
    "L1": Form(9.0, 5.2, 3.6, 12.5, _single(1.7, 0.3), 0),
    "L2": Form(9.5, 5.7, 3.9, 14.0, _single(1.8, 0.6), 0),
    "L3": Form(11.0, 7.0, 5.4, 16.0, _single(2.5, 0.8), 1),
    "L4": Form(8.8, 7.0, 4.9, 14.0, _single(2.3), 1),
    "L5": Form(8.0, 7.1, 5.1, 14.5, _single(2.4, 1.0), 1),
    "L6": Form(7.5, 11.0, 9.2, 14.0, ((-2.7, -2.6, 2.0), (2.6, 3.9, 1.9)), 3),
    "L7": Form(7.0, 10.5, 8.8, 13.0, ((-2.4, -1.4, 2.0), (2.4, 3.4, 1.9)), 2),
    "L8": Form(7.0, 10.0, 8.4, 11.0, ((-1.8, 0.4, 2.0), (2.0, 3.4, 1.9)), 2),
    "Uc": Form(6.5, 7.0, 5.1, 11.0, _single(2.1), 1),
    "Um": Form(5.2, 7.6, 5.6, 9.0, ((-2.0, -3.8, 1.1), (2.0, 3.8, 1.1)), 2),
    "Lc": Form(7.0, 5.8, 4.2, 10.0, _single(1.8), 1),
    "Lm": Form(5.5, 9.4, 7.2, 9.0, ((-2.6, -4.4, 1.2), (2.6, 4.4, 1.2)), 3),
}

_DENTINE, _ENAMEL, _PULP, _LAMINA = 0.62, 0.62, 0.36, 0.22
_OPEN_APEX = 0.45


def along_arch(place: int, *, upper: bool) -> float:
    """Mm along the arch from its middle to the middle of a tooth, all before it standing side by side."""
    jaw = "U" if upper else "L"
    before = sum(FORMS[f"{jaw}{one}"].width for one in range(1, place))
    return before + FORMS[f"{jaw}{place}"].width / 2


def draw(canvas: Canvas, form: Form, pose: Pose) -> None:
    """Put a tooth on the sheet, and its socket or its crypt into the bone there."""
    patch = canvas.around(_axis(form, pose), 0.6 * form.width * pose.magnified + 3)
    if not patch.x.size or not patch.y.size:
        return
    u, v = _own(patch, pose)
    crown, core = _crown(form, u, v, 0.0), _crown(form, u, v, 1.0)
    roots = _roots(form, u, v, pose.grown)
    tooth = np.maximum(crown, roots)
    _bed(canvas, patch, tooth > 0, germ=pose.grown < 0.2)
    seen = _DENTINE * tooth + _ENAMEL * np.clip(crown - 0.72 * core, 0, None) * np.clip(0.15 - v / 2.5, 0, 1)
    seen -= _PULP * np.minimum(_pulp(form, u, v, pose.grown), tooth)
    held = canvas.hard[patch.at]
    # Where neighbours overlap the beam crosses both, but in less of each.
    canvas.hard[patch.at] = np.maximum(held, seen) + 0.35 * np.minimum(held, seen)


def _axis(form: Form, pose: Pose) -> Points:
    """From the biting edge to the end of the root."""
    way = np.array([np.sin(np.deg2rad(pose.angle)), np.cos(np.deg2rad(pose.angle))])
    length = np.array([-form.crown, form.root * pose.grown])[:, None] * pose.magnified
    return np.asarray(np.array([pose.x, pose.y]) + length * way, dtype=np.float64)


def _own(patch: Patch, pose: Pose) -> tuple[Layer, Layer]:
    """The tooth's own places in mm: across it, and from the neck towards the root."""
    sine, cosine = np.sin(np.deg2rad(pose.angle)), np.cos(np.deg2rad(pose.angle))
    x, y = (patch.x - pose.x) / pose.magnified, (patch.y - pose.y) / pose.magnified
    return (x * cosine - y * sine).astype(np.float32), (x * sine + y * cosine).astype(np.float32)


def _crown(form: Form, u: Layer, v: Layer, enamel: float) -> Layer:
    """How thick the crown is (0 to 1); with ``enamel`` millimetres taken off, its core of dentine."""
    height = form.crown - 1.5 * enamel
    t = np.clip(-v / height, 0, 1.05)
    belly = np.interp(t, (0, 0.25, 0.6, 0.85, 1.05), _outline(form)).astype(np.float32) / 2
    half = np.maximum(belly - enamel * np.clip(t * 3, 0.1, 1), 0.05)
    across = u / half
    top = height * (1 - _relief(form, across) / form.crown)
    body = np.sqrt(np.clip(1 - np.abs(across) ** 3.2, 0, 1))
    return _layer(body * _soft(-v + 0.4) * _soft(top + v))


def _outline(form: Form) -> tuple[float, ...]:
    neck, width = form.neck, form.width
    edge = width * (0.96 if form.cusps == 0 else 0.78)
    return (neck, 0.5 * (neck + width) + 0.2, width, 0.97 * width if form.cusps != 1 else 0.85 * width, edge)


def _relief(form: Form, across: Layer) -> Layer:
    """How far the biting edge lies below the highest cusp, in mm."""
    if form.cusps == 0:
        return _layer(0.5 * np.abs(across) ** 4)
    if form.cusps == 1:
        return _layer(2.3 * np.abs(across) ** 1.8)
    waves = 0.5 + 0.5 * np.cos(np.pi * (across * form.cusps + form.cusps + 1))
    return _layer(1.1 * waves + 0.6 * across**4)


def _roots(form: Form, u: Layer, v: Layer, grown: float) -> Layer:
    """How thick the roots are: each one, and what joins them below the neck."""
    thick = np.zeros_like(u + v)
    if grown < 0.05:
        return thick
    length = form.root * grown
    s = np.clip(v / length, 0, 1.2)
    ends = _soft(v + 0.4) * _soft(length - v)
    for index, root in enumerate(form.roots):
        across = (u - _middle(form, root, v)) / (_taper(s, grown) * root[2] + 0.05)
        # The palatal root lies behind the buccal ones.
        behind = 0.75 if index == 2 else 1.0
        thick = np.maximum(thick, behind * np.sqrt(np.clip(1 - across**2, 0, 1)) * ends)
    return np.maximum(thick, _trunk(form, u, v, length))


def _trunk(form: Form, u: Layer, v: Layer, length: float) -> Layer:
    """From the width of the neck to where the roots part, or into the one root."""
    several = len(form.roots) > 1
    narrowing = 0.15 if several else 0.9
    across = u / (0.5 * form.neck * (1 - narrowing * np.clip(v / form.root, 0, 1)) + 0.05)
    depth = 0.28 * form.root * (1 + 0.25 * np.abs(across))
    body = np.sqrt(np.clip(1 - np.abs(across) ** 2.5, 0, 1))
    return _layer(body * _soft(v + 0.4) * _soft(np.minimum(depth, length) - v))


def _taper(s: Layer, grown: float) -> Layer:
    """Half width along a root as a share of that at its neck: a young root is open at its end."""
    closed = (1 - 0.5 * s) * np.sqrt(np.clip(1 - s**6, 0, 1))
    return closed if grown > 0.95 else 1 - (1 - _OPEN_APEX) * 0.5 * s


def _pulp(form: Form, u: Layer, v: Layer, grown: float) -> Layer:
    """The chamber, and a canal down each root; both are wide as long as the root grows."""
    youth = 1.0 + 0.9 * (1 - grown)
    several = len(form.roots) > 1
    low = -(0.34 if several else 0.45) * form.crown
    high = max((0.13 if several else 0.17) * form.root * min(1.0, 2 * grown), 0.3)
    along = (v - (low + high) / 2) / ((high - low) / 2)
    across = u / ((0.27 if several else 0.15) * form.neck * youth)
    horns = 0.45 * across**2 - 0.2 if several else 0.0
    seen = np.sqrt(np.clip(1 - np.abs(across) ** 2.5 - np.abs(along + horns) ** 2.5, 0, 1))
    if grown > 0.15:
        for root in form.roots:
            seen = np.maximum(seen, _canal(form, root, (u, v), grown))
    return _layer(seen)


def _canal(form: Form, root: tuple[float, float, float], at: tuple[Layer, Layer], grown: float) -> Layer:
    u, v = at
    length = form.root * grown
    s = np.clip(v / length, 0, 1)
    narrow = 0.25 * (1 - 0.6 * s)
    wide = 0.3 + 0.4 * s * (grown < 0.95)
    half = root[2] * (narrow + (wide - narrow) * min(1.0, 1.6 * (1 - grown))) + 0.05
    several = len(form.roots) > 1
    # Canals leave the chamber close together.
    bend = 1 - 0.4 * np.exp(-np.clip(v, 0, None) / 2.0) if several else 1.0
    across = (u - bend * _middle(form, root, v)) / half
    start = 0.01 * form.root if several else -0.25 * form.crown
    return _layer(np.sqrt(np.clip(1 - across**2, 0, 1)) * _soft(v - start) * _soft(0.98 * length - v))


def _middle(form: Form, root: tuple[float, float, float], v: Layer) -> Layer:
    """The middle of a root, from its offset at the neck to that at its end."""
    neck, apex, _ = root
    return _layer(neck + (apex - neck) * np.clip(v / form.root, 0, 1.2) ** 1.3)


def _soft(distance: Layer) -> Layer:
    """0 outside, 1 inside, over half a millimetre."""
    return _layer(np.clip(distance / 0.5 + 0.5, 0, 1))


def _layer(values: npt.NDArray[np.floating[Any]]) -> Layer:
    return values.astype(np.float32, copy=False)


def _bed(canvas: Canvas, patch: Patch, tooth: npt.NDArray[np.bool_], *, germ: bool) -> None:
    """The dark gap around a tooth and the bright line of bone around that gap."""
    shape = tooth.astype(np.float32)
    gap, wall = (0.9, 1.5) if germ else (0.35, 0.8)
    near = np.clip(blurred(shape, gap / canvas.mm) * 3, 0, 1)
    far = np.clip(blurred(shape, wall / canvas.mm) * 3, 0, 1)
    bone = canvas.bone[patch.at]
    line = _LAMINA * (0.8 if germ else 1.0) * (far - near) * np.clip(bone * 4, 0, 1)
    canvas.bone[patch.at] = bone * (1 - (0.85 if germ else 0.6) * near) + line
