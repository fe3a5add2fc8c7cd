"""What has changed since somebody last looked: kinds of things, no data.

The audit chain is the clinic's change number: every change leaves a link in it, whichever process made
it. Links about looks are no changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import must

if TYPE_CHECKING:
    from collections.abc import Mapping

    from porion.services.ports import Porion

# How the actions of links about looks end.
_LOOKS = (
    " shown", " listed", " read", " diagnosed", " started", " queried", " searched", " fetched", " exported",
    " answered", " handed out", " forwarded", " retrieved",
)  # fmt: skip
_MOST = 1000

# By the kind of object that a link is about; others tell of themselves.
TOPICS: Mapping[str, frozenset[str]] = {
    "item": frozenset({"inbox", "images", "patients"}),
    "batch": frozenset({"inbox", "images"}),
    "image": frozenset({"inbox", "images"}),
    "patient": frozenset({"patients", "inbox"}),
    "feed": frozenset({"patients", "inbox"}),
    "device": frozenset({"devices"}),
    "commitment": frozenset({"devices"}),
    "clinic": frozenset({"devices"}),
    "node": frozenset({"devices"}),
    "rule": frozenset({"devices"}),
    "source": frozenset({"linking"}),
    "reference level": frozenset({"levels", "images"}),
    "user": frozenset({"users"}),
    "token": frozenset({"users"}),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """The number to ask from next time, and what kinds of things have changed."""

    number: int
    topics: frozenset[str]


def changes_since(porion: Porion, actor: Actor, number: int | None) -> Changes:
    """What has changed after a number; without one, only where things stand."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        end, _ = tx.audit.end()
        if number is None or number == end:
            return Changes(end, frozenset())
        told = tx.overview.told_since(number, _MOST)
    topics = frozenset[str]().union(*(_topics(*one) for one in told))
    return Changes(end, topics)


def _topics(action: str, kind: str) -> frozenset[str]:
    if action.endswith(_LOOKS):
        return frozenset()
    return TOPICS.get(kind, frozenset({kind}))
