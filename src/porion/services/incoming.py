"""What a door found when it looked for images: something to receive, or a reason in words why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that is, or may be, DICOM.

    ``path`` is a label to show to people (``study.zip!a/b.dcm``), never a path to open. ``size`` is in
    bytes. ``open`` gives a new, seekable stream from the first byte each time, and works only until the
    next thing is asked of the generator that found it; it raises OSError when the file has gone.
    """

    path: str
    size: int | None
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not to be received: not DICOM, a damaged member, a link; ``reason`` says which."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be looked through, or only in part; ``reason`` says why and what to do."""

    path: str
    reason: str


Found = Incoming | Skipped | Refused
