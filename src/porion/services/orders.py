"""What another system orders: scheduled, changed and cancelled as it says, safe to repeat."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from porion.clinic.ordered import categories_of
from porion.clinic.patient import Patient
from porion.clinic.permissions import Action, Actor
from porion.clinic.scheduling import StepState
from porion.services.errors import Conflict, Invalid, must
from porion.services.patients import LONGEST_TEXT, insert_patient
from porion.services.records import FeedMessageRow
from porion.services.register_feed import KEPT, Applied, FeedOutcome, FeedPatient, must_be_the_same
from porion.services.schedule import Ordered, Wanted, WantedStep, move_within, schedule_within, write_step
from porion.services.step_values import moment_of
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from porion.dicom.codes import Code
    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json
    from porion.services.worklist_records import StepRow


@dataclass(frozen=True, slots=True)
class Order:
    """An order, or an appointment, as another system tells of it.

    ``order_key`` is its number there, and stays the same when it changes. ``starts_at`` without a zone is
    the clinic's own time. ``must_be_known`` says that whatever is for no X-ray is refused; of an
    appointment that is no mistake.
    """

    source: str
    message_id: str
    sent_at: datetime | None
    kind: Literal["schedule", "cancel"]
    order_key: str
    patient: FeedPatient
    codes: tuple[Code, ...] = ()
    description: str = ""
    dicom_modality: str = ""
    starts_at: datetime | None = None
    station_ae: str = ""
    requested_by: str = ""
    accession_number: str = ""
    study_instance_uid: str = ""
    must_be_known: bool = True


def apply_order(porion: Porion, actor: Actor, order: Order) -> Applied:
    """Apply one message in one transaction; one that was applied before changes nothing.

    A refused message leaves everything as it was, and is tried anew when it comes again.
    """
    must(actor, Action.FEED_REGISTER)
    problem = _unusable(order)
    if problem:
        return Applied(FeedOutcome.REFUSED, None, problem)
    try:
        with porion.store.write(actor.clinic_id) as tx:
            return _apply(porion, tx, actor, order)
    except (Invalid, Conflict) as error:
        refused = Applied(FeedOutcome.REFUSED, None, str(error))
    with porion.store.write(actor.clinic_id) as tx:
        _remember(porion, tx, actor, order, refused)
    return refused


def _unusable(order: Order) -> str | None:
    """Why a message cannot even be remembered."""
    numbers = (order.source, order.message_id, order.order_key)
    if not all(number.strip() for number in numbers):
        return "It has no number: whether it came before could not be told."
    if any(len(number) > LONGEST_TEXT or not number.isprintable() for number in numbers):
        return f"A number is longer than {LONGEST_TEXT} characters, or holds controls."
    return None


def rehearse_orders(porion: Porion, actor: Actor, orders: Iterable[Order]) -> list[Applied]:
    """What would become of the messages, one after the other; nothing of it stays."""
    must(actor, Action.FEED_REGISTER)
    with porion.store.rehearse(actor.clinic_id) as tx:
        return [_rehearse(porion, tx, actor, order) for order in orders]


def _rehearse(porion: Porion, tx: Transaction, actor: Actor, order: Order) -> Applied:
    problem = _unusable(order)
    if problem:
        return Applied(FeedOutcome.REFUSED, None, problem)
    try:
        return _apply(porion, tx, actor, order)
    except (Invalid, Conflict) as error:
        return Applied(FeedOutcome.REFUSED, None, str(error))


def _apply(porion: Porion, tx: Transaction, actor: Actor, order: Order) -> Applied:
    before = tx.feeds.message(order.source, order.message_id)
    if before is not None and before.outcome != FeedOutcome.REFUSED:
        if before.digest == _digest(order):
            return Applied(FeedOutcome.REPLAYED, before.patient_id, f"It came before: {before.reason}")
        raise Conflict(
            f"Another message came under the number {order.message_id} before: give this one its own."
        )
    applied = _Ordering(porion, tx, actor, order).run()
    _remember(porion, tx, actor, order, applied)
    return applied


def _remember(porion: Porion, tx: Transaction, actor: Actor, order: Order, applied: Applied) -> None:
    row = FeedMessageRow(
        source=order.source,
        message_id=order.message_id,
        digest=_digest(order),
        outcome=applied.outcome.value,
        patient_id=applied.patient_id,
        reason=applied.reason,
        at=porion.now(),
    )
    tx.feeds.save(row, KEPT)
    detail = {"message": order.message_id, "outcome": row.outcome, "patient": row.patient_id}
    record(porion, tx, actor.name, f"feed: {order.kind}", ("feed", order.source), detail)


def _digest(order: Order) -> str:
    # Without the moment: a sender that tries again may write a new one. Of the patient the last identifier,
    # which is the sender's own: another time it may tell more or less of them.
    said = {**asdict(order), "sent_at": None, "patient": order.patient.identifiers[-1:]}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


class _Ordering:
    """One order on its way into the schedule, within a transaction."""

    def __init__(self, porion: Porion, tx: Transaction, actor: Actor, order: Order) -> None:
        self._porion = porion
        self._tx = tx
        self._actor = actor
        self._order = order

    def run(self) -> Applied:
        order = self._order
        held = self._tx.worklist.ordered(order.source, order.order_key)
        if any(self._is_later(row) for row in held):
            return Applied(FeedOutcome.UNCHANGED, held[0].patient_id, "It is older than what is scheduled.")
        if order.kind == "cancel":
            return self._cancel(held)
        wanted = self._wanted()
        if not wanted:
            if order.must_be_known:
                raise Invalid(
                    "Which X-ray is ordered cannot be told: name its code, its modality or a word for it."
                )
            return Applied(FeedOutcome.UNCHANGED, None, "It is for no X-ray.")
        return self._again(held, wanted) if held else self._schedule(wanted, self._patient())

    def _is_later(self, row: StepRow) -> bool:
        sent = self._order.sent_at
        return sent is not None and row.ordered_at is not None and sent < row.ordered_at

    def _cancel(self, held: Sequence[StepRow]) -> Applied:
        if not held:
            return Applied(FeedOutcome.UNCHANGED, None, "Nothing is scheduled under that number.")
        open_ones = [row for row in held if row.state == StepState.SCHEDULED]
        for row in open_ones:
            move_within(self._porion, self._tx, self._actor, row, StepState.CANCELLED, self._said())
        if not open_ones:
            return Applied(FeedOutcome.UNCHANGED, held[0].patient_id, f"It is {held[0].state} already.")
        return Applied(FeedOutcome.UPDATED, held[0].patient_id, "Cancelled.")

    def _said(self) -> Json:
        return {"ordered_at": self._order.sent_at} if self._order.sent_at else {}

    def _wanted(self) -> tuple[WantedStep, ...]:
        order = self._order
        categories = categories_of(order.codes, [order.description], order.dicom_modality)
        if len(categories) == 1:
            return (WantedStep(categories[0], order.dicom_modality, order.description[:64]),)
        if categories:
            return tuple(WantedStep(one) for one in categories)
        if order.dicom_modality and order.description:
            return (WantedStep(None, order.dicom_modality, order.description[:64]),)
        return ()

    def _patient(self) -> Patient:
        """Whose order it is; who is not in the register yet comes in with it."""
        said = self._order.patient
        if not said.identifiers:
            raise Invalid("The patient has no ID: a name alone finds nobody.")
        ids = said.identifiers
        found = (one for each in ids for one in self._tx.patients.by_identifier(each.issuer, each.value))
        owners = {owner.id: owner for owner in found}
        if len(owners) > 1:
            raise Conflict(
                f"Its IDs belong to several patients ({', '.join(owners)}): merge these, or correct an ID."
            )
        if owners:
            (held,) = owners.values()
            must_be_the_same(held, said)
            return held
        new = Patient("", said.name, said.birth_date, said.sex, said.identifiers, said.aliases)
        return insert_patient(self._porion, self._tx, self._actor, new)

    def _schedule(self, wanted: tuple[WantedStep, ...], patient: Patient) -> Applied:
        order = self._order
        asked = Wanted(
            patient_id=patient.id,
            starts_at=order.starts_at or order.sent_at or self._porion.now(),
            steps=wanted,
            description=order.description[:64],
            station_ae=order.station_ae,
            requested_by=order.requested_by[:64],
            accession_number=order.accession_number,
            study_instance_uid=order.study_instance_uid,
        )
        ordered = Ordered(order.source, order.order_key, order.sent_at)
        rows = schedule_within(self._porion, self._tx, self._actor, asked, ordered)
        return Applied(
            FeedOutcome.ADDED, patient.id, f"Scheduled: {', '.join(row.description for row in rows)}."
        )

    def _again(self, held: Sequence[StepRow], wanted: tuple[WantedStep, ...]) -> Applied:
        """The order is known: what no device has begun becomes as it is said now."""
        patient = self._patient()
        free = [row for row in held if row.state in (StepState.SCHEDULED, StepState.CANCELLED)]
        if len(free) < len(held):
            return Applied(FeedOutcome.UNCHANGED, patient.id, "A device has begun it: it stays as it is.")
        asked = [one.category for one in wanted]
        if patient.id != held[0].patient_id or [row.category for row in held] != asked:
            self._let_go(free)
            return replace(self._schedule(wanted, patient), outcome=FeedOutcome.UPDATED)
        changed = [self._brought_up_to_date(row) for row in free]
        outcome = FeedOutcome.UPDATED if any(changed) else FeedOutcome.UNCHANGED
        return Applied(outcome, patient.id, "Brought up to date." if any(changed) else "It is scheduled so.")

    def _let_go(self, rows: Sequence[StepRow]) -> None:
        """Cancel what is not ordered any more; the order's number is that of other steps from now on."""
        for row in rows:
            gone: Json = {"order_key": ""}
            if row.state == StepState.SCHEDULED:
                move_within(self._porion, self._tx, self._actor, row, StepState.CANCELLED, gone)
            else:
                write_step(self._porion, self._tx, self._actor, row, gone, "step changed")

    def _brought_up_to_date(self, row: StepRow) -> bool:
        """Whether anything but the moment of the message changed."""
        order = self._order
        said: Json = {
            "state": StepState.SCHEDULED,
            "starts_at": moment_of(order.starts_at) if order.starts_at else row.starts_at,
            "station_ae": order.station_ae or row.station_ae,
            "requested_by": order.requested_by[:64] or row.requested_by,
        }
        changes = {key: value for key, value in said.items() if getattr(row, key) != value}
        if changes:
            write_step(self._porion, self._tx, self._actor, row, {**changes, **self._said()}, "step changed")
        return bool(changes)
