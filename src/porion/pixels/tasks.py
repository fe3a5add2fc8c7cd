"""What a worker does: named tasks with plain arguments, answered by pieces of bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.uid import HTJ2KLossless

from porion.dicom.greyscale import Window
from porion.dicom.pixel_form import NoPixels
from porion.pixels.copies import write_copy
from porion.pixels.decode import opened
from porion.pixels.encode import encoded
from porion.pixels.enhance import enhanced
from porion.pixels.nifti import write_nifti
from porion.pixels.render import rendered
from porion.pixels.transcode import transcoded
from porion.services.pixel_ports import Rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from porion.pixels.decode import Stored

Arguments = dict[str, Any]


def perform(name: str, arguments: Arguments) -> Sequence[bytes]:
    """Do a task; NoPixels says why it cannot be done."""
    try:
        return list(TASKS[name](**arguments))
    except MemoryError:
        raise NoPixels("It takes more memory than a worker may have.") from None


def _coded(path: str, numbers: list[int]) -> Iterator[bytes]:
    """Frames as they are held."""
    with opened(Path(path)) as stored:
        for number in numbers:
            yield stored.coded(number)


def _encoded(path: str, numbers: list[int], transfer_syntax: str) -> Iterator[bytes]:
    """Frames in another transfer syntax."""
    with opened(Path(path)) as stored:
        for number in numbers:
            yield encoded(stored.frame(number), stored.form, transfer_syntax)


def _rendered(path: str, rendering: Arguments, window: list[Any] | None) -> Iterator[bytes]:
    """One picture."""
    wanted = Rendering(**rendering)
    with opened(Path(path)) as stored:
        yield rendered(stored, replace(wanted, window=Window(*window) if window else None))


def _transcoded(path: str, into: str, transfer_syntax: str) -> Iterator[bytes]:
    """A whole instance, written into a file; no pieces."""
    transcoded(Path(path), Path(into), transfer_syntax)
    yield from ()


def _copied(path: str, into: str) -> Iterator[bytes]:
    """All frames in HTJ2K, written into a file with the values that occur; no pieces."""
    with opened(Path(path)) as stored:
        numbers = range(1, stored.form.frames + 1)
        write_copy(Path(into), stored.form.frames, (_copy(stored, number) for number in numbers))
    yield from ()


def _enhanced(paths: list[str], into: str, step: float | None) -> Iterator[bytes]:
    """Slices as one instance, written into a file; no pieces."""
    enhanced([Path(path) for path in paths], Path(into), step)
    yield from ()


def _nifti(
    frames: list[tuple[str, int]],
    affine: list[list[float]],
    scale: tuple[float, float],
    note: str,
    into: str,
) -> Iterator[bytes]:
    """Frames as NIfTI, written into a file; no pieces."""
    found = [(Path(path), number) for path, number in frames]
    write_nifti(found, Path(into), affine, scale, note)
    yield from ()


def _copy(stored: Stored, number: int) -> tuple[bytes, int, int]:
    pixels = stored.frame(number)
    return encoded(pixels, stored.form, HTJ2KLossless), int(pixels.min()), int(pixels.max())


TASKS: Mapping[str, Callable[..., Iterator[bytes]]] = {
    "coded": _coded,
    "copied": _copied,
    "encoded": _encoded,
    "enhanced": _enhanced,
    "nifti": _nifti,
    "rendered": _rendered,
    "transcoded": _transcoded,
}
