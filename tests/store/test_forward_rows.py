"""The rows of forwarding on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from porion.services.forward_records import ForwardRow, ForwardRule, ForwardState
from tests.builders import a_panoramic, uid
from tests.services.scenes import ANNA, inbox, link_to, register
from tests.world import NOON, World, another_clinic, bring

RULE = ForwardRule("r", "On", "n", NOON, "", "", verified_only=False)


def instances(world: World, rule: ForwardRule = RULE, after: str = "") -> list[str]:
    with world.porion.store.read(world.clinic_id) as tx:
        return list(tx.forwards.matching(rule, after, 10))


def test_what_fits_a_rule_and_is_not_on_its_way(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic(1), a_panoramic(2, study="b"))
    first, second = instances(world)
    assert instances(world, after=first) == [second]
    assert instances(world, replace(RULE, verified_only=True)) == []
    with world.porion.store.write(world.clinic_id) as tx:
        tx.forwards.add([ForwardRow("f", "r", "n", first, ForwardState.WAITING, NOON, NOON)])
    assert instances(world) == [second]
    assert instances(world, replace(RULE, node_id="other")) == [first, second]


def test_what_is_linked_later_is_found_by_its_decision(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic(1))
    with world.porion.store.read(world.clinic_id) as tx:
        latest = tx.forwards.latest()
    rule = replace(RULE, verified_only=True)
    assert instances(world, rule, latest) == []
    patient = register(world, ANNA)
    link_to(world, inbox(world)[0], patient)
    assert len(instances(world, rule, latest)) == 1


def test_rows_are_due_in_their_order_and_counted(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic(1), a_panoramic(2, study="b"), a_panoramic(3, study="c"))
    ids = instances(world)
    made = [
        ForwardRow(
            f"f{n}", "r", "n", one, ForwardState.WAITING, NOON, NOON, next_attempt_at=NOON - timedelta(n)
        )
        for n, one in enumerate(ids)
    ]
    with world.porion.store.write(world.clinic_id) as tx:
        tx.forwards.add(made)
        assert [row.id for row in tx.forwards.due("n", NOON, 2)] == ["f2", "f1"]
        assert tx.forwards.nodes_with_due(NOON) == ["n"]
        assert tx.forwards.nodes_with_due(NOON - timedelta(9)) == []
        tx.forwards.update("f0", {"state": ForwardState.SENT, "next_attempt_at": None})
        assert tx.forwards.counts() == {("n", "waiting"): 2, ("n", "sent"): 1}
        assert [row.id for row in tx.forwards.list("sent", None, 9)] == ["f0"]
        assert [row.id for row in tx.forwards.list(None, "f2", 9)] == ["f1", "f0"]
        shown = tx.forwards.outgoing([*ids, "gone"])
    assert {one.sop_instance_uid for one in shown.values()} == {uid("panoramic", n) for n in (1, 2, 3)}


def test_another_clinic_has_its_own(each_world: World) -> None:
    world, other = each_world, another_clinic(each_world)
    bring(world, a_panoramic(1))
    with world.porion.store.write(world.clinic_id) as tx:
        tx.forwards.add_rule(RULE)
        assert tx.forwards.clinics_with_rules() == [world.clinic_id]
    with world.porion.store.write(other.clinic_id) as tx:
        assert (tx.forwards.rules(), tx.forwards.counts()) == ([], {})
        tx.forwards.remove_rule(RULE.id)
        tx.forwards.move_rule(RULE.id, "x")
    assert instances(other) == []
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.forwards.rules() == [RULE]
