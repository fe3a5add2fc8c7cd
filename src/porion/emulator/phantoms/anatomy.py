"""What differs from head to head: size, jaws, which teeth have come, how crowded, how treated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_UPPER_COMES = (7.2, 8.3, 11.3, 10.3, 11.2, 6.3, 12.3, 18.5)
_LOWER_COMES = (6.3, 7.4, 10.3, 10.4, 11.3, 6.1, 11.8, 18.5)
_MILK_GOES = (10.6, 10.5, 11.0)
# A root is finished about three years after its crown has come through.
_ROOT_TAKES = 5.5
_CROWN_SHOWS = 6.5


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One head. ``size`` is a share of a grown-up's, ``chin`` lies so many mm ahead of the average.

    ``angle`` is how much steeper than the average the lower jaw is, ``crowding`` how uneven its teeth are.
    """

    seed: int
    age: float
    size: float
    chin: float
    angle: float
    crowding: float
    braces: bool
    fillings: int
    wisdom: bool


@dataclass(frozen=True, slots=True)
class Tooth:
    """One tooth of a dentition: ``form`` names its kind, ``side`` is -1 for the patient's right.

    ``risen`` is how far it has come: 1 stands in its row, 0 lies deep in the jaw. ``grown`` is its root.
    """

    form: str
    side: int
    upper: bool
    place: int
    risen: float
    grown: float
    milk: bool = False


def anatomy(seed: int, age: float) -> Anatomy:
    """The head of one person: the same seed and age give the same head."""
    rng = np.random.default_rng([seed, 1])
    return Anatomy(
        seed=seed,
        age=age,
        size=float(np.interp(age, (6, 10, 14, 18), (0.86, 0.91, 0.97, 1.0)) + rng.normal(0, 0.012)),
        chin=float(np.clip(rng.normal(0, 3.0), -6, 6)),
        angle=float(np.clip(rng.normal(0, 3.0), -6, 6)),
        crowding=float(abs(rng.normal(0, 1.0))),
        braces=bool(11.5 < age < 20 and rng.random() < 0.4),
        fillings=int(rng.integers(1, 6)) if age > 20 else int(rng.random() < 0.2),
        wisdom=bool(rng.random() < 0.75),
    )


def dentition(head: Anatomy) -> list[Tooth]:
    """The teeth at that age, those that have not come yet first: what lies deeper is drawn first."""
    rng = np.random.default_rng([head.seed, 2])
    teeth = [
        tooth for upper in (True, False) for side in (-1, 1) for tooth in _quadrant(head, upper, side, rng)
    ]
    return sorted(teeth, key=lambda tooth: (tooth.risen, tooth.milk))


def _quadrant(head: Anatomy, upper: bool, side: int, rng: np.random.Generator) -> list[Tooth]:
    jaw, comes = ("U", _UPPER_COMES) if upper else ("L", _LOWER_COMES)
    found = []
    for place, due in enumerate(comes, 1):
        due_here = due + rng.normal(0, 0.4)
        if place == 8 and not head.wisdom:
            continue
        if head.age < due_here - (_CROWN_SHOWS if place < 8 else 7.0):
            continue
        risen = float(np.clip((head.age - due_here + 1.6) / 2.0, 0, 1))
        grown = float(np.clip((head.age - due_here + 2.6) / _ROOT_TAKES, 0, 1))
        found.append(Tooth(f"{jaw}{place}", side, upper, place, risen, grown))
    for place, goes in zip((3, 4, 5), _MILK_GOES, strict=True):
        if head.age < goes + rng.normal(0, 0.4):
            left = float(np.clip((goes - head.age) / 3.0, 0.3, 1))
            found.append(
                Tooth(f"{jaw}{'c' if place == 3 else 'm'}", side, upper, place, 1.0, left, milk=True)
            )
    return found
