"""What the services need of pixels: frames, pictures and files made from what the archive holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from porion.dicom.greyscale import Window
    from porion.dicom.places import Affine

ORIGINAL = None
"""As a transfer syntax: the one that the pixels are held in."""

Picture = Literal["image/jpeg", "image/png"]


@dataclass(frozen=True, slots=True)
class Held:
    """An instance that the archive holds: whose, and the digest of its data set."""

    clinic_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame's pixels in a transfer syntax, without padding or offset tables around them."""

    number: int
    transfer_syntax: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a frame is to be drawn; sizes are in pixels.

    ``size`` (width, height) is the box that the picture has to fit into, never enlarged beyond
    ``enlarged`` pixels of its own. ``region`` is (left, top, width, height) in the frame and comes first.
    ``window`` stands instead of what the header states.
    """

    frame: int = 1
    picture: Picture = "image/jpeg"
    window: Window | None = None
    size: tuple[int, int] | None = None
    region: tuple[int, int, int, int] | None = None
    quality: int = 90


@dataclass(frozen=True, slots=True)
class Grid:
    """Where voxels lie and what their values are; ``note`` is for people.

    ``affine`` takes (column, row, slice, 1) to mm in the patient's system (LPS).
    """

    affine: Affine
    slope: float
    intercept: float
    note: str


class Pixels(Protocol):
    """Pixels of archived instances, decoded where a hostile file can harm nobody.

    NotFound for an instance that is not archived or a frame that it does not have, Unshowable for
    pixels that cannot be decoded within the limits, NotOffered for a form that is not made, Busy when
    too much is asked at once.
    """

    def frames(
        self, held: Held, numbers: Sequence[int], transfer_syntax: str | None = ORIGINAL
    ) -> Iterator[Frame]:
        """The frames of these numbers (from 1) in this order; what is missing fails before the first.

        Native pixels come as explicit VR little endian whatever they were held in. Where a transfer
        syntax was asked for that the pixels are not held in, colour comes as RGB, colour by pixel.
        """

    def rendered(self, held: Held, rendering: Rendering) -> bytes:
        """A frame as people look at it (PS3.4 N.2): modality and VOI transformation, window, palette."""

    def thumbnail(self, held: Held, frame: int | None = None) -> bytes:
        """A JPEG of at most 256 pixels a side; of the frame in the middle unless one is named."""

    def file(self, held: Held, transfer_syntax: str) -> AbstractContextManager[BinaryIO]:
        """The whole instance as a DICOM file (PS3.10) in another transfer syntax, without loss."""

    def enhanced(self, held: Sequence[Held], step: float | None) -> BinaryIO:
        """CT slices ``step`` mm apart as one Legacy Converted Enhanced CT, for the caller to close."""

    def nifti(self, frames: Sequence[tuple[Held, int]], grid: Grid) -> BinaryIO:
        """Frames in the order of the grid's slices as gzipped NIfTI-1, for the caller to close."""

    def prepare(self, held: Held, *, frames: bool, thumbnail: bool) -> bool:
        """Make what will be asked for, unless it is there: an HTJ2K copy of the frames, the thumbnail.

        Answers whether anything was made. OutOfSpace when the disk is to be left to what comes in.
        """

    def values(self, held: Sequence[Held]) -> tuple[int, int] | None:
        """The least and greatest stored value of instances that are all prepared, otherwise None."""

    def progress(self, clinic_id: str) -> str:
        """The identifier of the instance up to which a clinic's are prepared; empty for none."""

    def note_progress(self, clinic_id: str, instance_id: str) -> None:
        """Instances up to this one are prepared."""

    def offered(self) -> Sequence[str]:
        """The transfer syntaxes into which pixels are transcoded, the quickest to decode first."""


class Derived(Protocol):
    """Files that can be made again at any time, each of one kind and of one instance."""

    def find(self, held: Held, kind: str) -> Path | None:
        """The file, if it is there."""

    def making(self, held: Held, kind: str) -> AbstractContextManager[Path]:
        """A file to write, which gets its place when the block ends well.

        OutOfSpace when nothing more is to be made, OutOfSpace or StorageFailed when the disk refuses.
        """

    def forget(self, held: Held, kind: str) -> None:
        """Delete a file that is not what it should be."""

    def mark(self, clinic_id: str) -> str:
        """The identifier of the instance up to which a clinic's files were made; empty for none."""

    def set_mark(self, clinic_id: str, instance_id: str) -> None:
        """Go on behind that instance from now on."""
