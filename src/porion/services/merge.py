"""Two entries of one person made one, and taken apart again when they were two people after all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, Invalid, NotFound, Stale, must
from porion.services.patients import find_patient, must_own_identifiers
from porion.services.records import DecisionRow, Json
from porion.services.trail import record

if TYPE_CHECKING:
    from porion.clinic.patient import Patient
    from porion.services.ports import Porion, Transaction


@dataclass(frozen=True, slots=True)
class Unmerged:
    """Two people who are apart again.

    ``moved`` are the items that went back. ``kept`` are items that a later decision gave to the patient who
    stayed, or that were linked to them since: somebody has to look whose they are.
    """

    decision: DecisionRow
    stays: Patient
    back: Patient
    moved: tuple[str, ...]
    kept: tuple[str, ...]


def merge_patients(porion: Porion, actor: Actor, stays_id: str, goes_id: str, reason: str) -> Patient:
    """Make two entries of one person one: images, identifiers and names move to the one that stays.

    Exposures follow their images, and what was remembered of the other's claims holds for the one that stays.
    A birth date or sex that only the other entry has moves too.
    """
    must(actor, Action.EDIT_PATIENTS)
    with porion.store.write(actor.clinic_id) as tx:
        return merge_within(porion, tx, actor, (stays_id, goes_id), reason)


def merge_within(porion: Porion, tx: Transaction, actor: Actor, ids: tuple[str, str], reason: str) -> Patient:
    """Merge within a transaction; ``ids`` are those of the patient that stays and of the one that goes."""
    if ids[0] == ids[1]:
        raise Invalid("A patient cannot be merged into themselves.")
    stays, goes = (find_patient(tx, patient_id) for patient_id in ids)
    if stays.merged_into or goes.merged_into:
        raise Conflict("One of the two was merged before: merge the patient that stayed.")
    merged = _merged(stays, goes)
    _replace(porion, tx, replace(goes, merged_into=stays.id))
    merged = _replace(porion, tx, merged)
    detail = {"goes": goes.id, "items": list(tx.inbox.move_items(goes.id, stays.id))}
    said = {**detail, "reason": reason, "gave": _gave(stays, merged)}
    _decide(porion, tx, actor, (stays.id, goes.id), said)
    record(porion, tx, actor.name, "patients merged", ("patient", stays.id), detail)
    return merged


def _merged(stays: Patient, goes: Patient) -> Patient:
    other_names = (name for name in (goes.name, *goes.aliases) if name != stays.name)
    return replace(
        stays,
        birth_date=stays.birth_date or goes.birth_date,
        sex=stays.sex or goes.sex,
        identifiers=tuple(dict.fromkeys((*stays.identifiers, *goes.identifiers))),
        aliases=tuple(dict.fromkeys((*stays.aliases, *other_names))),
    )


def _gave(stays: Patient, merged: Patient) -> Json:
    """What the one that stays did not have before."""
    return {
        "identifiers": [asdict(one) for one in merged.identifiers if one not in stays.identifiers],
        "aliases": [asdict(one) for one in merged.aliases if one not in stays.aliases],
        "birthDate": str(merged.birth_date) if merged.birth_date != stays.birth_date else None,
        "sex": merged.sex if merged.sex != stays.sex else None,
    }


def unmerge(porion: Porion, actor: Actor, patient_id: str, reason: str) -> Unmerged:
    """Take a merge back: ``patient_id`` is the entry that went; it comes back as it was.

    Images that moved with the merge go back with their exposures, unless a later decision stands on them.
    The patient who stayed gives back what the merge gave them; what was edited since stays.
    """
    must(actor, Action.EDIT_PATIENTS)
    if not reason.strip():
        raise Invalid("Give the reason why the two are not one person.")
    with porion.store.write(actor.clinic_id) as tx:
        gone = find_patient(tx, patient_id)
        merge = tx.inbox.merge_of(patient_id)
        if gone.merged_into is None or merge is None:
            raise NotFound(f"Patient {patient_id} was not merged into anybody.")
        stays = find_patient(tx, gone.merged_into)
        if stays.merged_into is not None:
            raise Conflict(
                f"Patient {stays.id} was merged into {stays.merged_into} since: take that back first."
            )
        stays = _replace(porion, tx, _without(stays, merge.detail["gave"]))
        must_own_identifiers(tx, gone)
        back = _replace(porion, tx, replace(gone, merged_into=None))
        moved, kept = _items_back(tx, merge, stays.id, back.id)
        detail = {"kind": "merge", "reason": reason, "items": moved, "kept": kept}
        decision = _decide(porion, tx, actor, (stays.id, back.id), detail, undoes=merge.id)
        record(porion, tx, actor.name, "undone: merge", ("patient", stays.id), {"back": back.id, **detail})
        return Unmerged(decision, stays, back, tuple(moved), tuple(kept))


def _without(stays: Patient, gave: Json) -> Patient:
    born = str(stays.birth_date) if stays.birth_date else None
    return replace(
        stays,
        birth_date=None if gave["birthDate"] and born == gave["birthDate"] else stays.birth_date,
        sex="" if gave["sex"] and stays.sex == gave["sex"] else stays.sex,
        identifiers=tuple(one for one in stays.identifiers if asdict(one) not in gave["identifiers"]),
        aliases=tuple(one for one in stays.aliases if asdict(one) not in gave["aliases"]),
    )


def _items_back(tx: Transaction, merge: DecisionRow, stays: str, back: str) -> tuple[list[str], list[str]]:
    """Give back what moved with the merge, unless it was decided about since; what moved and what did not."""
    moved = []
    came_along = set(merge.detail["items"])
    kept = []
    for item in tx.inbox.items_of_patient(stays):
        history = tx.inbox.decisions_of(item.id)
        decided_since = any(row.id > merge.id for row in history if row.kind != "rule-out")
        if item.id in came_along and not decided_since:
            tx.inbox.update_item(item.id, item.version, {"patient_id": back})
            moved.append(item.id)
        elif decided_since:
            kept.append(item.id)
    return moved, kept


def _replace(porion: Porion, tx: Transaction, patient: Patient) -> Patient:
    """Write a patient's new state, one version on."""
    changed = replace(patient, version=patient.version + 1)
    if not tx.patients.replace(changed, patient.version, porion.now()):
        raise Stale("Somebody else edited one of the two just now: look again.")
    return changed


def _decide(
    porion: Porion,
    tx: Transaction,
    actor: Actor,
    who: tuple[str, str],
    detail: Json,
    undoes: str | None = None,
) -> DecisionRow:
    """Append a merge, or the undo of one; ``who`` are the patient that stays and the other one."""
    decision = DecisionRow(
        id=porion.new_id(),
        kind="undo" if undoes else "merge",
        item_id=None,
        image_id=None,
        patient_id=who[0],
        actor=actor.name,
        made_at=porion.now(),
        subject=who[1],
        detail=detail,
        undoes=undoes,
    )
    tx.inbox.add_decision(decision)
    return decision
