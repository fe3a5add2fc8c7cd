"""How an instance's pixels are laid out (PS3.3 C.7.6.3), checked before a byte of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.limits import DEFAULT_LIMITS
from porion.dicom.problems import shown
from porion.dicom.syntax import DEFLATED

if TYPE_CHECKING:
    from porion.dicom.elements import Header

# Beyond these the Basic Offset Table alone would be larger than any image.
MOST_FRAMES = 65_536
_MOST_SIDE = 65_535
_BITS = (1, 8, 16, 32)
# PS3.3 C.7.6.3.1.2: two pixels share a pair of chrominances, so that two samples are stored for each.
_SHARED_CHROMINANCE = "YBR_FULL_422"


class NoPixels(Exception):
    """The instance has no pixels that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class PixelForm:
    """Where pixel data lies and how it is to be read; every number is plausible and bounded.

    ``offset`` and ``length`` are in the file (for a deflated one in the inflated data set); ``length``
    is None when the fragments do not end. ``bits_allocated`` is 1, 8, 16 or 32. ``shift``: so many bits lie
    below the stored ones in native pixels, which old writers did (High Bit, PS3.5 section 8.1.1).
    """

    transfer_syntax: str
    offset: int
    length: int | None
    encapsulated: bool
    rows: int
    columns: int
    samples: int
    frames: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    planar: int
    photometric: str
    shift: int = 0

    @property
    def deflated(self) -> bool:
        """Whether the file has to be inflated first."""
        return self.transfer_syntax in DEFLATED

    @property
    def frame_samples(self) -> int:
        """How many samples a decoded frame has."""
        return self.rows * self.columns * self.samples

    @property
    def decoded_bytes(self) -> int:
        """How many bytes a decoded frame has in memory."""
        return self.frame_samples * max(1, self.bits_allocated // 8)

    @property
    def native_bits(self) -> int:
        """How many bits a frame has in native pixel data (PS3.5 section 8.1.1)."""
        stored = self.frame_samples * self.bits_allocated
        return stored // 3 * 2 if self.photometric == _SHARED_CHROMINANCE else stored


def pixel_form(header: Header, most_samples: int = DEFAULT_LIMITS.frame_samples) -> PixelForm:
    """Read it from a header; NoPixels when there are none or their description makes no sense.

    What writers forget is assumed: grey or RGB by the number of samples, unsigned, all bits stored.
    """
    found = header.pixel_data
    if found is None:
        raise NoPixels("It has no pixel data.")
    if header.data_set.element("FloatPixelData") or header.data_set.element("DoubleFloatPixelData"):
        raise NoPixels("Its pixels are floating point numbers, which are not shown.")
    allocated = _one_of(header, "BitsAllocated", _BITS)
    samples = _one_of(header, "SamplesPerPixel", (1, 3), 1)
    form = PixelForm(
        transfer_syntax=header.transfer_syntax,
        offset=found.offset,
        length=found.length,
        encapsulated=found.encapsulated,
        rows=_within(header, "Rows", _MOST_SIDE),
        columns=_within(header, "Columns", _MOST_SIDE),
        samples=samples,
        frames=_within(header, "NumberOfFrames", MOST_FRAMES, 1),
        bits_allocated=allocated,
        bits_stored=_bits_stored(header, allocated),
        signed=header.integer("PixelRepresentation") == 1,
        planar=1 if header.integer("PlanarConfiguration") == 1 else 0,
        photometric=header.text("PhotometricInterpretation") or ("RGB" if samples > 1 else "MONOCHROME2"),
        shift=0 if found.encapsulated else _shift(header, allocated),
    )
    if form.frame_samples > most_samples:
        size = f"{form.rows} x {form.columns} x {form.samples}"
        raise NoPixels(f"A frame of {size} samples is declared, more than the {most_samples} that are read.")
    return form


def _within(header: Header, keyword: str, most: int, missing: int = 0) -> int:
    value = header.integer(keyword)
    value = missing if value is None else value
    if not 0 < value <= most:
        raise NoPixels(f"{keyword} is {shown(value)}, not a number from 1 to {most}.")
    return value


def _one_of(header: Header, keyword: str, choices: tuple[int, ...], missing: int = 0) -> int:
    value = header.integer(keyword)
    value = missing if value is None else value
    if value not in choices:
        raise NoPixels(f"{keyword} is {shown(value)}, not one of {', '.join(map(str, choices))}.")
    return value


def _bits_stored(header: Header, allocated: int) -> int:
    stored = header.integer("BitsStored")
    return stored if stored is not None and 0 < stored <= allocated else allocated


def _shift(header: Header, allocated: int) -> int:
    high, stored = header.integer("HighBit"), _bits_stored(header, allocated)
    return high + 1 - stored if high is not None and stored <= high < allocated else 0
