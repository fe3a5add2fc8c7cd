"""What reading one file may cost at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before anything is allocated.

    ``depth`` counts sequences within sequences, ``elements`` every element and item, ``values`` the
    single values of multi-valued elements (and the escapes in text), ``fragments`` those of
    encapsulated pixel data. ``bulk`` is the longest value that is kept and ``kept`` all of them
    together, ``inflated`` the longest part of a deflated data set that is unpacked (all in bytes),
    ``frame_samples`` the most samples that a frame may declare.
    """

    depth: int = 32
    elements: int = 50_000
    values: int = 200_000
    fragments: int = 500_000
    bulk: int = 65_536
    kept: int = 16 << 20
    inflated: int = 64 << 20
    frame_samples: int = 1 << 31
    problems: int = 200


DEFAULT_LIMITS = Limits()
