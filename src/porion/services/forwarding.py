"""Rules by which new images are sent on: added, seen and removed by administrators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.category import CLINIC_CODES, Category
from porion.services.ae_titles import read_title
from porion.services.errors import Conflict, Invalid, NotFound, must
from porion.services.forward_records import ForwardRow, ForwardRule, ForwardState
from porion.services.node_records import Use
from porion.services.nodes import find_node, must_be_for
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.services.ports import Porion, Transaction

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class NewRule:
    """What an administrator wants to be sent on, and where to; an empty text narrows nothing."""

    name: str
    node: str
    source: str = ""
    category: str = ""
    modality: str = ""
    verified_only: bool = True


@dataclass(frozen=True, slots=True)
class RuleStatus:
    """A rule, the name of its node, and how many instances stand where on their way there."""

    rule: ForwardRule
    node: str
    counts: Mapping[str, int]


def list_rules(porion: Porion, actor: Actor) -> Sequence[RuleStatus]:
    """The clinic's rules by name."""
    must(actor, Action.SEE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        names = {node.id: node.name for node in tx.nodes.all()}
        counts = tx.forwards.counts()
        return [
            RuleStatus(
                rule,
                names.get(rule.node_id, ""),
                {state.value: counts.get((rule.node_id, state.value), 0) for state in ForwardState},
            )
            for rule in tx.forwards.rules()
        ]


def add_rule(porion: Porion, actor: Actor, new: NewRule) -> ForwardRule:
    """Send on what comes, or is linked, from now on."""
    must(actor, Action.MANAGE_NODES)
    name = new.name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A rule's name has 1 to {_LONGEST_NAME} printable characters.")
    with porion.store.write(actor.clinic_id) as tx:
        node = find_node(tx, new.node)
        must_be_for(node, Use.FORWARD)
        if not node.host:
            raise Invalid(f"{node.name} has no DICOM address to which images could be sent.")
        if any(rule.name == name for rule in tx.forwards.rules()):
            raise Conflict(f"There is a rule {name} already: remove it first.")
        latest = tx.forwards.latest()
        rule = ForwardRule(
            id=porion.new_id(),
            name=name,
            node_id=node.id,
            created_at=porion.now(),
            since=latest,
            position=latest,
            source=read_title(new.source) if new.source else "",
            category=_one_of(new.category, list(Category), "category"),
            modality=_one_of(new.modality, sorted(set(CLINIC_CODES.values())), "modality"),
            verified_only=new.verified_only,
        )
        tx.forwards.add_rule(rule)
        detail = {"node": node.name, "source": rule.source, "verifiedOnly": rule.verified_only}
        record(porion, tx, actor.name, "forwarding rule added", ("forwarding rule", rule.id), detail)
        return rule


def switch_rule(porion: Porion, actor: Actor, which: str, *, enabled: bool) -> ForwardRule:
    """Let a rule send, or no more: what waits then rests, and goes with what came meanwhile when it is on."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        rule = replace(_find(tx, which), enabled=enabled)
        tx.forwards.switch_rule(rule.id, enabled=enabled)
        action = "forwarding rule switched on" if enabled else "forwarding rule switched off"
        record(porion, tx, actor.name, action, ("forwarding rule", rule.id))
    return rule


def offer_again(porion: Porion, actor: Actor, which: str) -> int:
    """Send what a rule gave up once more, as if it were new to the node; how many instances that is."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        rule = _find(tx, which)
        count = tx.forwards.offer_again(rule.id, porion.now())
        detail = {"name": rule.name, "instances": count}
        record(porion, tx, actor.name, "forwarding tried again", ("forwarding rule", rule.id), detail)
    return count


def remove_rule(porion: Porion, actor: Actor, which: str) -> ForwardRule:
    """Send nothing on by that rule any more, by name or identifier; what waits because of it is dropped."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        rule = _find(tx, which)
        tx.forwards.remove_rule(rule.id)
        about = ("forwarding rule", rule.id)
        record(porion, tx, actor.name, "forwarding rule removed", about, {"name": rule.name})
        return rule


def list_forwards(
    porion: Porion, actor: Actor, *, state: str | None = None, after: str | None = None, limit: int = 100
) -> Sequence[ForwardRow]:
    """What is and was on its way, newest first."""
    must(actor, Action.SEE_NODES)
    if state is not None:
        _one_of(state, list(ForwardState), "state")
    with porion.store.read(actor.clinic_id) as tx:
        return tx.forwards.list(state, after, limit)


def _find(tx: Transaction, which: str) -> ForwardRule:
    rules = tx.forwards.rules()
    rule = next((one for one in rules if which in (one.id, one.name)), None)
    if rule is None:
        names = ", ".join(one.name for one in rules) or "none"
        raise NotFound(f"There is no rule {which}; there are: {names}.")
    return rule


def _one_of(word: str, words: Sequence[str], what: str) -> str:
    if word and word not in words:
        raise Invalid(f"{word} is no {what}: choose among {', '.join(words)}.")
    return word
