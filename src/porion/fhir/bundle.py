"""Bundles of patients, and what became of each of their entries (FHIR R4 section 3.1.0.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.fhir.orders import ORDERS, order_of, people_of
from porion.fhir.patient import change_of
from porion.services.errors import Invalid
from porion.services.orders import apply_order
from porion.services.register_feed import Applied, FeedOutcome, apply_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from porion.clinic.permissions import Actor
    from porion.fhir.parts import Resource
    from porion.services.ports import Porion

MOST = 5_000
"""Entries of a bundle."""

_NOTHING = "Its status asks for nothing to be scheduled or cancelled."
_IGNORED = "It is inactive, and nobody took its place: the register keeps its patients."


def apply_bundle(
    porion: Porion, actor: Actor, bundle: Resource, source: str, issuers: Mapping[str, str]
) -> list[Applied]:
    """Apply a bundle's patients, orders and appointments in their order; a bad one does not stop the rest.

    Patients go first, wherever they stand: an order may be about one of them.
    """
    if bundle.get("resourceType") != "Bundle":
        raise Invalid(f"The resource is a {bundle.get('resourceType') or 'nothing'}, not a Bundle.")
    entries = bundle.get("entry") or []
    if not isinstance(entries, list) or len(entries) > MOST:
        raise Invalid(f"A bundle has a list of at most {MOST} entries.")
    people = people_of(bundle)
    last = [number for number, entry in enumerate(entries) if _is_an_order(entry)]
    turns = [number for number in range(len(entries)) if number not in set(last)] + last
    applied = {number: _apply(porion, actor, entries[number], (source, people), issuers) for number in turns}
    return [applied[number] for number in range(len(entries))]


def _is_an_order(entry: object) -> bool:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return isinstance(resource, dict) and resource.get("resourceType") in ORDERS


def _apply(
    porion: Porion,
    actor: Actor,
    entry: object,
    context: tuple[str, Mapping[str, Resource]],
    issuers: Mapping[str, str],
) -> Applied:
    """Apply an entry; ``context`` is the source, and the patients of its bundle by reference."""
    source, people = context
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict):
        return Applied(FeedOutcome.REFUSED, None, "The entry has no resource.")
    try:
        if resource.get("resourceType") in ORDERS:
            order = order_of(resource, source, people, issuers)
            return (
                apply_order(porion, actor, order) if order else Applied(FeedOutcome.UNCHANGED, None, _NOTHING)
            )
        change = change_of(resource, source, issuers)
    except Invalid as error:
        return Applied(FeedOutcome.REFUSED, None, str(error))
    if change is None:
        return Applied(FeedOutcome.UNCHANGED, None, _IGNORED)
    return apply_change(porion, actor, change)


_STATUS = {FeedOutcome.ADDED: "201 Created", FeedOutcome.REFUSED: "422 Unprocessable Entity"}
_LEVELS = {FeedOutcome.REFUSED: "error"}


def response_bundle(applied: list[Applied]) -> Resource:
    """A batch-response: status and outcome of every entry, in their order."""
    return {
        "resourceType": "Bundle",
        "type": "batch-response",
        "entry": [
            {
                "response": {
                    "status": _STATUS.get(one.outcome, "200 OK"),
                    **({"location": f"Patient/{one.patient_id}"} if one.patient_id else {}),
                    "outcome": operation_outcome(_LEVELS.get(one.outcome, "information"), one.reason),
                }
            }
            for one in applied
        ],
    }


def operation_outcome(severity: str, words: str) -> Resource:
    """An OperationOutcome of one issue, ``severity`` being error or information."""
    code = "processing" if severity == "error" else "informational"
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": code, "diagnostics": words}],
    }
