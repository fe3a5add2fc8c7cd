"""Fetch instances, their frames, pictures and metadata as DICOM viewers do (PS3.18 section 10.4, WADO-RS)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import NotFound, NotOffered, Unshowable, must
from porion.services.pixel_ports import Held
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from porion.services.pixel_ports import Frame, Rendering
    from porion.services.ports import Porion
    from porion.services.search_rows import HeldInstance

ANY = "*"
"""As a transfer syntax: the one that an instance is held in (PS3.18 section 8.7.3.5.2)."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: a study, one of its series, or one of that one's instances, by UID."""

    study: str
    series: str | None = None
    instance: str | None = None


def held_at(porion: Porion, actor: Actor, place: Place) -> Sequence[HeldInstance]:
    """The instances there, by series and Instance Number; NotFound when there are none.

    One link tells of it, and of what else the same person fetches from there in the next ten minutes.
    """
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.search.held(place.study, place.series, place.instance)
    if not found:
        raise NotFound("There is no such study, series or instance in this clinic.")
    on = ("series", place.series) if place.series else ("study", place.study)
    show(porion, actor, "images retrieved", on, {"study": place.study}, lasting=True)
    return found


@dataclass(frozen=True, slots=True)
class File:
    """An instance as a file in a transfer syntax."""

    held: HeldInstance
    transfer_syntax: str


def files_at(porion: Porion, actor: Actor, place: Place, syntaxes: Sequence[str]) -> Sequence[File]:
    """The instances there, each in the first of these transfer syntaxes that it can be had in.

    NotOffered when one of them can be had in none. Objects without pixels are had as they are held.
    """
    found = held_at(porion, actor, place)
    offered = porion.pixels.offered()
    return [File(held, chosen_syntax(held, syntaxes, offered)) for held in found]


def chosen_syntax(held: HeldInstance, syntaxes: Sequence[str], offered: Sequence[str]) -> str:
    """The first of these transfer syntaxes that the instance is held in or can be brought into."""
    own = held.instance.transfer_syntax
    for syntax in syntaxes:
        if syntax in (ANY, own):
            return own
        if syntax in offered:
            return syntax
    raise NotOffered(f"The instance is held in {own}; it can be had in that, or in {', '.join(offered)}.")


def open_kept(porion: Porion, actor: Actor, file: File) -> BinaryIO:
    """The archived file as it is held, for the caller to close."""
    must(actor, Action.SEE_IMAGES)
    return porion.archive.open(actor.clinic_id, file.held.instance.digest)


@contextmanager
def opened(porion: Porion, actor: Actor, file: File) -> Iterator[tuple[str, BinaryIO]]:
    """The file's bytes and the transfer syntax they are in: its own where they cannot be had otherwise."""
    must(actor, Action.SEE_IMAGES)
    own, wanted = file.held.instance.transfer_syntax, file.transfer_syntax
    digest = file.held.instance.digest
    if wanted != own:
        try:
            with porion.pixels.file(Held(actor.clinic_id, digest), wanted) as made:
                yield wanted, made
                return
        except Unshowable:
            # Not withheld for being damaged, or no image at all: the part says what it is written in.
            pass
    with porion.archive.open(actor.clinic_id, digest) as kept:
        yield own, kept


def frames_at(
    porion: Porion, actor: Actor, place: Place, numbers: Sequence[int], syntaxes: Sequence[str]
) -> tuple[HeldInstance, Iterator[Frame]]:
    """Frames of one instance (numbers from 1) in the first of these transfer syntaxes that can be had.

    Native ones come as explicit VR little endian, whatever their data set is written in.
    """
    (held, *_) = held_at(porion, actor, place)
    missing = [number for number in numbers if not 1 <= number <= held.instance.frames]
    if missing:
        raise NotFound(f"The instance has {held.instance.frames} frames and no frame {missing[0]}.")
    wanted = chosen_syntax(held, syntaxes, porion.pixels.offered())
    own = wanted == held.instance.transfer_syntax
    return held, porion.pixels.frames(
        Held(actor.clinic_id, held.instance.digest), numbers, None if own else wanted
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of a frame."""

    held: HeldInstance
    frame: int
    data: bytes


def drawn_at(
    porion: Porion, actor: Actor, place: Place, numbers: Sequence[int] | None, rendering: Rendering
) -> tuple[Sequence[HeldInstance], Iterator[Drawn]]:
    """What is there, and pictures of these frames of it, or of every frame, drawn as they are asked for."""
    found = held_at(porion, actor, place)
    return found, (
        Drawn(held, number, _drawn(porion, actor, held, replace(rendering, frame=number)))
        for held in found
        for number in numbers or range(1, held.instance.frames + 1)
    )


def _drawn(porion: Porion, actor: Actor, held: HeldInstance, rendering: Rendering) -> bytes:
    return porion.pixels.rendered(Held(actor.clinic_id, held.instance.digest), rendering)


def stands_for(found: Sequence[HeldInstance]) -> HeldInstance:
    """The instance whose picture stands for all of them: the one in the middle."""
    return found[len(found) // 2]


def thumbnail_of(porion: Porion, actor: Actor, held: HeldInstance, frame: int | None = None) -> bytes:
    """A small JPEG of an instance that :func:`held_at` gave."""
    must(actor, Action.SEE_IMAGES)
    return porion.pixels.thumbnail(Held(actor.clinic_id, held.instance.digest), frame)
