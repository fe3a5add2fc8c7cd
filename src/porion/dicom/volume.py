"""Slices and frames into a volume: order and spacing come from positions (PS3.3 C.7.6.2), not from names.

Slice Thickness is how thick a slice is, not how far the next one is away, and is not read at all. What
is wrong with a volume is reported and never a reason to reject it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from porion.dicom.problems import Problem
from porion.dicom.slices import SliceGeometry, frame_geometries, is_volume_slice, slice_geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "SliceGeometry",
    "Vector",
    "Volume",
    "assemble",
    "frame_geometries",
    "is_volume_slice",
    "slice_geometry",
]

Vector = tuple[float, float, float]
Verdict = Literal["complete", "incomplete", "not-a-volume"]
_Row = tuple[float, float, float, float]
_Affine = tuple[_Row, _Row, _Row, _Row]
_Array = npt.NDArray[np.float64]
_Value = tuple[float, ...] | str | None
_Shape = tuple[_Value, ...]

# mm, and the same for direction cosines: what viewers of dental volumes tolerate (DTX Studio, DICOM status).
_TOLERANCE = 0.001
# Positions are written with few digits: a step may deviate by this share of itself besides.
_ROUNDING = 0.01

_IMAGE_TYPE, _EXPECTED = "(0008,0008)", "(0020,1002)"
_POSITION, _ORIENTATION, _SPACING = "(0020,0032)", "(0020,0037)", "(0028,0030)"


@dataclass(frozen=True, slots=True)
class Volume:
    """Slices in the order of their places along ``normal``, and what is wrong with them.

    ``order`` holds the ``instance`` of each slice of the volume, ``apart`` of those that do not belong
    to it (localizers, other orientation or matrix, a second slice at the same place). ``spacing`` is
    between rows, columns and slices, in mm. ``affine`` takes the voxel (column, row, slice) to mm in
    the patient's system (LPS, PS3.3 C.7.6.2.1.1); its third index counts places, so that behind a gap
    it runs ahead of ``order``. ``missing`` counts the slices that should be there; ``summary`` is for people.
    """

    order: tuple[str, ...]
    slices: int
    spacing: Vector | None
    affine: _Affine | None
    normal: Vector | None
    verdict: Verdict
    summary: str
    missing: int
    problems: tuple[Problem, ...] = ()
    apart: tuple[str, ...] = ()


class _Sorted(NamedTuple):
    """Slices that a check let pass, those that it put aside, and why."""

    kept: list[SliceGeometry]
    apart: list[SliceGeometry]
    problems: list[Problem]


class _Trait(NamedTuple):
    """What all slices of a volume share."""

    tag: str
    words: str
    of: Callable[[SliceGeometry], _Value]


_TRAITS = (
    _Trait("(0028,0010)", "another matrix", lambda one: (one.rows, one.columns)),
    _Trait(_ORIENTATION, "another orientation", lambda one: one.orientation),
    _Trait(_SPACING, "another pixel spacing", lambda one: one.spacing),
    _Trait("(0020,0052)", "another frame of reference", lambda one: one.frame_of_reference),
)


class _Stack(NamedTuple):
    """How sorted slices follow each other; ``gaps`` is how many are missing between them."""

    step: float | None
    vector: _Array | None
    gaps: int
    problems: list[Problem]


def assemble(slices: Sequence[SliceGeometry], expected: int | None = None) -> Volume:
    """The volume that the slices make, in whatever order they came.

    ``expected`` is the number of slices that somebody announced (Images in Acquisition, Number of
    Series Related Instances). Slices without a position keep the order of their instance numbers.
    """
    distinct = sorted(dict.fromkeys(slices), key=_by_number)
    images = _without_localizers(distinct)
    placed = _with_position(images.kept)
    if 2 * len(placed.kept) <= len(images.kept):
        problems = [*images.problems, *placed.problems]
        return _unplaced(_Sorted(images.kept, images.apart, problems), expected)
    alike = _alike(placed.kept)
    normal = _normal(alike.kept[0])
    single = _single_places(alike.kept, normal)
    stages = (images, placed, alike, single)
    apart = tuple(one.instance for stage in stages for one in stage.apart)
    found = [problem for stage in stages for problem in stage.problems]
    return _volume(single.kept, normal, expected, _Aside(apart, found))


class _Aside(NamedTuple):
    apart: tuple[str, ...]
    problems: list[Problem]


def _by_number(one: SliceGeometry) -> tuple[bool, int, str]:
    return one.instance_number is None, one.instance_number or 0, one.instance


def _without_localizers(slices: list[SliceGeometry]) -> _Sorted:
    localizers = [one for one in slices if "LOCALIZER" in one.image_type]
    kept = [one for one in slices if "LOCALIZER" not in one.image_type]
    problem = Problem(_IMAGE_TYPE, f"{_counted(len(localizers), 'localizer')} among the slices")
    return _Sorted(kept, localizers, [problem] if localizers else [])


def _with_position(slices: list[SliceGeometry]) -> _Sorted:
    placed = [one for one in slices if one.position and one.orientation]
    lost = [one for one in slices if not (one.position and one.orientation)]
    reason = f"position or orientation missing in {len(lost)} of {_counted(len(slices), 'slice')}"
    return _Sorted(placed, lost, [Problem(_POSITION, reason)] if lost else [])


def _alike(slices: list[SliceGeometry]) -> _Sorted:
    """The largest group of slices that share every trait; each trait that differs is a problem."""
    shapes = [tuple(trait.of(one) for trait in _TRAITS) for one in slices]
    model = _commonest(shapes)
    fits = {shape: tuple(map(_same, shape, model)) for shape in set(shapes)}
    pairs = list(zip(slices, shapes, strict=True))
    return _Sorted(
        [one for one, shape in pairs if all(fits[shape])],
        [one for one, shape in pairs if not all(fits[shape])],
        _trait_problems([fits[shape] for shape in shapes]),
    )


def _trait_problems(fits: list[tuple[bool, ...]]) -> list[Problem]:
    counts = [sum(not fit for fit in of_trait) for of_trait in zip(*fits, strict=True)]
    return [
        Problem(trait.tag, f"{count} of {_counted(len(fits), 'slice')} have {trait.words} than the rest")
        for trait, count in zip(_TRAITS, counts, strict=True)
        if count
    ]


def _commonest(shapes: list[_Shape]) -> _Shape:
    """The first of the most frequent shapes, where shapes that only differ by rounding are one."""
    rounded = {shape: tuple(map(_rounded, shape)) for shape in dict.fromkeys(shapes)}
    counts = Counter(rounded[shape] for shape in shapes)
    winner = min(counts, key=lambda kind: (-counts[kind], repr(kind)))
    return next(shape for shape in rounded if rounded[shape] == winner)


def _rounded(value: _Value) -> _Value:
    return tuple(round(number, 3) for number in value) if isinstance(value, tuple) else value


def _same(value: _Value, model: _Value) -> bool:
    """Equal within the tolerance; what is not stated does not differ."""
    if isinstance(value, tuple) and isinstance(model, tuple):
        return all(abs(one - other) <= _TOLERANCE for one, other in zip(value, model, strict=True))
    return value is None or model is None or value == model


def _normal(one: SliceGeometry) -> _Array | None:
    """The unit normal of a slice's plane, None when the orientation spans no plane."""
    normal = np.cross(*_directions(one))
    length = float(np.linalg.norm(normal))
    return normal / length if length > _TOLERANCE else None


def _single_places(slices: list[SliceGeometry], normal: _Array | None) -> _Sorted:
    """The slices along the normal, one for each place; the lowest instance number stays."""
    if normal is None:
        return _Sorted(slices, [], [Problem(_ORIENTATION, "the orientation spans no plane")])
    kept: list[SliceGeometry] = []
    twice: list[SliceGeometry] = []
    last = -math.inf
    depths = _positions(slices) * normal
    for depth, one in sorted(
        zip(depths.sum(axis=1).tolist(), slices, strict=True), key=lambda pair: (pair[0], _by_number(pair[1]))
    ):
        if depth - last > _TOLERANCE:
            kept.append(one)
            last = depth
        else:
            twice.append(one)
    reason = f"{_counted(len(twice), 'slice')} at the same place as another one"
    return _Sorted(kept, twice, [Problem(_POSITION, reason)] if twice else [])


def _directions(one: SliceGeometry) -> tuple[_Array, _Array]:
    row, column = np.reshape(one.orientation or (0.0,) * 6, (2, 3))
    return row, column


def _positions(slices: list[SliceGeometry]) -> _Array:
    return np.array([one.position for one in slices], dtype=np.float64)


def _unplaced(found: _Sorted, expected: int | None) -> Volume:
    """Slices without positions: an order to look at, and nothing to measure in."""
    count = len(found.kept)
    counted = f"{_counted(count, 'slice')} in the order of their numbers, positions missing"
    return Volume(
        order=tuple(one.instance for one in found.kept),
        slices=count,
        spacing=None,
        affine=None,
        normal=None,
        verdict="not-a-volume",
        summary=counted if count else "no slices",
        missing=max(0, (expected or 0) - count),
        problems=tuple(found.problems),
        apart=tuple(one.instance for one in found.apart),
    )


def _volume(kept: list[SliceGeometry], normal: _Array | None, expected: int | None, aside: _Aside) -> Volume:
    stack = _stack(kept, normal)
    missing = max(stack.gaps, (expected or 0) - len(kept))
    problems = [*aside.problems, *_plane_problems(kept[0]), *stack.problems]
    return Volume(
        order=tuple(one.instance for one in kept),
        slices=len(kept),
        spacing=_spacing(kept[0], stack),
        affine=_affine(kept[0], stack),
        normal=_vector(normal),
        verdict=_verdict(missing, stack),
        summary=_summary(len(kept), missing, stack),
        missing=missing,
        problems=(*problems, *_count_problems(len(kept), stack.gaps, expected)),
        apart=aside.apart,
    )


def _verdict(missing: int, stack: _Stack) -> Verdict:
    if missing:
        return "incomplete"
    return "not-a-volume" if stack.step is None else "complete"


def _stack(kept: list[SliceGeometry], normal: _Array | None) -> _Stack:
    """Steps between the sorted slices: the median step, refined over all regular ones, and what deviates."""
    if normal is None or len(kept) < 2:
        return _Stack(None, None, 0, [])
    between = np.diff(_positions(kept), axis=0)
    depths = (between * normal).sum(axis=1)
    rough = float(np.sort(depths)[(len(depths) - 1) // 2])
    step = float(depths[np.abs(depths - rough) <= _TOLERANCE + _ROUNDING * rough].mean())
    places = np.maximum(1, np.rint(depths / step))
    sideways = np.linalg.norm(between - depths[:, None] * normal, axis=1)
    problems = list(_step_problems(step, places, depths, sideways))
    return _Stack(step, between.sum(axis=0) / places.sum(), int((places - 1).sum()), problems)


def _step_problems(step: float, places: _Array, depths: _Array, sideways: _Array) -> Iterator[Problem]:
    """``places`` and the mm along (``depths``) and off (``sideways``) the normal, from slice to slice."""
    allowed = _TOLERANCE + _ROUNDING * step * places
    if (np.abs(depths - places * step) > allowed).any():
        span = f"{depths.min():.4g} to {depths.max():.4g} mm"
        yield Problem(_POSITION, f"uneven spacing: steps from {span}, mostly {step:.4g} mm")
    if (sideways > allowed).any():
        degrees = math.degrees(math.atan2(float((sideways / places).max()), step))
        yield Problem(_POSITION, f"tilted: slices lie up to {degrees:.2g} degrees off the normal")
    gaps = np.flatnonzero(places > 1)
    if gaps.size:
        missing = f"{int((places - 1).sum())} missing in {_counted(gaps.size, 'gap')}"
        yield Problem(_POSITION, f"{missing}, the first one behind slice {gaps[0] + 1}")


def _spacing(first: SliceGeometry, stack: _Stack) -> Vector | None:
    if first.spacing is None or stack.step is None:
        return None
    return (*first.spacing, round(stack.step, 6))


def _affine(first: SliceGeometry, stack: _Stack) -> _Affine | None:
    """PS3.3 C.7.6.2.1.1: a column's index walks along the row, so that it takes the column spacing."""
    if first.spacing is None or stack.vector is None:
        return None
    row, column = _directions(first)
    axes = (row * first.spacing[1], column * first.spacing[0], stack.vector, _positions([first])[0])
    x, y, z = ((float(a), float(b), float(c), float(d)) for a, b, c, d in zip(*axes, strict=True))
    return x, y, z, (0.0, 0.0, 0.0, 1.0)


def _vector(normal: _Array | None) -> Vector | None:
    if normal is None:
        return None
    x, y, z = normal.tolist()
    return x, y, z


def _plane_problems(first: SliceGeometry) -> list[Problem]:
    row, column = _directions(first)
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    skew = max(abs(float(row @ column)), *(abs(float(length) - 1) for length in lengths))
    problems = []
    if skew > _TOLERANCE:
        problems.append(
            Problem(_ORIENTATION, "row and column direction are not unit vectors at right angles")
        )
    if first.spacing is None:
        problems.append(Problem(_SPACING, "pixel spacing missing"))
    return problems


def _count_problems(count: int, gaps: int, expected: int | None) -> list[Problem]:
    if expected is None or count == expected:
        return []
    if count > expected:
        return [Problem(_EXPECTED, f"{_counted(count, 'slice')}, though only {expected} were announced")]
    if expected - count > gaps:
        return [Problem(_EXPECTED, f"{expected - count} of {expected} announced slices are not here")]
    return []


def _summary(count: int, missing: int, stack: _Stack) -> str:
    """In words; slices that are only missing at the ends are still to come."""
    if stack.gaps:
        return f"incomplete: {missing} of {count + missing} missing"
    if missing:
        return f"{_counted(count, 'slice')} so far, {count + missing} expected"
    counted = _counted(count, "slice")
    return counted if stack.step is None else f"{counted}, {round(stack.step, 3):g} mm"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
