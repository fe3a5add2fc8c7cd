"""Frames as pictures: JPEG and PNG of what people look at."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from porion.dicom.display import displayed
from porion.dicom.greyscale import greyscale
from porion.dicom.pixel_form import NoPixels

if TYPE_CHECKING:
    from porion.pixels.decode import Stored
    from porion.services.pixel_ports import Rendering

_MOST_ENLARGED = 4096
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def rendered(stored: Stored, wanted: Rendering) -> bytes:
    """A frame drawn: transformed, cut to its region, fitted into its box."""
    picture = _picture(stored, wanted)
    if wanted.region:
        picture = _cropped(picture, wanted.region)
    if wanted.size:
        picture = picture.resize(fitted(picture.size, wanted.size), Image.Resampling.LANCZOS)
    out = BytesIO()
    options = {"quality": wanted.quality} if wanted.picture == "image/jpeg" else {"compress_level": 3}
    picture.save(out, _FORMATS[wanted.picture], **options)
    return out.getvalue()


def fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the same shape within the box; at least one pixel, at most 4096."""
    width, height = size
    factor = min(
        min(box[0], _MOST_ENLARGED) / width,
        min(box[1], _MOST_ENLARGED) / height,
    )
    return max(1, round(width * factor)), max(1, round(height * factor))


def _picture(stored: Stored, wanted: Rendering) -> Image.Image:
    pixels = stored.frame(wanted.frame)
    if stored.form.samples == 3:
        deeper = max(0, stored.form.bits_stored - 8)
        return Image.fromarray((pixels >> deeper).astype(np.uint8))
    return Image.fromarray(displayed(pixels, greyscale(stored.header, wanted.frame), wanted.window))


def _cropped(picture: Image.Image, region: tuple[int, int, int, int]) -> Image.Image:
    left, top, width, height = region
    box = (max(0, left), max(0, top), min(picture.width, left + width), min(picture.height, top + height))
    if box[0] >= box[2] or box[1] >= box[3]:
        raise NoPixels(f"The region lies outside the frame of {picture.width} x {picture.height} pixels.")
    return picture.crop(box)
