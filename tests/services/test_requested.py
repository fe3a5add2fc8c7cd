from __future__ import annotations

from contextlib import closing

import pytest

from porion.dicom.header import read_file_meta
from porion.services import requested
from porion.services.errors import NodeFailed
from porion.services.nodes import target_of
from porion.services.remote_ports import Store, Wanted
from porion.services.requested import RequestedSink
from tests.asked import a_node, remotes
from tests.builders import a_cbct_series, a_panoramic, file_bytes
from tests.services.retrieving import index
from tests.services.scenes import counts
from tests.world import World


def a_sink(world: World, wanted: Wanted) -> RequestedSink:
    node = a_node(world, 104)
    with world.porion.store.read(world.clinic_id) as tx:
        target = target_of(tx, remotes(), world.clinic_id, node)
    return RequestedSink(world.porion, world.clinic_id, target, wanted, "dicom")


def stored(content: bytes, piece: int = 1000) -> Store:
    meta, at = read_file_meta(content)
    uids = meta.text("MediaStorageSOPClassUID") or "", meta.text("MediaStorageSOPInstanceUID") or ""
    pieces = (memoryview(content)[start : start + piece] for start in range(at, len(content), piece))
    return Store(*uids, meta.text("TransferSyntaxUID") or "", pieces)


def test_study_series_and_instances_say_what_is_wanted(world: World) -> None:
    first, second, third = a_cbct_series(3)
    other = a_panoramic(9, study="another")
    study, series = str(first.StudyInstanceUID), str(first.SeriesInstanceUID)
    wanted = Wanted(study, series, (str(first.SOPInstanceUID), str(second.SOPInstanceUID)))
    with closing(a_sink(world, wanted)) as sink:
        taken = [sink.take(stored(file_bytes(one))) for one in (first, second, third, other)]
        assert taken == [True, True, False, False]
        assert sink.refused == 2
        assert world.spool.waiting(world.clinic_id) == set(wanted.instances)
    index(world)
    assert counts(world) == {"pending": 2}


def test_what_its_own_header_does_not_say_counts_for_nothing(world: World) -> None:
    made = a_panoramic(1)
    content = file_bytes(made)
    liar = stored(file_bytes(a_panoramic(2, study="another")))
    with closing(a_sink(world, Wanted(str(made.StudyInstanceUID)))) as sink:
        lie = Store(str(made.SOPClassUID), str(made.SOPInstanceUID), liar.transfer_syntax, liar.pieces)
        assert not sink.take(lie)
        assert not sink.take(Store("1.2", "1.3", "1.2.840.10008.1.2.1", iter([memoryview(b"garbage")])))
        assert not sink.take(Store("1.2", "1.3", "1.2.840.10008.1.2.1", iter(())))
        assert sink.take(stored(content))
    index(world)
    assert counts(world) == {"pending": 1}


def test_a_node_that_sends_without_an_end_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requested, "_MOST_STORES", 3)
    content = file_bytes(a_panoramic(1))
    with closing(a_sink(world, Wanted("1.2"))) as sink:
        for _ in range(3):
            assert not sink.take(stored(content))
        with pytest.raises(NodeFailed, match="without an end"):
            sink.take(stored(content))
