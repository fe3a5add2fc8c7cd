"""What another system says of the register: the one way for any feed to change it, safe to repeat."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, astuple, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypeVar

from porion.clinic.patient import Patient
from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, Invalid, must
from porion.services.merge import merge_within
from porion.services.patients import LONGEST_TEXT, find_patient, insert_patient, update_patient
from porion.services.records import FeedMessageRow
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from porion.dicom.person import Identifier, PersonName
    from porion.services.ports import Porion, Transaction

KEPT = 100_000
"""Messages of a source that are remembered."""

_Value = TypeVar("_Value")

# A clock of theirs that is further ahead would keep everything that comes later out.
_AHEAD = timedelta(days=1)


class FeedOutcome(StrEnum):
    """What became of a message."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    REPLAYED = "replayed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FeedPatient:
    """A patient as another system has them; an empty ``sex`` and no ``birth_date`` mean that it does not say.

    ``sex`` is F, M, O or empty.
    """

    identifiers: tuple[Identifier, ...]
    name: PersonName
    aliases: tuple[PersonName, ...] = ()
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One message of a feed: who sent it, under which number, when, and how the patient is from now on.

    In a merge the ``prior`` identifiers go into those of ``patient``. ``sent_at`` has a time zone.
    """

    source: str
    message_id: str
    sent_at: datetime | None
    kind: Literal["patient", "merge"]
    patient: FeedPatient
    prior: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change, whom it was about, and why in plain words."""

    outcome: FeedOutcome
    patient_id: str | None
    reason: str


def apply_change(porion: Porion, actor: Actor, change: Change) -> Applied:
    """Apply one message in one transaction; a message that was applied before changes nothing.

    A refused message leaves the register as it was, and is tried anew when it comes again.
    """
    must(actor, Action.FEED_REGISTER)
    problem = _unusable(change)
    if problem:
        return Applied(FeedOutcome.REFUSED, None, problem)
    try:
        with porion.store.write(actor.clinic_id) as tx:
            return _apply(porion, tx, actor, change)
    except (Invalid, Conflict) as error:
        refused = Applied(FeedOutcome.REFUSED, None, str(error))
    with porion.store.write(actor.clinic_id) as tx:
        _remember(porion, tx, actor, change, refused)
    return refused


def rehearse_changes(porion: Porion, actor: Actor, changes: Iterable[Change]) -> list[Applied]:
    """What would become of the messages, one after the other; nothing of it stays."""
    must(actor, Action.FEED_REGISTER)
    with porion.store.rehearse(actor.clinic_id) as tx:
        return [_rehearse(porion, tx, actor, change) for change in changes]


def recent_messages(porion: Porion, actor: Actor, limit: int = 50) -> Sequence[FeedMessageRow]:
    """The latest messages of all feeds and what became of them, newest first."""
    must(actor, Action.FEED_REGISTER)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.feeds.list(limit)


def position_of(porion: Porion, actor: Actor, source: str) -> str | None:
    """How far a source has been read, as :func:`note_position` kept it."""
    must(actor, Action.FEED_REGISTER)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.feeds.position(source)


def note_position(porion: Porion, actor: Actor, source: str, position: str) -> None:
    """Keep how far a source has been read: everything up to there is durable."""
    must(actor, Action.FEED_REGISTER)
    with porion.store.write(actor.clinic_id) as tx:
        tx.feeds.set_position(source, position)


def _rehearse(porion: Porion, tx: Transaction, actor: Actor, change: Change) -> Applied:
    problem = _unusable(change)
    if problem:
        return Applied(FeedOutcome.REFUSED, None, problem)
    try:
        return _apply(porion, tx, actor, change)
    except (Invalid, Conflict) as error:
        return Applied(FeedOutcome.REFUSED, None, str(error))


def _apply(porion: Porion, tx: Transaction, actor: Actor, change: Change) -> Applied:
    before = tx.feeds.message(change.source, change.message_id)
    if before is not None and before.outcome != FeedOutcome.REFUSED:
        return _again(change, before)
    applied = _Application(porion, tx, actor, change).run()
    _remember(porion, tx, actor, change, applied)
    if applied.patient_id is not None and change.sent_at is not None:
        held = find_patient(tx, applied.patient_id)
        sent = min(change.sent_at, porion.now() + _AHEAD)
        tx.feeds.set_sent(change.source, (*change.patient.identifiers, *held.identifiers), sent)
    return applied


def _again(change: Change, before: FeedMessageRow) -> Applied:
    if before.digest != _digest(change):
        reason = f"Another message came under the number {change.message_id} before: give this one its own."
        return Applied(FeedOutcome.REFUSED, None, reason)
    return Applied(FeedOutcome.REPLAYED, before.patient_id, f"It came before: {before.reason}")


def _remember(porion: Porion, tx: Transaction, actor: Actor, change: Change, applied: Applied) -> None:
    row = FeedMessageRow(
        source=change.source,
        message_id=change.message_id,
        digest=_digest(change),
        outcome=applied.outcome.value,
        patient_id=applied.patient_id,
        reason=applied.reason,
        at=porion.now(),
    )
    tx.feeds.save(row, KEPT)
    detail = {"message": change.message_id, "outcome": row.outcome, "patient": row.patient_id}
    record(porion, tx, actor.name, f"feed: {change.kind}", ("feed", change.source), detail)


def _digest(change: Change) -> str:
    # Without the moment: a sender that tries again may write a new one.
    said = {"kind": change.kind, "patient": asdict(change.patient), "prior": list(map(asdict, change.prior))}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _unusable(change: Change) -> str | None:
    """Why a message cannot even be remembered."""
    if not change.source.strip() or not change.message_id.strip():
        return "It has no number or no source: whether it came before could not be told."
    patient = change.patient
    names = (part for name in (patient.name, *patient.aliases) for part in astuple(name))
    ids = (part for one in (*patient.identifiers, *change.prior) for part in astuple(one))
    texts = (change.source, change.message_id, patient.sex, *names, *ids)
    if any(len(text) > LONGEST_TEXT for text in texts):
        return f"A number, a part of a name or an ID is longer than {LONGEST_TEXT} characters."
    # Neither PostgreSQL nor UTF-8 can write them.
    if any(unicodedata.category(character) in ("Cc", "Cs") for text in texts for character in text):
        return "A number, a name or an ID holds control characters."
    return None


class _Application:
    """One message on its way into the register, within a transaction."""

    def __init__(self, porion: Porion, tx: Transaction, actor: Actor, change: Change) -> None:
        self._porion = porion
        self._tx = tx
        self._actor = actor
        self._change = change
        self._said = change.patient

    def run(self) -> Applied:
        """Everything that can be refused is refused before the first row changes."""
        if not self._said.identifiers:
            raise Invalid("The patient has no ID: a name alone finds nobody.")
        return self._merge() if self._change.kind == "merge" else self._keep()

    def _keep(self) -> Applied:
        ids = self._said.identifiers
        owners = self._owners(ids)
        held = next(iter(owners.values()), None)
        if held is not None and self._is_late(ids):
            return Applied(FeedOutcome.UNCHANGED, held.id, _LATE)
        if len(owners) > 1:
            raise Conflict(_several(owners))
        return self._write(held, ids)

    def _merge(self) -> Applied:
        prior = self._change.prior
        own = tuple(one for one in self._said.identifiers if one not in prior)
        if not prior or not own:
            raise Invalid("A merge names an ID that stays and another one that goes into it.")
        going, known = self._owners(prior), self._owners(own)
        staying = {key: one for key, one in known.items() if key not in going}
        if len(staying) > 1:
            raise Conflict(_several(staying))
        stays = next(iter((*staying.values(), *known.values(), *going.values())), None)
        written = self._write(
            stays, self._free((*own, *prior), stays), late=self._is_late(own if known else prior)
        )
        if stays is None:
            return written
        goes = [patient_id for patient_id in going if patient_id != stays.id]
        for patient_id in goes:
            reason = f"{self._change.source} said so in message {self._change.message_id}."
            merge_within(self._porion, self._tx, self._actor, (stays.id, patient_id), reason)
        if goes:
            return Applied(FeedOutcome.MERGED, stays.id, f"Patient {', '.join(goes)} went into this one.")
        if not known:
            return Applied(FeedOutcome.MERGED, stays.id, "The patient took the new ID.")
        return written

    def _write(self, held: Patient | None, ids: tuple[Identifier, ...], *, late: bool = False) -> Applied:
        if held is None:
            added = insert_patient(self._porion, self._tx, self._actor, self._new(ids))
            return Applied(FeedOutcome.ADDED, added.id, "New in the register.")
        wanted = replace(held, identifiers=_once((*held.identifiers, *ids)))
        if not late:
            must_be_the_same(held, self._said)
            wanted = _brought_up_to_date(wanted, self._said)
        if wanted == held:
            reason = _LATE if late else "The register says the same."
            return Applied(FeedOutcome.UNCHANGED, held.id, reason)
        update_patient(self._porion, self._tx, self._actor, wanted)
        return Applied(FeedOutcome.UPDATED, held.id, "Brought up to date.")

    def _new(self, ids: tuple[Identifier, ...]) -> Patient:
        said = self._said
        aliases = tuple(name for name in _once(said.aliases) if _is_name(name) and name != said.name)
        return Patient("", said.name, said.birth_date, said.sex, _once(ids), aliases)

    def _owners(self, ids: Iterable[Identifier]) -> dict[str, Patient]:
        found = (owner for one in ids for owner in self._tx.patients.by_identifier(one.issuer, one.value))
        return {owner.id: owner for owner in found}

    def _free(self, ids: tuple[Identifier, ...], stays: Patient | None) -> tuple[Identifier, ...]:
        """The identifiers that no other patient carries; the others come with the merge."""
        allowed = {stays.id} if stays else set()
        return tuple(one for one in ids if self._owners([one]).keys() <= allowed)

    def _is_late(self, ids: tuple[Identifier, ...]) -> bool:
        sent, last = self._change.sent_at, self._tx.feeds.last_sent(self._change.source, ids)
        return sent is not None and last is not None and sent < last


_LATE = "It is older than what the register has from there already."


def _several(owners: Iterable[str]) -> str:
    return f"Its IDs belong to several patients ({', '.join(owners)}): merge these, or correct an ID."


def _once(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))


def _is_name(name: PersonName) -> bool:
    return bool(name.family.strip() or name.given.strip())


def _brought_up_to_date(held: Patient, said: FeedPatient) -> Patient:
    """What the other system says, former names as aliases; what it does not say stays."""
    name = said.name if _is_name(said.name) else held.name
    others = _once((*held.aliases, held.name, *said.aliases))
    return replace(
        held,
        name=name,
        aliases=tuple(other for other in others if _is_name(other) and other != name),
        birth_date=said.birth_date or held.birth_date,
        sex=said.sex or held.sex,
    )


def must_be_the_same(held: Patient, said: FeedPatient) -> None:
    """An ID that was given to another person must not rename the one whose images hang on it."""
    given = [name.given.strip().casefold() for name in (held.name, said.name)]
    names_differ = all(given) and given[0] != given[1]
    dates_differ = None not in (held.birth_date, said.birth_date) and held.birth_date != said.birth_date
    if names_differ and dates_differ:
        raise Conflict(
            f"The ID belongs to patient {held.id}, whose given name and birth date both differ:"
            " ask who is right, and correct the register or the other system."
        )
