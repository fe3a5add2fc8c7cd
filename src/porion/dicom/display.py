"""Stored values to 8 bits for the eye: modality, VOI and presentation transformation (PS3.4 N.2).

A window that a file states is believed unless it hides the image: makers write windows of another
bit depth, and viewers that obey show a white sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from porion.dicom.greyscale import Window

if TYPE_CHECKING:
    from porion.dicom.greyscale import Greyscale, Lut

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

# Percentiles between which an image without a usable window is spread, and those that judge a window.
_LOW, _HIGH = 0.5, 99.5
# A window hides a radiograph when more of it is plain white, when it takes less of the grey levels, or when
# it is narrower than this share of the values: what is left is a silhouette.
_MOST_WHITE, _MOST_WHITE_OF_MANY = 0.5, 0.95
_FLATTEST = 1 / 12
_NARROWEST = 1 / 100
# A frame is judged by a sample: every n-th pixel.
_SAMPLE = 65_536


def displayed(stored: Array, grey: Greyscale, chosen: Window | None = None) -> Bytes:
    """Rows x columns of 0 (black) to 255 (white), or with three colours where there is a palette.

    ``chosen`` is what a person set; else the first VOI look-up table holds, then the first window,
    then what the values themselves suggest.
    """
    if grey.palette:
        return np.stack([_looked_up(stored, lut) for lut in grey.palette], axis=-1)
    values = _modality(stored, grey)
    outside = _outside(stored, grey)
    shown = _voi(values, values if outside is None else values[~outside], grey, chosen)
    if grey.inverted:
        shown = np.uint8(255) - shown
    if outside is not None:
        shown[outside] = 0
    return shown


def usable_window(values: Array, grey: Greyscale) -> Window:
    """The window for these values (behind the modality transformation): the file's, if it shows them."""
    sample = _sample(values)
    for window in grey.windows:
        if _shows(sample, window, grey):
            return window
    return fitting_window(sample)


def fitting_window(values: Array) -> Window:
    """A window that spreads the values themselves, but for the rarest at either end."""
    if not values.size:
        return Window(128.0, 256.0)
    low, high = (float(one) for one in np.percentile(_sample(values), (_LOW, _HIGH)))
    return Window((low + high) / 2, max(high - low, 1.0), "LINEAR_EXACT")


def windowed(values: Array, window: Window) -> Bytes:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3: LINEAR, LINEAR_EXACT or SIGMOID, to 0-255."""
    x = values.astype(np.float32)
    center, width = window.center, window.width
    if window.function == "SIGMOID":
        spread = 255 / (1 + np.exp(np.clip(-4 * (x - center) / width, -80, 80)))
    elif window.function == "LINEAR_EXACT":
        spread = ((x - center) / width + 0.5) * 255
    elif width <= 1:
        spread = np.where(x <= center - 0.5, np.float32(0), np.float32(255))
    else:
        spread = ((x - (center - 0.5)) / (width - 1) + 0.5) * 255
    found: Bytes = np.rint(np.clip(spread, 0, 255)).astype(np.uint8)
    return found


def _modality(stored: Array, grey: Greyscale) -> Array:
    if grey.lut:
        return _entries(stored, grey.lut)
    if (grey.slope, grey.intercept) == (1.0, 0.0):
        return stored
    return stored.astype(np.float32) * np.float32(grey.slope) + np.float32(grey.intercept)


def _outside(stored: Array, grey: Greyscale) -> npt.NDArray[np.bool_] | None:
    """Where there is no image (PS3.3 C.7.5.1.1.2)."""
    if grey.padding is None:
        return None
    found = (stored >= grey.padding[0]) & (stored <= grey.padding[1])
    return found if found.any() and not found.all() else None


def _voi(values: Array, inside: Array, grey: Greyscale, chosen: Window | None) -> Bytes:
    if chosen:
        return windowed(values, chosen)
    if grey.luts:
        return _looked_up(values, grey.luts[0])
    return windowed(values, usable_window(inside, grey))


def _shows(sample: Array, window: Window, grey: Greyscale) -> bool:
    """Whether a window leaves something to see; a slice of a volume may well have nothing."""
    if not sample.size or _lies_outside(window, grey):
        return not sample.size
    shown = windowed(sample, window)
    white = np.count_nonzero(shown == (0 if grey.inverted else 255)) / shown.size
    if grey.of_many:
        return bool(white <= _MOST_WHITE_OF_MANY)
    low, high = np.percentile(shown, (_LOW, _HIGH))
    least, most = np.percentile(sample, (_LOW, _HIGH))
    flat = sample.min() < sample.max() and high - low < 255 * _FLATTEST
    narrow = window.width < (most - least) * _NARROWEST
    return bool(white <= _MOST_WHITE and not flat and not narrow)


def _lies_outside(window: Window, grey: Greyscale) -> bool:
    """Whether it shows only values that no pixel can have."""
    if grey.possible is None:
        return False
    least, most = grey.possible
    return window.center + window.width / 2 < least or window.center - window.width / 2 > most


def _sample(values: Array) -> Array:
    flat = values.reshape(-1)
    return flat[:: max(1, flat.size // _SAMPLE)]


def _looked_up(values: Array, lut: Lut) -> Bytes:
    """A table's output, brought from its bits to eight."""
    return (_entries(values, lut) >> np.uint16(lut.bits - 8)).astype(np.uint8)


def _entries(values: Array, lut: Lut) -> Array:
    """PS3.3 C.11.1.1.1: what lies before the first entry takes the first, behind the last the last."""
    places = np.clip(values.astype(np.int64) - lut.first, 0, len(lut.entries) - 1)
    return lut.entries[places]
