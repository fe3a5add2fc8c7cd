"""What can go wrong for a person, as facts of the clinic. Every door owns a table that translates them.

The docstring says what the class means; the message of an instance says what happened, to what, and
what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porion.clinic.permissions import Action, Actor


class PorionError(Exception):
    """Something that a person can be told about."""


class NotSignedIn(PorionError):
    """Nobody is signed in, or the session or token is no longer valid."""


class NotPermitted(PorionError):
    """The signed-in user lacks the permission."""


class TooManyAttempts(PorionError):
    """Too many log-ins failed; wait before the next one."""


class NotFound(PorionError):
    """The clinic holds nothing under that name."""


class Invalid(PorionError):
    """What was asked for makes no sense as it stands; the message says which part."""


class Conflict(PorionError):
    """What was asked for contradicts the state of things."""


class Stale(Conflict):
    """Something changed since the decision was prepared; look again."""


class Duplicate(Conflict):
    """Something is there under that identifier already."""


class Settled(Conflict):
    """What was to be changed has come to its end and stays as it is."""


class OutOfSpace(PorionError):
    """The data directory cannot take more; nothing was acknowledged."""


class SourceFailed(PorionError):
    """A file could not be read where it lies; nothing of it was taken."""


class StorageFailed(PorionError):
    """The disk or the database refused; nothing was acknowledged."""


class Unshowable(PorionError):
    """The pixels cannot be decoded or drawn within the limits; the file itself is kept."""


class NotOffered(PorionError):
    """What was asked for is not made in that form; the message says which forms there are."""


class Busy(PorionError):
    """Too much of that is asked for at once; the same request works in a moment."""


class NodeFailed(PorionError):
    """A remote node did not answer as it should; the message says which one, and at which step."""


class WrongDataDirectory(PorionError):
    """The data directory cannot be used as it is; the message says why."""


def must(actor: Actor, action: Action) -> None:
    """Raise :class:`NotPermitted` unless the table of permissions grants the action."""
    if not actor.may(action):
        raise NotPermitted(f"{actor.name} may not {action.value}.")
