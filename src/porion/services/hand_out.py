"""Hand instances out: which ones, in which transfer syntax, and under the register's demographics."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.coerce import Demographics, coerced
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import data_set_offset
from porion.dicom.rewrite import LITTLE_ENDIAN, rewritten
from porion.services.errors import Conflict, Invalid, must
from porion.services.outgoing import Outgoing, outgoing
from porion.services.pixel_ports import Held
from porion.services.search_rows import Level, Wanted
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from porion.services.find_keys import Asked
    from porion.services.ports import Porion
    from porion.services.search_rows import Person

MOST_INSTANCES = 20_000
# A preamble and a file meta group have some 500 bytes.
_HEAD = 65_536
_EXPLICIT = LITTLE_ENDIAN[0]

Pieces = list["bytes | memoryview"]


class TooManyInstances(Conflict):
    """More instances match than are handed out at once."""


class NotPresentable(Conflict):
    """An instance cannot be had in any of the transfer syntaxes that are taken."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A data set on its way out, in pieces that hold until it is let go."""

    transfer_syntax: str
    pieces: Pieces


def choose(porion: Porion, actor: Actor, asked: Asked, to: str) -> Sequence[Outgoing]:
    """The instances that an identifier names, in the order they came; the choice leaves its link.

    ``to`` says in words where they go. TooManyInstances, and nothing is handed out, when they are more
    than :data:`MOST_INSTANCES`; Invalid when the identifier names nothing.
    """
    must(actor, Action.SEE_IMAGES)
    if not asked.wanted.conditions:
        raise Invalid("A retrieval names what it wants by its unique keys.")
    every = Wanted(Level.INSTANCE, asked.wanted.conditions, 0, MOST_INSTANCES + 1, asked.wanted.verified)
    with porion.store.read(actor.clinic_id) as tx:
        chosen = [outgoing(one) for one in tx.search.find(every)]
    if len(chosen) > MOST_INSTANCES:
        raise TooManyInstances(f"More than {MOST_INSTANCES} instances match: retrieve them by study.")
    studies = sorted({one.study_instance_uid for one in chosen})
    detail = {"to": to, "instances": len(chosen), "studies": studies}
    show(porion, actor, "images handed out", ("clinic", actor.clinic_id), detail)
    return chosen


@contextmanager
def copied(porion: Porion, actor: Actor, one: Outgoing, taken: Collection[str]) -> Iterator[Copy]:
    """A copy in one of the transfer syntaxes that are taken: as it is held, if that is among them.

    The archive's own bytes go out where nothing is to be changed. NotPresentable, NotFound, or what the
    decoder says, when there is no such copy.
    """
    must(actor, Action.SEE_IMAGES)
    made = None if one.transfer_syntax in taken else _made(porion, actor, one, taken)
    if made is not None:
        yield made
        return
    with (
        porion.archive.contents(actor.clinic_id, one.digest) as view,
        _under_the_register(porion, view, one, one.transfer_syntax) as pieces,
    ):
        yield Copy(one.transfer_syntax, pieces)


def _made(porion: Porion, actor: Actor, one: Outgoing, taken: Collection[str]) -> Copy:
    """Another transfer syntax than the one it is held in; the whole copy is in memory."""
    other = next((uid for uid in LITTLE_ENDIAN if uid in taken), None)
    if one.transfer_syntax in LITTLE_ENDIAN and other is not None:
        with porion.archive.contents(actor.clinic_id, one.digest) as view:
            return Copy(other, [_anew(porion, view, one, one.transfer_syntax, other)])
    into = next((uid for uid in (_EXPLICIT, *porion.pixels.offered()) if uid in taken), None)
    if into is None and other is None:
        raise NotPresentable("The node takes it in no transfer syntax in which it can be had.")
    with porion.pixels.file(Held(actor.clinic_id, one.digest), into or _EXPLICIT) as file:
        content = file.read()
    with memoryview(content) as view:
        if into is None and other is not None:
            return Copy(other, [_anew(porion, view, one, _EXPLICIT, other)])
        with _under_the_register(porion, view, one, into or _EXPLICIT) as pieces:
            return Copy(into or _EXPLICIT, [b"".join(pieces)])


def _anew(porion: Porion, view: memoryview, one: Outgoing, held_in: str, into: str) -> bytes:
    with _under_the_register(porion, view, one, held_in) as pieces, _presentable():
        return rewritten(pieces, held_in, into)


@contextmanager
def _under_the_register(
    porion: Porion, view: memoryview, one: Outgoing, transfer_syntax: str
) -> Iterator[Pieces]:
    """The data set of a file, coerced where it is linked; its pieces hold until the block ends."""
    with _presentable():
        at = data_set_offset(bytes(view[:_HEAD]))
    with view[at:] as body:
        pieces: Pieces = [body]
        if one.person.verified:
            with _presentable():
                pieces = coerced(body, transfer_syntax, demographics(one.person), porion.now())
        try:
            yield pieces
        finally:
            # A piece that is still held would keep the file from being closed.
            for piece in pieces:
                if isinstance(piece, memoryview):
                    piece.release()


@contextmanager
def _presentable() -> Iterator[None]:
    try:
        yield
    except UnreadableDicom as error:
        raise NotPresentable(f"A copy cannot be made: {error}.") from error


def demographics(person: Person) -> Demographics:
    """Whoever the register says that it is."""
    return Demographics(
        name=_one_value(person.groups[0] if person.groups else ""),
        patient_id=_one_value(person.patient_id),
        issuer=_one_value(person.issuer),
        birth_date=person.birth_date,
        sex=person.sex,
    )


def _one_value(text: str) -> str:
    # A backslash would make two values of one (PS3.5 section 6.2).
    return text.replace("\\", "/")
