"""Volumes in which every voxel tells where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from tests.builders import a_cbct_slice

ROWS, COLUMNS = 6, 9


def told_voxels(slices: int) -> npt.NDArray[np.uint16]:
    """Values 1000 s + 50 r + c for slice, row and column: no two alike, and no side like another."""
    s, r, c = np.meshgrid(np.arange(slices), np.arange(ROWS), np.arange(COLUMNS), indexing="ij")
    return np.asarray(1000 * s + 50 * r + c, dtype=np.uint16)


def told_series(slices: int = 5, **overrides: Any) -> list[Dataset]:
    """An oblique cone-beam series of them: pixels of 0.4 x 0.3 mm, slices 0.5 mm apart, all axes askew."""
    row, column = np.array([0.8, 0.6, 0.0]), np.array([-0.36, 0.48, 0.8])
    normal = np.cross(row, column)
    made = []
    for s, pixels in enumerate(told_voxels(slices)):
        corner = np.array([-10.0, 20.0, 30.0]) + 0.5 * s * normal
        attributes = {
            "Rows": ROWS,
            "Columns": COLUMNS,
            "BitsStored": 16,
            "HighBit": 15,
            "PixelSpacing": ["0.4", "0.3"],
            "SliceThickness": "0.5",
            "ImageOrientationPatient": [f"{value:g}" for value in (*row, *column)],
            "ImagePositionPatient": [f"{value:.6f}" for value in corner],
            "PatientPosition": "HFS",
            "PositionReferenceIndicator": "",
            "RescaleSlope": "2",
            "RescaleIntercept": "-1000",
            "RescaleType": "US",
            "StudyID": "S-1",
            "ReferringPhysicianName": "",
            "PixelData": pixels.tobytes(),
        }
        made.append(a_cbct_slice(s + 1, **{**attributes, **overrides}))
    return made


def place_of(made: Dataset, row: int, column: int) -> npt.NDArray[np.float64]:
    """Where a pixel of a slice lies in mm (PS3.3 C.7.6.2.1.1), in LPS."""
    position = np.array(made.ImagePositionPatient, dtype=np.float64)
    x, y = np.reshape(np.array(made.ImageOrientationPatient, dtype=np.float64), (2, 3))
    down, along = (float(value) for value in made.PixelSpacing)
    return np.asarray(position + x * along * column + y * down * row)
