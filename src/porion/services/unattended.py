"""Link what is certain without a person, where an administrator allows it, and let people judge samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from porion.clinic.grade import Grade
from porion.clinic.permissions import Action, Actor, nobody
from porion.services.decide import link_unattended
from porion.services.errors import Conflict, NotFound, must
from porion.services.inbox import ItemView, find_item, view_item
from porion.services.linking_sources import stop_after_error
from porion.services.records import LinkingSourceRow, SampleRow
from porion.services.trail import record
from porion.services.undo import undo_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.patient import Patient
    from porion.services.ports import Porion, Transaction

# The rest of a study may say that it is somebody else's.
SETTLES = timedelta(minutes=2)
# What was not certain within that time waits for a person.
FORGETS = timedelta(days=1)


def link_all_settled(porion: Porion) -> int:
    """Link the settled items of every clinic's sources that may; answers how many."""
    with porion.store.read("") as tx:
        clinics = [clinic_id for clinic_id, _ in tx.accounts.clinics()]
    return sum(len(link_settled(porion, clinic_id)) for clinic_id in clinics)


def link_settled(porion: Porion, clinic_id: str) -> Sequence[str]:
    """Link the settled items of sources that may; answers which."""
    with porion.store.read(clinic_id) as tx:
        allowed = [row.source_key for row in tx.linking.sources() if row.unattended]
        now = porion.now()
        due = tx.linking.settled(allowed, now - FORGETS, now - SETTLES) if allowed else ()
    return [item_id for item_id in due if _linked(porion, clinic_id, item_id)]


def _linked(porion: Porion, clinic_id: str, item_id: str) -> bool:
    with porion.store.write(clinic_id) as tx:
        item = find_item(tx, item_id)
        if item.state != "pending" or item.split_from is not None:
            return False
        view = view_item(tx, item, porion.model)
        patient, row = _certain(view), _allowed(tx, view)
        if patient is None or row is None:
            return False
        decision = link_unattended(porion, tx, nobody(clinic_id), view, patient, row.source_key)
        if row.linked % row.one_in == 0:
            sample = SampleRow(porion.new_id(), decision.id, row.source_key, "open", porion.now())
            tx.linking.add_sample(sample)
        tx.linking.save(replace(row, linked=row.linked + 1))
        return True


def _certain(view: ItemView) -> Patient | None:
    """Who is certain, with no objection, and nobody having decided anything about the item."""
    best = view.candidates[0] if view.candidates else None
    if best is None or best.grade is not Grade.CERTAIN or best.vetoes or view.decisions:
        return None
    return best.patient


def _allowed(tx: Transaction, view: ItemView) -> LinkingSourceRow | None:
    """What is set for the one source of the item's images, if it may link."""
    sources = {image.source_key for image in view.images}
    row = tx.linking.source(next(iter(sources))) if len(sources) == 1 else None
    return row if row is not None and row.unattended else None


def list_samples(
    porion: Porion, actor: Actor, *, state: str | None = "open", limit: int = 50
) -> Sequence[SampleRow]:
    """Unattended links that a person is to judge, oldest first."""
    must(actor, Action.DECIDE)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.linking.samples(state, limit)


def judge_sample(porion: Porion, actor: Actor, sample_id: str, *, right: bool) -> SampleRow:
    """Say whether an unattended link is right; a wrong one is taken back, and its source switched off."""
    must(actor, Action.DECIDE)
    with porion.store.write(actor.clinic_id) as tx:
        sample = tx.linking.sample(sample_id)
        if sample is None:
            raise NotFound(f"There is no sample {sample_id} in this clinic.")
        state = "confirmed" if right else "refuted"
        now = porion.now()
        judged = {"state": state, "judged_by": actor.name, "judged_at": now}
        if not tx.linking.judge(sample_id, judged):
            raise Conflict(f"The sample was {sample.state} before.")
        record(
            porion, tx, actor.name, f"sample {state}", ("source", sample.source_key), {"sample": sample_id}
        )
        if not right:
            _take_back(porion, tx, actor, sample)
        return replace(sample, state=state, judged_by=actor.name, judged_at=now)


def _take_back(porion: Porion, tx: Transaction, actor: Actor, sample: SampleRow) -> None:
    decision = tx.inbox.decision(sample.decision_id)
    if decision is None:
        raise NotFound(f"The decision {sample.decision_id} is gone.")
    stop_after_error(porion, tx, actor, decision, f"{actor.name} found a sampled link wrong")
    if not tx.inbox.undone([decision.id]):
        undo_within(porion, tx, actor, decision)
