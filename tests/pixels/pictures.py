"""X-rays with pixels that a test can predict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from porion.services.pixel_ports import Held
from tests.builders import a_panoramic, file_bytes
from tests.world import World

Pixels = npt.NDArray[Any]


def ramp(rows: int = 24, columns: int = 40, most: int = 4095) -> Pixels:
    """Values that rise from 0 to ``most``, row by row."""
    values = np.linspace(0, most, rows * columns)
    return values.reshape(rows, columns).astype(np.uint8 if most < 256 else np.uint16)


def drawn(pixels: Pixels, n: int = 1, **overrides: Any) -> Dataset:
    """A panoramic of these pixels: (frames x) rows x columns (x 3)."""
    colour = pixels.shape[-1] == 3 and pixels.ndim > 2
    rows, columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    bits = pixels.dtype.itemsize * 8
    stored = overrides.get("BitsStored", bits)
    attributes: dict[str, Any] = {
        "Rows": rows,
        "Columns": columns,
        "SamplesPerPixel": 3 if colour else 1,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "PlanarConfiguration": 0 if colour else None,
        "BitsAllocated": bits,
        "BitsStored": stored,
        "HighBit": stored - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        "NumberOfFrames": len(pixels) if pixels.ndim > (3 if colour else 2) else None,
        "PixelData": b"",
    }
    made = a_panoramic(n, **{**attributes, **overrides})
    data = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    made.add_new(0x7FE00010, "OW", data + b"\0" * (len(data) % 2))
    return made


def kept(world: World, made: Dataset | bytes) -> Held:
    """An imported instance, as the port of pixels names it."""
    (outcome,) = world.bring(made)
    with world.porion.store.read(world.clinic_id) as tx:
        uid = str(outcome.sop_instance_uid)
        return Held(world.clinic_id, tx.imaging.instances_by_uid([uid])[uid][0].digest)


def written(directory: Path, made: Dataset, **how: Any) -> Path:
    """A file of it, under a name that no other had: what is known of a file is kept by its name."""
    path = directory / f"{len(list(directory.iterdir()))}.dcm"
    path.write_bytes(file_bytes(made, **how))
    return path
