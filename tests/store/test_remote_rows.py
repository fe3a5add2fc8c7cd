from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from porion.services.node_ports import RemoteRows as Port
from porion.services.node_records import NodeRow
from porion.services.remote_ports import Level
from porion.services.remote_records import ExpectedRow, RuleRow
from porion.store.remote_rows import RemoteRows
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.services.scenes import signatures
from tests.world import NOON, World, another_clinic, bring

HOUR = timedelta(hours=1)
EXPECTED = ExpectedRow("1" * 32, "job", "PACS", "ORTHANC", "192.168.1.5", "1.2", "", [], NOON + HOUR)


def test_what_is_held_is_counted_by_level(each_world: World) -> None:
    slices = a_cbct_series(3)
    bring(each_world, *slices, a_panoramic(9))
    first = slices[0]
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.remote.held(Level.STUDY, first.StudyInstanceUID) == 3
        assert tx.remote.held(Level.SERIES, first.SeriesInstanceUID) == 3
        assert tx.remote.held(Level.IMAGE, first.SOPInstanceUID) == 1
        assert tx.remote.held(Level.STUDY, "1.2.3.4") == 0
        uids = tx.remote.held_of_study(first.StudyInstanceUID)
        assert uids == {str(one.SOPInstanceUID) for one in slices}
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.remote.held(Level.STUDY, first.StudyInstanceUID) == 0


def test_what_is_in_conflict_is_held_where_it_came(each_world: World) -> None:
    bring(each_world, a_panoramic(9), a_panoramic(9, study="other"))
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert len(tx.imaging.conflicts(None, 9)) == tx.imaging.state_counts()["conflict"] == 1
        assert tx.remote.held(Level.STUDY, uid("other")) == 1
        assert tx.remote.held_of_study(uid("other")) == {uid("panoramic", 9)}


def test_a_job_expects_one_thing_until_its_time_is_over(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.remote.expect(EXPECTED)
        later = replace(EXPECTED, id="2" * 32, series="1.3", instances=["1.4"])
        tx.remote.expect(later)
        assert tx.remote.expected_from("ORTHANC", NOON) == [later]
        assert tx.remote.expected_from("ORTHANC", NOON + 2 * HOUR) == []
        assert tx.remote.expected_from("OTHER", NOON) == []
        tx.remote.note_refused(later.id)
        assert tx.remote.expect_no_more("job") == 1
        assert tx.remote.expect_no_more("job") == 0


def test_rules_are_due_when_their_moment_has_come(each_world: World) -> None:
    node = NodeRow("3" * 32, "PACS", "ORTHANC", "192.168.1.5", 4242, NOON, NOON)
    rule = RuleRow("4" * 32, "priors", node.id, "priors", 5, 2, enabled=True, next_run_at=NOON)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.nodes.add(node)
        tx.remote.add_rule(rule)
        assert tx.remote.rules() == [rule]
        assert tx.remote.due_anywhere(NOON - HOUR) == []
        assert tx.remote.due_anywhere(NOON) == [(each_world.clinic_id, rule)]
        off = replace(rule, enabled=False, modalities=["OPG"])
        tx.remote.save_rule(off)
        assert tx.remote.rules() == [off]
        assert tx.remote.due_anywhere(NOON) == []
        tx.remote.remove_rule(rule.id)
        assert tx.remote.rules() == []


def test_what_covers_what_was_asked_for() -> None:
    assert EXPECTED.covers("1.2", "any", "any")
    assert not EXPECTED.covers("1.9", "any", "any")
    narrow = replace(EXPECTED, series="1.3", instances=["1.4"])
    assert narrow.covers("1.2", "1.3", "1.4")
    assert not narrow.covers("1.2", "1.3", "1.5")
    assert not narrow.covers("1.2", "1.9", "1.4")


def test_rows_offer_exactly_what_their_port_names() -> None:
    assert signatures(RemoteRows) == signatures(Port)
