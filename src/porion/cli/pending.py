"""``porion pending``: the inbox from the command line."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import (
    OUT,
    candidate_json,
    claim_json,
    claim_line,
    patient_line,
    say,
    write_json,
    write_table,
)
from porion.cli.settings import read_settings
from porion.services.decide import LinkRequest, link, reject, rule_out, split
from porion.services.inbox import ItemView, list_inbox, see_item
from porion.services.reassign import reassign
from porion.services.records import DecisionRow
from porion.services.undo import undo

APP = typer.Typer(help="What waits to be linked to a patient.", no_args_is_help=True)
Status = Literal["pending", "linked", "quarantined", "all"]
ItemId = Annotated[str, typer.Argument(help="The pending item.")]
VerifiedOption = Annotated[
    list[str],
    typer.Option("--verified", help="What was verified: name, birthDate, sex, patientId, appointment, ..."),
]
Reason = Annotated[str | None, typer.Option("--reason")]


def item_json(view: ItemView) -> dict[str, Any]:
    """A pending item with images, candidates and decisions."""
    return {
        "id": view.item.id,
        "status": view.item.state,
        "patientId": view.item.patient_id,
        "createdAt": view.item.created_at.isoformat(),
        "claimedIdentity": claim_json(view.claim),
        "images": [
            {"id": image.id, "category": image.category, "needsReview": image.needs_review}
            for image in view.images
        ],
        "candidates": [candidate_json(rank, c) for rank, c in enumerate(view.candidates, 1)],
        "remembered": view.remembered.patient_id if view.remembered else None,
        "snapshot": view.snapshot,
        "decisions": [decision_json(row) for row in view.decisions],
    }


def decision_json(row: DecisionRow) -> dict[str, Any]:
    """A decision."""
    return {
        "id": row.id,
        "kind": row.kind,
        "actor": row.actor,
        "at": row.made_at.isoformat(),
        "patientId": row.patient_id,
        "undoes": row.undoes,
    }


@APP.command("list")
def list_(
    status: Annotated[Status, typer.Option("--status")] = "pending",
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """What waits, oldest first, with the best candidate."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        views = list_inbox(porion, actor, state=None if status == "all" else status, limit=limit)
    if json:
        for view in views:
            write_json(item_json(view))
        return
    rows = [(view.item.id, _shows(view), claim_line(view.claim), _best(view)) for view in views]
    write_table(("item", "images", "claims", "best candidate"), rows)


def _shows(view: ItemView) -> str:
    return ", ".join(
        f"{image.category or image.file_type}{'?' if image.needs_review else ''}" for image in view.images
    )


def _best(view: ItemView) -> str:
    if not view.candidates:
        return "nobody in the register"
    best = view.candidates[0]
    return f"{best.grade.value}: {patient_line(best.patient)}"


@APP.command("show")
def show(item_id: ItemId, data: Data = None, json: Json = False) -> None:
    """One item with its candidates, field by field."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        view = see_item(porion, actor, item_id)
    if json:
        write_json(item_json(view), indent=2)
        return
    say(f"{_shows(view)}, claims {claim_line(view.claim)}")
    for rank, candidate in enumerate(view.candidates, 1):
        OUT.print()
        say(f"{rank} {patient_line(candidate.patient)}  {candidate.grade.value}")
        for veto in candidate.vetoes:
            say(f"  ✗ {veto.sentence}", "red")
        rows = [
            (e.field, e.claimed, e.registered, e.level, f"{e.bits:+.1f}", e.reason)
            for e in candidate.evidence
        ]
        write_table(("", "claimed", "register", "", "bits", ""), rows)


@APP.command("link")
def link_(
    item_id: ItemId,
    patient: Annotated[str, typer.Option("--patient")],
    verified: VerifiedOption,
    snapshot: Annotated[str | None, typer.Option("--snapshot")] = None,
    reason: Reason = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Link an item's images to a patient, saying what was verified."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        request = LinkRequest(item_id, patient, tuple(verified), snapshot, reason)
        _tell(link(porion, actor, request), json=json)


@APP.command("create")
def create(item_id: ItemId, verified: VerifiedOption, data: Data = None, json: Json = False) -> None:
    """Add the patient whom the images claim, and link them."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(link(porion, actor, LinkRequest(item_id, None, tuple(verified))), json=json)


@APP.command("reassign")
def reassign_(
    item_id: ItemId,
    patient: Annotated[str, typer.Option("--patient", help="Whose the images are instead.")],
    verified: VerifiedOption,
    reason: Annotated[str, typer.Option("--reason", help="Why the first patient was wrong.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Take an item's link back and link it to another patient."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        request = LinkRequest(item_id, patient, tuple(verified), None, reason)
        _tell(reassign(porion, actor, request), json=json)


@APP.command("reject")
def reject_(
    item_id: ItemId,
    reason: Annotated[str, typer.Option("--reason")],
    patient: Annotated[str | None, typer.Option("--patient", help="Rule out this candidate only.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put an item's images aside, or rule one candidate out."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        if patient is None:
            _tell(reject(porion, actor, item_id, reason), json=json)
        else:
            _tell(rule_out(porion, actor, item_id, patient, reason), json=json)


@APP.command("split")
def split_(
    item_id: ItemId,
    images: Annotated[list[str], typer.Option("--image", help="An image to move to an item of its own.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Move some of an item's images to an item of their own."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(split(porion, actor, item_id, images), json=json)


@APP.command("undo")
def undo_(
    decision_id: Annotated[str, typer.Argument(help="The decision to take back.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Take a decision back; the history stays."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(undo(porion, actor, decision_id), json=json)


def _tell(decision: DecisionRow, *, json: bool) -> None:
    if json:
        write_json(decision_json(decision))
    else:
        say(f"Done: {decision.kind} (decision {decision.id}; `porion pending undo` takes it back).")
