from __future__ import annotations

from contextlib import closing

from porion.dicom.file_meta import file_prefix
from porion.services.records import Origin
from porion.store.waiting import waiting_uids
from tests.world import World


def test_what_is_sealed_waits_and_what_is_not_does_not(world: World) -> None:
    prefix = file_prefix("1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1.2.840.10008.1.2.1", sealable=True)
    with closing(world.spool.inlet(world.clinic_id, Origin("dicom"))) as inlet:
        intake = inlet.open(prefix)
        intake.write(memoryview(b"data set"))
        assert set(waiting_uids(world.spool.root, world.clinic_id)) == set()
        intake.seal()
        assert world.spool.waiting(world.clinic_id) == {"1.2.3"}
        assert world.spool.waiting("another clinic") == frozenset()


def test_what_is_no_queue_is_passed_over(world: World) -> None:
    with world.spool.batch(world.clinic_id, Origin("test")):
        (world.spool.root / "a file").write_text("x")
        assert world.spool.waiting(world.clinic_id) == frozenset()
