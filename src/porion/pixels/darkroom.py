"""The port of pixels: what can be cut out of a file is cut here, all else is developed by workers."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from porion.dicom.pixel_form import NoPixels, PixelForm
from porion.pixels.copies import BrokenCopy, CopyHead, read_frame, read_head
from porion.pixels.cut import can_be_cut, cut, form_of
from porion.services.errors import NotFound, NotOffered, StorageFailed, Unshowable
from porion.services.pixel_ports import Frame, Grid, Held, Rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from porion.services.pixel_ports import Derived

NATIVE = "1.2.840.10008.1.2.1"
# HTJ2K, native, JPEG-LS, JPEG 2000: the quickest to decode first.
HTJ2K = "1.2.840.10008.1.2.4.201"
OFFERED = (HTJ2K, NATIVE, "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90")

THUMBNAIL = 256
# Kinds of derived files.
_COPY, _THUMBNAIL = "htj2k", "jpg"
# Seconds that a worker may take over frames, a picture or a small instance, and over more decoded bytes.
_A_MOMENT, _A_WHILE = 20.0, 300.0
_SMALL = 64 << 20
# A worker hands over so many decoded bytes at a time, then somebody else has a turn.
_AT_A_TIME = 16 << 20


class Work(Protocol):
    """Whoever performs the tasks of ``tasks.py`` within limits."""

    def __call__(self, task: str, arguments: dict[str, Any], seconds: float) -> Sequence[bytes]:
        """The task's pieces; Unshowable when it cannot be done."""


class Darkroom:
    """See :class:`porion.services.pixel_ports.Pixels`.

    ``path`` says where an archived instance lies, ``scratch`` gives a name for a file under way, which is
    gone when its context ends, ``derived`` keeps what was made in advance.
    """

    def __init__(
        self,
        work: Work,
        path: Callable[[str, str], Path],
        scratch: Callable[[], AbstractContextManager[Path]],
        derived: Derived,
    ) -> None:
        self._work = work
        self._path = path
        self._scratch = scratch
        self._derived = derived

    def frames(
        self, held: Held, numbers: Sequence[int], transfer_syntax: str | None = None
    ) -> Iterator[Frame]:
        """Frames in this order."""
        path, form = self._found(held)
        for number in numbers:
            _must_have(form, number)
        if transfer_syntax in (None, form.transfer_syntax) and form.encapsulated:
            return self._asked(path, form, numbers, ("coded", form.transfer_syntax))
        wanted = transfer_syntax or NATIVE
        _must_offer(wanted)
        if wanted == NATIVE and can_be_cut(form):
            return _cut(held, path, form, numbers)
        copy = self._copy_of(held, form) if wanted == HTJ2K else None
        if copy:
            return self._copied(copy, (path, form), numbers)
        return self._asked(path, form, numbers, ("encoded", wanted))

    def rendered(self, held: Held, rendering: Rendering) -> bytes:
        """A frame as people look at it."""
        path, form = self._found(held)
        _must_have(form, rendering.frame)
        window = rendering.window
        arguments = {
            "path": str(path),
            "rendering": asdict(replace(rendering, window=None)),
            "window": [window.center, window.width, window.function] if window else None,
        }
        return self._work("rendered", arguments, _A_MOMENT)[0]

    def thumbnail(self, held: Held, frame: int | None = None) -> bytes:
        """A small JPEG."""
        _, form = self._found(held)
        made = self._derived.find(held, _THUMBNAIL) if frame is None else None
        if made:
            with suppress(FileNotFoundError):
                return made.read_bytes()
        number = (form.frames + 1) // 2 if frame is None else frame
        return self.rendered(held, Rendering(number, size=(THUMBNAIL, THUMBNAIL), quality=80))

    @contextmanager
    def file(self, held: Held, transfer_syntax: str) -> Iterator[BinaryIO]:
        """The whole instance in another transfer syntax."""
        path, form = self._found(held)
        _must_offer(transfer_syntax)
        with self._scratch() as into:
            arguments = {"path": str(path), "into": str(into), "transfer_syntax": transfer_syntax}
            self._work("transcoded", arguments, _time_for(form))
            with into.open("rb") as file:
                yield file

    def enhanced(self, held: Sequence[Held], step: float | None) -> BinaryIO:
        """CT slices as one instance."""
        paths = [str(self._found(one)[0]) for one in held]
        return self._written("enhanced", {"paths": paths, "step": step})

    def nifti(self, frames: Sequence[tuple[Held, int]], grid: Grid) -> BinaryIO:
        """Frames as NIfTI."""
        found = [(str(self._found(held)[0]), number) for held, number in frames]
        scale = (grid.slope, grid.intercept)
        return self._written(
            "nifti", {"frames": found, "affine": grid.affine, "scale": scale, "note": grid.note}
        )

    def prepare(self, held: Held, *, frames: bool, thumbnail: bool) -> bool:
        """Make the copy of the frames and the thumbnail, unless they are there; whether any was made."""
        path, form = self._found(held)
        copy = frames and form.transfer_syntax != HTJ2K and self._copy_of(held, form) is None
        if copy:
            with self._derived.making(held, _COPY) as into:
                self._work("copied", {"path": str(path), "into": str(into)}, _time_for(form))
        picture = thumbnail and self._derived.find(held, _THUMBNAIL) is None
        if picture:
            with self._derived.making(held, _THUMBNAIL) as into:
                into.write_bytes(self.thumbnail(held))
        return copy or picture

    def _written(self, task: str, arguments: dict[str, Any]) -> BinaryIO:
        """What a worker writes; its file has no name any more when this returns, and goes with its handle."""
        with self._scratch() as into:
            self._work(task, {**arguments, "into": str(into)}, _A_WHILE)
            return into.open("rb")

    def values(self, held: Sequence[Held]) -> tuple[int, int] | None:
        """The least and greatest stored value of instances that are all prepared."""
        heads = [self._head_of(one) for one in held]
        known = [head for head in heads if head]
        if not known or len(known) < len(heads):
            return None
        return min(head.least for head in known), max(head.most for head in known)

    def progress(self, clinic_id: str) -> str:
        """The instance up to which a clinic's are prepared."""
        return self._derived.mark(clinic_id)

    def note_progress(self, clinic_id: str, instance_id: str) -> None:
        """Instances up to this one are prepared."""
        self._derived.set_mark(clinic_id, instance_id)

    def offered(self) -> Sequence[str]:
        """The transfer syntaxes."""
        return OFFERED

    def _found(self, held: Held) -> tuple[Path, PixelForm]:
        path = self._path(held.clinic_id, held.digest)
        with _told(held):
            return path, form_of(path)

    def _head_of(self, held: Held) -> CopyHead | None:
        made = self._derived.find(held, _COPY)
        if made is None:
            return None
        try:
            return read_head(made)
        except (BrokenCopy, FileNotFoundError):
            self._derived.forget(held, _COPY)
            return None

    def _copy_of(self, held: Held, form: PixelForm) -> Path | None:
        """The copy of an instance's frames, if it is there and holds them all."""
        head = self._head_of(held)
        return self._derived.find(held, _COPY) if head and head.frames == form.frames else None

    def _copied(self, copy: Path, found: tuple[Path, PixelForm], numbers: Sequence[int]) -> Iterator[Frame]:
        """Frames out of a copy; it may be deleted while it is read."""
        path, form = found
        for index, number in enumerate(numbers):
            try:
                code = read_frame(copy, number, form.frames)
            except (BrokenCopy, FileNotFoundError):
                yield from self._asked(path, form, numbers[index:], ("encoded", HTJ2K))
                return
            yield Frame(number, HTJ2K, code)

    def _asked(
        self, path: Path, form: PixelForm, numbers: Sequence[int], how: tuple[str, str]
    ) -> Iterator[Frame]:
        """Frames from workers, a few at a time."""
        task, transfer_syntax = how
        more = {} if task == "coded" else {"transfer_syntax": transfer_syntax}
        share = max(1, _AT_A_TIME // max(1, form.decoded_bytes))
        for first in range(0, len(numbers), share):
            some = list(numbers[first : first + share])
            pieces = self._work(task, {"path": str(path), "numbers": some, **more}, _A_MOMENT)
            for number, piece in zip(some, pieces, strict=True):
                yield Frame(number, transfer_syntax, piece)


def _time_for(form: PixelForm) -> float:
    return _A_MOMENT if form.decoded_bytes * form.frames <= _SMALL else _A_WHILE


def _cut(held: Held, path: Path, form: PixelForm, numbers: Sequence[int]) -> Iterator[Frame]:
    for number in numbers:
        with _told(held):
            data = cut(path, form, number)
        yield Frame(number, NATIVE, data)


@contextmanager
def _told(held: Held) -> Iterator[None]:
    """What is wrong with an archived file, in Porion's errors."""
    name = f"{held.digest[:12]}…"
    try:
        yield
    except NoPixels as error:
        raise Unshowable(str(error)) from error
    except FileNotFoundError:
        raise NotFound(
            f"The archive has lost the file {name}: restore it from a backup, or import it again."
        ) from None
    except OSError as error:
        raise StorageFailed(f"The archive cannot read {name}: {error.strerror or error}.") from error


def _must_have(form: PixelForm, number: int) -> None:
    if not 0 < number <= form.frames:
        raise NotFound(f"There is no frame {number}: the instance has {form.frames}.")


def _must_offer(transfer_syntax: str) -> None:
    if transfer_syntax not in OFFERED:
        raise NotOffered(f"Pixels are not transcoded into {transfer_syntax}: ask for {', '.join(OFFERED)}.")
