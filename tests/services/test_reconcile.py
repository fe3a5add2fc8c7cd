from __future__ import annotations

from io import BytesIO

from porion.services.reconcile import Findings, reconcile
from porion.services.records import Origin
from porion.services.trail import read_trail
from tests.builders import a_panoramic, file_bytes
from tests.services.scenes import counts, dump
from tests.world import World, another_clinic, bring


def leave_behind(world: World, *contents: bytes) -> None:
    """Files that a process flushed into the spool before it ended."""
    with world.spool.batch(world.clinic_id, Origin("test", ae_title="NEWTOM")) as batch:
        batch.flush([batch.put(BytesIO(content), f"{n}.dcm") for n, content in enumerate(contents)])


def test_what_was_left_in_the_spool_is_received_once(each_world: World) -> None:
    world, there = each_world, another_clinic(each_world)
    leave_behind(world, file_bytes(a_panoramic()), b"garbage")
    leave_behind(world, file_bytes(a_panoramic()), file_bytes(a_panoramic(Rows=5)))
    leave_behind(there, file_bytes(a_panoramic()))
    findings = reconcile(world.porion, world.clinic_id)
    assert findings.recovered == {"pending": 2, "quarantined": 1, "duplicate": 1, "conflict": 1}
    assert findings.states == {"linked": 0, "pending": 1, "conflict": 1, "quarantined": 1}
    assert counts(there) == {"pending": 1}
    assert list(world.spool.root.iterdir()) == []
    assert reconcile(world.porion, world.clinic_id).recovered == {}


def test_what_was_indexed_but_not_yet_released_is_a_duplicate(world: World) -> None:
    bring(world, a_panoramic())
    leave_behind(world, file_bytes(a_panoramic()))
    before = dump(world)
    assert reconcile(world.porion, world.clinic_id).recovered == {"duplicate": 1}
    assert dump(world) == before


def test_what_comes_out_of_the_spool_remembers_who_sent_it(world: World) -> None:
    leave_behind(world, file_bytes(a_panoramic()))
    reconcile(world.porion, world.clinic_id)
    assert "newtom|synthetic devices" in str(dump(world)["images"])
    assert "0.dcm" in str(dump(world)["images"])


def test_a_batch_that_is_being_filled_is_left_alone(world: World) -> None:
    with world.spool.batch(world.clinic_id, Origin("test")) as batch:
        entries = [batch.put(BytesIO(file_bytes(a_panoramic())), "a.dcm")]
        batch.flush(entries)
        assert reconcile(world.porion, world.clinic_id).recovered == {}
        batch.release(entries)


def test_missing_files_are_counted_and_told_and_nothing_is_deleted(world: World) -> None:
    bring(world, a_panoramic(1), a_panoramic(2))
    lost, kept = sorted(world.archive.names(world.clinic_id))
    world.archive.path(world.clinic_id, lost).unlink()
    before = dump(world)
    findings = reconcile(world.porion, world.clinic_id)
    assert findings.missing_files == 1
    assert dump(world) == before
    assert list(world.archive.names(world.clinic_id)) == [kept]
    (link,) = read_trail(world.porion, world.actor, before=None, limit=1, object_id=world.clinic_id)
    assert link.detail == {"recovered": {}, "missing": 1, "withoutRow": 0}


def test_files_without_a_row_are_counted_and_kept(world: World) -> None:
    bring(world, a_panoramic())
    (held,) = world.archive.names(world.clinic_id)
    stray = world.archive.path(world.clinic_id, "0" * 64)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(world.archive.path(world.clinic_id, held).read_bytes())

    findings = reconcile(world.porion, world.clinic_id)

    assert (findings.files_without_row, findings.missing_files) == (1, 0)
    assert "1 archived files have no row" in findings.sentence()
    assert stray.exists()


def test_findings_are_told_in_a_sentence() -> None:
    assert Findings().sentence() == "Holding nothing yet."
    told = Findings({"pending": 2, "duplicate": 1}, 3, {"linked": 0, "pending": 7}).sentence()
    assert told == (
        "Holding 7 pending. Received 3 files that an interrupted run had left in the spool."
        " 3 data sets have no file in the archive: restore a backup."
    )
