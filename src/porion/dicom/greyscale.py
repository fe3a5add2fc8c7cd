"""What a header says of how stored values become what people look at (PS3.4 N.2, PS3.3 C.11.1 and C.11.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from porion.dicom.slices import is_volume_slice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from porion.dicom.elements import Elements, Header

Function = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
Entries = npt.NDArray[np.uint16]

_FUNCTIONS: dict[str, Function] = {"LINEAR_EXACT": "LINEAR_EXACT", "SIGMOID": "SIGMOID"}
_SHARED, _PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
_MOST_ENTRIES = 65_536
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
# Beyond what any pixel comes to.
_FARTHEST = 1e12


@dataclass(frozen=True, slots=True)
class Window:
    """A window of values behind the modality transformation (PS3.3 C.11.2.1.2); ``width`` is above 0."""

    center: float
    width: float
    function: Function = "LINEAR"


@dataclass(frozen=True, slots=True)
class Lut:
    """A look-up table (PS3.3 C.11.1.1): ``first`` is the value of its first entry, ``bits`` of its output."""

    first: int
    bits: int
    entries: Entries


@dataclass(frozen=True, slots=True)
class Greyscale:
    """How one frame is to be shown; ``inverted``: low values are bright.

    ``lut`` is the modality look-up table and stands instead of ``slope`` and ``intercept``. ``palette``
    holds red, green and blue. ``padding`` is the range of stored values that are no image. ``possible`` are
    the least and the greatest value that windows may speak of, None where a table makes them.
    ``of_many``: the frame is one of a volume or a film, of which some show nothing.
    """

    slope: float = 1.0
    intercept: float = 0.0
    lut: Lut | None = None
    windows: tuple[Window, ...] = ()
    luts: tuple[Lut, ...] = ()
    inverted: bool = False
    palette: tuple[Lut, Lut, Lut] | None = None
    padding: tuple[int, int] | None = None
    possible: tuple[float, float] | None = None
    of_many: bool = False


def greyscale(header: Header, frame: int = 1) -> Greyscale:
    """Read it for a frame (from 1): its functional group before the shared one before the data set."""
    places = list(_places(header, frame))
    photometric = header.text("PhotometricInterpretation") or ""
    slope, intercept = _rescale([*_within(places, "PixelValueTransformationSequence"), header.data_set])
    order = ">" if header.transfer_syntax == _BIG_ENDIAN else "<"
    lut = next(_luts(header.data_set, "ModalityLUTSequence", order), None)
    windowed = [*_within(places, "FrameVOILUTSequence"), header.data_set]
    return Greyscale(
        slope=slope,
        intercept=intercept,
        lut=lut,
        windows=next((found for place in windowed if (found := tuple(_windows(place)))), ()),
        luts=tuple(_luts(header.data_set, "VOILUTSequence", order)),
        inverted=photometric == "MONOCHROME1" or header.text("PresentationLUTShape") == "INVERSE",
        palette=_palette(header.data_set, order) if photometric == "PALETTE COLOR" else None,
        padding=_padding(header.data_set),
        possible=None if lut else _possible(header.data_set, slope, intercept),
        of_many=is_volume_slice(header) or (header.integer("NumberOfFrames") or 1) > 1,
    )


def _possible(place: Elements, slope: float, intercept: float) -> tuple[float, float] | None:
    bits = place.integer("BitsStored") or 0
    if not 0 < bits <= 32:
        return None
    least = -(1 << bits - 1) if place.integer("PixelRepresentation") == 1 else 0
    ends = (least * slope + intercept, (least + (1 << bits) - 1) * slope + intercept)
    return min(ends), max(ends)


def _places(header: Header, frame: int) -> Iterator[Elements]:
    yield from header.items_of(_PER_FRAME)[frame - 1 : frame]
    yield from header.items_of(_SHARED)[:1]


def _within(places: list[Elements], sequence: str) -> Iterator[Elements]:
    for place in places:
        yield from place.items_of(sequence)[:1]


def _rescale(places: list[Elements]) -> tuple[float, float]:
    """Slope and intercept of the nearest place that states a usable slope."""
    for place in places:
        slope, intercept = _sound(place.number("RescaleSlope")), _sound(place.number("RescaleIntercept"))
        if slope:
            return slope, intercept or 0.0
    return 1.0, 0.0


def _sound(number: Decimal | None) -> float | None:
    """A number that arithmetic and JSON can take, or None."""
    found = None if number is None else float(number)
    return found if found is not None and abs(found) < _FARTHEST else None


def _windows(place: Elements) -> Iterator[Window]:
    """PS3.3 C.11.2.1.2: a linear window is at least 1 wide, the others wider than 0."""
    function = _FUNCTIONS.get(place.text("VOILUTFunction") or "", "LINEAR")
    least = 1.0 if function == "LINEAR" else 1e-9
    centers, widths = place.numbers("WindowCenter"), place.numbers("WindowWidth")
    for center, width in zip(map(_sound, centers), map(_sound, widths), strict=False):
        if center is not None and width is not None and width >= least:
            yield Window(center, width, function)


def _luts(place: Elements, sequence: str, order: str) -> Iterator[Lut]:
    for item in place.items_of(sequence):
        found = _lut(item, "LUTDescriptor", "LUTData", order)
        if found:
            yield found


def _palette(place: Elements, order: str) -> tuple[Lut, Lut, Lut] | None:
    """PS3.3 C.7.6.3.1.5 and .6; segmented palettes (C.7.9.2) are not read."""
    colours = [
        _lut(place, f"{table}Descriptor", f"{table}Data", order)
        for table in (f"{colour}PaletteColorLookupTable" for colour in ("Red", "Green", "Blue"))
    ]
    match colours:
        case (Lut() as red, Lut() as green, Lut() as blue):
            return red, green, blue
    return None


def _lut(place: Elements, descriptor: str, data: str, order: str) -> Lut | None:
    """A table whose descriptor fits its data; 0 entries are 65,536 (PS3.3 C.11.1.1.1)."""
    said = [int(number) for number in map(_sound, place.numbers(descriptor)) if number is not None]
    held = place.element(data)
    if len(said) != 3 or held is None or not held.values:
        return None
    count = said[0] % _MOST_ENTRIES or _MOST_ENTRIES
    entries = _entries(held.values, count, order)
    return Lut(said[1], min(16, max(8, said[2])), entries[:count]) if len(entries) >= count else None


def _entries(values: tuple[object, ...], count: int, order: str) -> Entries:
    """Numbers as they are; bytes as a word for each entry, or as a byte where there are not enough."""
    raw = values[0]
    if not isinstance(raw, bytes):
        return np.array([value & 0xFFFF for value in values if isinstance(value, int)], dtype=np.uint16)
    if len(raw) >= 2 * count:
        return np.frombuffer(raw[: 2 * count], dtype=f"{order}u2").astype(np.uint16)
    bytes_of_words = np.frombuffer(raw, dtype=np.uint8)
    if order == ">" and len(raw) % 2 == 0:
        bytes_of_words = bytes_of_words.reshape(-1, 2)[:, ::-1].reshape(-1)
    return bytes_of_words.astype(np.uint16)


def _padding(place: Elements) -> tuple[int, int] | None:
    """PS3.3 C.7.5.1.1.2."""
    value, limit = place.integer("PixelPaddingValue"), place.integer("PixelPaddingRangeLimit")
    if value is None:
        return None
    other = value if limit is None else limit
    return min(value, other), max(value, other)
