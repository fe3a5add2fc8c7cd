"""Worklists of remote nodes together with our own steps, each with whose it may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from porion.clinic.matching import match
from porion.clinic.permissions import Action, Actor
from porion.dicom.encode import UNICODE, encode
from porion.dicom.identity import claim_key
from porion.dicom.scheduled import ScheduledItem, read_item, worklist_query
from porion.services.errors import Invalid, NodeFailed, must
from porion.services.node_records import Use
from porion.services.nodes import find_node, must_be_for, target_of
from porion.services.patients import find_patient
from porion.services.step_views import StepView, views_of
from porion.services.trail import show
from porion.services.worklist import with_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from porion.dicom.elements import Elements
    from porion.services.ports import Porion, Transaction
    from porion.services.remote_ports import Remotes, Target
    from porion.services.worklist_records import StepFilter

MODALITY_WORKLIST = "1.2.840.10008.5.1.4.31"
MOST = 1_000
"""Answers of one node."""

_MOST_NODES = 20


@dataclass(frozen=True, slots=True)
class RemoteStep:
    """A step in a remote worklist; ``patient_id`` is who of the register it most likely means, with grade."""

    node: str
    item: ScheduledItem
    patient_id: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class NodeOutcome:
    """How one node answered; ``error`` says why it did not, or not to the end."""

    node: str
    answers: int
    capped: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Worklists:
    """Our steps, those of remote nodes, and how each node answered."""

    ours: Sequence[StepView]
    remote: Sequence[RemoteStep]
    outcomes: Sequence[NodeOutcome]


def ask_worklists(
    porion: Porion,
    remotes: Remotes,
    actor: Actor,
    wanted: StepFilter,
    nodes: Sequence[str] = (),
    limit: int = MOST,
) -> Worklists:
    """Our steps that pass the filter, and those of the nodes; what a node does wrong is its outcome."""
    must(actor, Action.ASK_WORKLISTS)
    if len(nodes) > _MOST_NODES or not 1 <= limit <= MOST:
        raise Invalid(f"Ask at most {_MOST_NODES} nodes, for 1 to {MOST} answers each.")
    wanted = with_days(porion, wanted)
    with porion.store.read(actor.clinic_id) as tx:
        ours = views_of(tx, tx.worklist.list(wanted, limit))
        targets = _targets(tx, remotes, actor, nodes)
        query = _query(tx, wanted)
    found = list(remotes.at_once([partial(_ask, remotes, one, query, limit) for one in targets]))
    asked = [one for one in found if isinstance(one, RemoteStep) and _fits(one.item, wanted)]
    steps = list(_matched(porion, actor, asked, wanted.patient_id))
    detail = {"steps": [view.step.id for view in ours], "nodes": [one.node.name for one in targets]}
    shown = sorted({one.patient_id for one in steps if one.patient_id})
    show(porion, actor, "worklists shown", ("clinic", actor.clinic_id), {**detail, "patients": shown})
    return Worklists(ours, steps, [one for one in found if isinstance(one, NodeOutcome)])


def _targets(tx: Transaction, remotes: Remotes, actor: Actor, names: Sequence[str]) -> list[Target]:
    nodes = [find_node(tx, which) for which in dict.fromkeys(names)]
    for node in nodes:
        must_be_for(node, Use.WORKLIST)
    return [target_of(tx, remotes, actor.clinic_id, node) for node in nodes]


def _query(tx: Transaction, wanted: StepFilter) -> Elements:
    patient = find_patient(tx, wanted.patient_id) if wanted.patient_id else None
    return worklist_query(
        first_day=(wanted.first_day or "").replace("-", ""),
        last_day=(wanted.last_day or "").replace("-", ""),
        station_ae=wanted.station_ae or "",
        family=patient.name.family if patient else "",
    )


def _ask(
    remotes: Remotes, target: Target, query: Elements, limit: int, _stop: Callable[[], bool]
) -> Iterator[RemoteStep | NodeOutcome]:
    """What one node has; runs beside other nodes, and touches no database."""
    name, count = target.node.name, 0
    try:
        answers = remotes.dimse.ask(target, [MODALITY_WORKLIST], partial(_encoded, query), limit + 1)
        for answer in answers:
            if count == limit:
                yield NodeOutcome(name, count, capped=True)
                return
            count += 1
            yield RemoteStep(name, read_item(answer))
    except NodeFailed as error:
        yield NodeOutcome(name, count, capped=False, error=str(error))
        return
    yield NodeOutcome(name, count, capped=False)


def _encoded(query: Elements, transfer_syntax: str) -> bytes:
    # A server writes in what it is asked in: whatever letters it has, UTF-8 has them too.
    return encode(query, transfer_syntax, UNICODE)


def _fits(item: ScheduledItem, wanted: StepFilter) -> bool:
    """Whether an answer is of the days and the station that were asked for: some servers leave keys aside."""
    day = item.starts_at[:10]
    in_time = not day or (wanted.first_day or "") <= day <= (wanted.last_day or "9999-12-31")
    return in_time and (not wanted.station_ae or item.station_ae in ("", wanted.station_ae))


def _matched(
    porion: Porion, actor: Actor, asked: Sequence[RemoteStep], patient_id: str | None
) -> Iterator[RemoteStep]:
    """The steps with whose they may be; of one patient only, if that is asked for."""
    whose: dict[str, tuple[str | None, str | None]] = {}
    with porion.store.read(actor.clinic_id) as tx:
        for one in asked:
            key = claim_key(one.item.claim)
            if key not in whose:
                best = match(one.item.claim, tx.patients, limit=1, model=porion.model)
                whose[key] = (best[0].patient.id, best[0].grade.value) if best else (None, None)
            found, grade = whose[key]
            if patient_id is None or found == patient_id:
                yield replace(one, patient_id=found, grade=grade)
