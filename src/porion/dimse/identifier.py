"""The identifiers of queries and retrievals: read from a request, written into a response (PS3.4 annex C)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import asking_device
from porion.dicom.elements import UnreadableDicom
from porion.dicom.encode import character_set_for, encode, spelled_for
from porion.dicom.message import read_message
from porion.dimse.negotiation import PATIENT_ROOT_FIND, PATIENT_ROOT_GET, PATIENT_ROOT_MOVE
from porion.services.errors import Invalid
from porion.services.find_keys import Rules
from porion.services.rights import Right

if TYPE_CHECKING:
    from porion.clinic.permissions import Actor
    from porion.dicom.elements import Elements
    from porion.dimse.call import Call
    from porion.dimse.door import Door, Peer

_PATIENT_ROOTS = frozenset({PATIENT_ROOT_FIND, PATIENT_ROOT_MOVE, PATIENT_ROOT_GET})


class UnreadableIdentifier(Invalid):
    """An identifier that is no data set."""


def read_identifier(door: Door, call: Call) -> Elements:
    """The identifier; UnreadableIdentifier when there is none, TooLarge when it is too long."""
    content = call.data_set(door.limits.data_set)
    try:
        return read_message(content, call.transfer_syntax)
    except UnreadableDicom as error:
        raise UnreadableIdentifier(f"The identifier cannot be read: {error}.") from error


def rules_of(call: Call) -> Rules:
    """What was agreed on for the information model (PS3.4 sections C.5.1.1 and C.5.2.1)."""
    relational, combined = (*call.extended[:2], 0, 0)[:2]
    return Rules(call.abstract_syntax in _PATIENT_ROOTS, bool(relational), bool(combined))


def actor_of(peer: Peer) -> Actor:
    """The device as the one who asks."""
    return asking_device(peer.calling, peer.clinic_id)


def sees_verified_only(peer: Peer) -> bool:
    """Whether what nobody has verified is kept from the device."""
    return Right.PENDING not in peer.rights


def written_for(peer: Peer, answer: Elements, transfer_syntax: str, asked: tuple[str, ...]) -> bytes:
    """An answer in a character set that the asker can read.

    That is the set that the device is known to use; a letter that it lacks is spelled in Latin letters.
    Of a device of which nothing is known it is the set in which it asked, if that has every letter, else
    UTF-8.
    """
    known = peer.habits.character_set
    term = character_set_for(answer, *([known] if known else asked[:1]))
    if known and term not in ("", known):
        term, answer = known, spelled_for(answer, known)
    return encode(answer, transfer_syntax, term)
