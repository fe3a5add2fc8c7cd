"""A volume as NIfTI-1: its header by nibabel, its frames written one behind the other as they are decoded.

NIfTI counts from right to left and from back to front (RAS), DICOM the other way round (LPS): the first
two lines of the affine change their signs, the voxels stay where they are.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
from nibabel.nifti1 import Nifti1Header

from porion.dicom.pixel_form import NoPixels
from porion.pixels.decode import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from porion.pixels.decode import Pixels

_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
# Behind the header (348 bytes) stand four that say that there are no extensions; nibabel writes them too.
_OFFSET = 352
# Noise does not pack well, and the fastest level packs it nearly as well.
_LEVEL = 1
_LONGEST = 79


def write_nifti(
    frames: Sequence[tuple[Path, int]],
    into: Path,
    affine: Sequence[Sequence[float]],
    scale: tuple[float, float],
    note: str,
) -> None:
    """Write frames (file and number from 1) in the order of the affine's third index, gzipped.

    ``affine`` takes (column, row, slice) to mm in LPS; ``scale`` is slope and intercept of the stored
    values, which are written as they are. ``note`` goes into the header. NoPixels when frames differ.
    """
    pixels = _decoded(frames)
    first = next(pixels)
    header = _header(first, len(frames), affine, scale, note)
    with into.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
        header.write_to(file)
        file.write(_bytes(first))
        for one in pixels:
            if (one.shape, one.dtype) != (first.shape, first.dtype):
                raise NoPixels("The frames differ in size or depth: they are no grid.")
            file.write(_bytes(one))


def _decoded(frames: Sequence[tuple[Path, int]]) -> Iterator[Pixels]:
    for path, number in frames:
        with opened(path) as stored:
            if stored.form.samples != 1:
                raise NoPixels("Colour is not exported as NIfTI.")
            yield stored.frame(number)


def _bytes(pixels: Pixels) -> bytes:
    """NIfTI's first index runs fastest: that of the columns, as in a frame."""
    return pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()


def _header(
    first: Pixels,
    slices: int,
    affine: Sequence[Sequence[float]],
    scale: tuple[float, float],
    note: str,
) -> Any:
    # nibabel's headers are not typed.
    make: Any = Nifti1Header
    header = make(endianness="<")
    header.set_data_dtype(first.dtype.newbyteorder("<"))
    header.set_data_shape((first.shape[1], first.shape[0], slices))
    placed = _LPS_TO_RAS @ np.array(affine, dtype=np.float64)
    header.set_sform(placed, code="scanner")
    if _is_square(placed):
        header.set_qform(placed, code="scanner")
    header.set_xyzt_units("mm")
    header.set_slope_inter(*scale)
    header["vox_offset"] = _OFFSET
    header["magic"] = b"n+1"
    header["descrip"] = note.encode("ascii", "replace")[:_LONGEST]
    return header


def _is_square(affine: Any) -> bool:
    """Whether the axes are at right angles, which a quaternion needs; tilted slices have the affine alone."""
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return bool(np.allclose(axes.T @ axes, np.eye(3), atol=1e-4))
