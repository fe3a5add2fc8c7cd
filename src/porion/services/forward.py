"""New images go to the nodes that rules name: a record for each, tried again until it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from porion.clinic.permissions import asking_device
from porion.services.errors import PorionError
from porion.services.forward_records import ForwardRow, ForwardRule, ForwardState
from porion.services.job_course import Cancelled
from porion.services.job_ports import Kind
from porion.services.jobs import ask_for
from porion.services.node_records import Use
from porion.services.nodes import find_node, must_be_for, target_of
from porion.services.send import Sent, send
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from porion.services.job_ports import Task
    from porion.services.outgoing import Outgoing
    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json
    from porion.services.remote_ports import Remotes, Target
    from porion.services.sending_ports import Sender, Sending

FORWARD = "forward"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=7)
MOST_REFUSALS = 5
"""How often an instance is offered to a node that refuses it; a node that is away costs none of these."""

_AT_ONCE = 200
# Processes write what they numbered a moment ago: so far behind the last look is looked once more. In the
# first sixteen digits of an identifier lie milliseconds, shifted by 16 bits.
_OVERLAP = 600_000 << 16
_DIGITS = 16


def queue_due(porion: Porion) -> int:
    """Find what rules want to be sent, and ask for the jobs that send it; how many jobs there are."""
    with porion.store.read("") as tx:
        clinics = tx.forwards.clinics_with_rules()
    return sum(_queue(porion, clinic_id) for clinic_id in clinics)


def _queue(porion: Porion, clinic_id: str) -> int:
    with porion.store.read(clinic_id) as tx:
        latest = tx.forwards.latest()
        found = {rule: _found(tx, rule) for rule in tx.forwards.rules() if rule.enabled}
        nodes = {node.id: node.name for node in tx.nodes.all()}
        # What waits for a node that is gone rests.
        waiting = set(tx.forwards.nodes_with_due(porion.now())) & set(nodes)
    if not waiting and not any(found.values()) and all(rule.position == latest for rule in found):
        return 0
    with porion.store.write(clinic_id) as tx:
        for rule, instance_ids in found.items():
            _add(porion, tx, rule, instance_ids, latest)
        due = [node_id for node_id in tx.forwards.nodes_with_due(porion.now()) if node_id in nodes]
        for node_id in due:
            work = (FORWARD, f"forward:{node_id}")
            ask_for(porion, tx, "forwarding", work, nodes[node_id], {"node": node_id})
    return len(due)


def _found(tx: Transaction, rule: ForwardRule) -> Sequence[str]:
    return tx.forwards.matching(rule, _where_to_begin(rule), _AT_ONCE)


def _where_to_begin(rule: ForwardRule) -> str:
    """A little before the last look, and never before the rule."""
    if not rule.position:
        return ""
    before = max(0, int(rule.position[:_DIGITS], 16) - _OVERLAP)
    return max(rule.since, f"{before:0{_DIGITS}x}")


def _add(
    porion: Porion, tx: Transaction, rule: ForwardRule, instance_ids: Sequence[str], latest: str
) -> None:
    now = porion.now()
    known = set(_found(tx, rule))
    rows = [
        ForwardRow(
            id=porion.new_id(),
            rule_id=rule.id,
            node_id=rule.node_id,
            instance_id=instance_id,
            state=ForwardState.WAITING,
            created_at=now,
            updated_at=now,
            next_attempt_at=now,
        )
        for instance_id in instance_ids
        if instance_id in known
    ]
    tx.forwards.add(rows)
    # As long as there may be more than were taken at once, the next look begins where this one did.
    if len(instance_ids) < _AT_ONCE:
        tx.forwards.move_rule(rule.id, latest)


def forward_kind(porion: Porion, remotes: Remotes, sending: Sending) -> Kind:
    """The kind of job that sends what is due to a node."""
    return Kind(FORWARD, partial(_run, _Way(porion, remotes, sending)))


@dataclass(frozen=True, slots=True)
class _Way:
    porion: Porion
    remotes: Remotes
    sending: Sending


def _run(way: _Way, task: Task) -> Json:
    """Send until nothing is due; what is refused, or cannot be sent now, is due again later."""
    counts = {"sent": 0, "refused": 0, "waiting": 0}
    for batch in _batches(way, task):
        _send(way, task, batch, counts)
    return counts


def _batches(way: _Way, task: Task) -> Iterator[Sequence[ForwardRow]]:
    # What is tried now is due later than now, so that each comes up once.
    now = way.porion.now()
    while True:
        with way.porion.store.read(task.clinic_id) as tx:
            rows = tx.forwards.due(str(task.job.arguments["node"]), now, _AT_ONCE)
        if not rows:
            return
        yield rows


def _send(way: _Way, task: Task, rows: Sequence[ForwardRow], counts: dict[str, int]) -> None:
    porion, clinic_id = way.porion, task.clinic_id
    with porion.store.read(clinic_id) as tx:
        chosen = tx.forwards.outgoing([row.instance_id for row in rows])
    for row in rows:
        if row.instance_id not in chosen:
            _note(porion, clinic_id, row, Sent(None, "It is no longer among the images."), final=True)
            counts["refused"] += 1
    left = [row for row in rows if row.instance_id in chosen]
    try:
        target = _target(way, task)
        _leave_link(porion, task, target, list(chosen.values()))
        with way.sending.to(target, list(chosen.values())) as sender:
            while left:
                _one(way, task, (left[0], chosen), sender, counts)
                left.pop(0)
    except Cancelled:
        raise
    except PorionError as error:
        for row in left:
            _put_off(porion, clinic_id, row, str(error))
        counts["waiting"] += len(left)


def _target(way: _Way, task: Task) -> Target:
    with way.porion.store.read(task.clinic_id) as tx:
        node = find_node(tx, str(task.job.arguments["node"]))
        must_be_for(node, Use.FORWARD)
        return target_of(tx, way.remotes, task.clinic_id, node)


def _leave_link(porion: Porion, task: Task, target: Target, chosen: Sequence[Outgoing]) -> None:
    actor = asking_device(target.node.name, task.clinic_id)
    studies = sorted({one.study_instance_uid for one in chosen})
    detail = {"to": target.node.name, "instances": len(chosen), "studies": studies}
    show(porion, actor, "images forwarded", ("node", target.node.id), detail)


def _one(
    way: _Way,
    task: Task,
    what: tuple[ForwardRow, Mapping[str, Outgoing]],
    sender: Sender,
    counts: dict[str, int],
) -> None:
    row, chosen = what
    actor = asking_device("forwarding", task.clinic_id)
    sent = send(way.porion, actor, sender, chosen[row.instance_id])
    _note(way.porion, task.clinic_id, row, sent, final=row.attempts + 1 >= MOST_REFUSALS)
    counts["sent" if sent.is_stored else "refused"] += 1
    task.tell({"sent": counts["sent"], "refused": counts["refused"]})


def _note(porion: Porion, clinic_id: str, row: ForwardRow, sent: Sent, *, final: bool) -> None:
    """What the node said of an instance; ``final`` when it is not offered again."""
    now = porion.now()
    over = sent.is_stored or final
    state = ForwardState.SENT if sent.is_stored else ForwardState.GIVEN_UP
    changes: Json = {
        "attempts": row.attempts + 1,
        "last_status": sent.status,
        "last_error": sent.reason,
        "updated_at": now,
        "state": state if over else ForwardState.WAITING,
        "next_attempt_at": None if over else now + _pause(row.attempts),
    }
    with porion.store.write(clinic_id) as tx:
        tx.forwards.update(row.id, changes)


def _put_off(porion: Porion, clinic_id: str, row: ForwardRow, reason: str) -> None:
    """The node could not be reached: later, each time after as long as it has waited already."""
    now = porion.now()
    late = now - row.created_at > GIVEN_UP_AFTER
    changes: Json = {
        "last_error": reason,
        "updated_at": now,
        "state": ForwardState.GIVEN_UP if late else ForwardState.WAITING,
        "next_attempt_at": None if late else now + min(LONGEST_PAUSE, max(FIRST_PAUSE, now - row.created_at)),
    }
    with porion.store.write(clinic_id) as tx:
        tx.forwards.update(row.id, changes)


def _pause(attempts: int) -> timedelta:
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << attempts))
