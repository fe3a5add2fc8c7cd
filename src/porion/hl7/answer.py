"""One message in, one acknowledgement out; AA only after the change is durable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from porion.clinic.permissions import feeder
from porion.hl7.ack import acknowledgement
from porion.hl7.adt import changes_of, event_of, source_of
from porion.hl7.message import read_message
from porion.hl7.orders import ORDERS, orders_of
from porion.services.errors import Invalid, PorionError
from porion.services.orders import Order, apply_order, rehearse_orders
from porion.services.register_feed import Change, FeedOutcome, apply_change, rehearse_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from porion.clinic.permissions import Actor
    from porion.hl7.message import Message
    from porion.services.ports import Porion
    from porion.services.register_feed import Applied

log = structlog.get_logger("porion.hl7")

Deed = Change | Order
"""What a message may ask for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, and what became of each change."""

    code: str
    reason: str
    acknowledgement: bytes
    applied: tuple[Applied, ...] = ()


def answer(porion: Porion, clinic_id: str, content: bytes) -> Answer:
    """Apply a message and acknowledge it."""
    return _answered(porion, clinic_id, content, _apply)


def rehearse(porion: Porion, clinic_id: str, content: bytes) -> Answer:
    """What the answer would be; nothing changes."""
    return _answered(porion, clinic_id, content, _rehearse)


def _asked(message: Message) -> Sequence[Deed]:
    """What a message asks for: of the register, or of the schedule."""
    kind, _ = event_of(message)
    return orders_of(message) if kind in ORDERS or kind == "SIU" else changes_of(message)


def _apply(porion: Porion, actor: Actor, asked: Sequence[Deed]) -> Sequence[Applied]:
    return [
        apply_order(porion, actor, one) if isinstance(one, Order) else apply_change(porion, actor, one)
        for one in asked
    ]


def _rehearse(porion: Porion, actor: Actor, asked: Sequence[Deed]) -> Sequence[Applied]:
    """A message asks for one kind of deed only."""
    orders = [one for one in asked if isinstance(one, Order)]
    changes = [one for one in asked if isinstance(one, Change)]
    return rehearse_orders(porion, actor, orders) if orders else rehearse_changes(porion, actor, changes)


def _answered(
    porion: Porion,
    clinic_id: str,
    content: bytes,
    apply: Callable[[Porion, Actor, Sequence[Deed]], Sequence[Applied]],
) -> Answer:
    message: Message | None = None
    applied: tuple[Applied, ...] = ()
    try:
        message = read_message(content)
        actor = feeder(source_of(message), clinic_id)
        applied = tuple(apply(porion, actor, _asked(message)))
        code, reason = _code(message, applied)
    except Invalid as error:
        code, reason = "AR", str(error)
    except PorionError as error:
        # The disk, the database: theirs is to try again.
        log.warning("a message has to wait", kind=type(error).__name__)
        code, reason = "AE", str(error)
    now = porion.now()
    return Answer(code, reason, acknowledgement(message, code, reason, porion.new_id()[:20], now), applied)


def _code(message: Message, applied: tuple[Applied, ...]) -> tuple[str, str]:
    if not applied:
        return (
            "AA",
            f"Nothing to do: {' '.join(event_of(message))} changes neither the register nor the schedule.",
        )
    refused = [one.reason for one in applied if one.outcome is FeedOutcome.REFUSED]
    return ("AE", " ".join(refused)) if refused else ("AA", " ".join(one.reason for one in applied))
