from __future__ import annotations

import hashlib
import random
import shutil
import threading
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from porion.services.decide import reject, rule_out, split
from porion.services.errors import Conflict
from porion.services.images import list_quarantine, see_header
from porion.services.receive import Outcome, receive
from porion.services.records import DecisionRow, Origin
from porion.services.trail import verify_trail
from porion.services.undo import undo
from tests.builders import a_cbct_slice, a_lateral_ceph, a_panoramic, an_intra_oral, file_bytes, uid
from tests.services.scenes import ANNA, counts, dump, inbox, link_to, register
from tests.world import World, a_porion, another_clinic, bring


def data_set_of(content: bytes) -> bytes:
    """What follows the file meta group."""
    file = BytesIO(content)
    meta = dcmread(file, stop_before_pixels=True).file_meta
    return content[132 + 12 + meta.FileMetaInformationGroupLength :]


def archived(world: World, outcome: Outcome) -> bytes:
    with world.porion.store.read(world.clinic_id) as tx:
        uids = tx.imaging.instances_by_uid([outcome.sop_instance_uid or ""])
    (row,) = uids[outcome.sop_instance_uid or ""]
    with world.archive.open(world.clinic_id, row.digest) as file:
        return file.read()


def test_a_whole_file_is_archived_as_it_came_under_the_digest_of_its_data_set(world: World) -> None:
    content = file_bytes(a_panoramic())
    (outcome,) = bring(world, content)
    assert archived(world, outcome) == content
    assert list(world.archive.names(world.clinic_id)) == [hashlib.sha256(data_set_of(content)).hexdigest()]


def test_an_executable_preamble_is_zeroed_and_the_data_set_kept(world: World) -> None:
    content = file_bytes(a_panoramic(), preamble=b"MZ" + bytes(126))
    (outcome,) = bring(world, content)
    assert archived(world, outcome) == bytes(128) + content[128:]


def test_the_same_data_set_behind_another_preamble_or_meta_group_is_a_duplicate(world: World) -> None:
    content = file_bytes(a_panoramic())
    bring(world, content)
    assert [one.outcome for one in bring(world, data_set_of(content), b"\1" * 128 + content[128:])] == [
        "duplicate",
        "duplicate",
    ]


@pytest.mark.parametrize("kind", ["no preamble", "no meta group", "untrue transfer syntax"])
def test_a_file_with_an_untrue_head_is_archived_with_a_true_one(world: World, kind: str) -> None:
    content = file_bytes(a_panoramic())
    bare = data_set_of(content)
    explicit, implicit = b"1.2.840.10008.1.2.1\0", ImplicitVRLittleEndian.encode()
    damaged = {
        "no preamble": content[132:],
        "no meta group": bare,
        "untrue transfer syntax": content.replace(explicit, implicit.ljust(len(explicit), b"\0"), 1),
    }[kind]
    (outcome,) = bring(world, damaged)
    kept = archived(world, outcome)
    read = dcmread(BytesIO(kept))
    assert outcome.outcome == "pending"
    assert read.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert read.file_meta.MediaStorageSOPInstanceUID == read.SOPInstanceUID == uid("panoramic", 1)
    assert data_set_of(kept) == bare
    header = see_header(world.porion, world.actor, outcome.image_id or "")
    assert header.text("PatientName") == "Beispiel^Anna"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (b"GIF89a, not DICOM", "DICOM"),
        (b"", ""),
        (file_bytes(a_panoramic())[:400], "the file ends"),
        (
            file_bytes(a_panoramic(StudyInstanceUID=None, SeriesInstanceUID=None)),
            "No StudyInstanceUID, Series",
        ),
    ],
)
def test_what_cannot_be_an_instance_is_quarantined_with_the_reason(
    each_world: World, made: bytes, reason: str
) -> None:
    (outcome,) = bring(each_world, made)
    (row,) = list_quarantine(each_world.porion, each_world.actor)
    assert outcome.outcome == "quarantined"
    assert outcome.reason == row.reason
    assert reason in row.reason
    assert counts(each_world) == {"quarantined": 1}
    kept = each_world.data / "archive" / each_world.clinic_id / "quarantine" / row.digest[:2]
    assert (kept / f"{row.digest}.dcm").read_bytes() == made


def test_nothing_of_one_clinic_is_seen_or_blocked_by_another(each_world: World) -> None:
    here, there = each_world, another_clinic(each_world)
    files: list[Dataset | bytes] = [a_panoramic(), *[a_cbct_slice(n) for n in (1, 2)], b"not DICOM"]
    register(here)
    first, before = bring(here, *files), counts(here)
    assert inbox(there) == []
    second = bring(there, *files, a_panoramic(Rows=5))
    assert [one.outcome for one in second] == [one.outcome for one in first] + [second[-1].outcome]
    assert second[-1].outcome == "conflict"
    assert not {one.image_id for one in first} & {one.image_id for one in second} - {None}
    assert counts(here) == before
    assert [view.candidates for view in inbox(there)] == [(), ()]
    assert register(there).identifiers == ANNA.identifiers
    assert verify_trail(there.porion, there.actor).whole


def test_two_imports_of_the_same_files_at_once_make_one_row_each(each_world: World) -> None:
    world = each_world
    files = [file_bytes(a_panoramic(n)) for n in range(10)] + [
        file_bytes(a_cbct_slice(n), transfer_syntax="1.2.840.10008.1.2.1")[132:] for n in range(10)
    ]
    ready, outcomes, failures = threading.Barrier(2), [], []

    def one_import() -> None:
        ready.wait()
        try:
            outcomes.extend(bring(world, *files))
        except BaseException as error:
            failures.append(error)
            raise

    imports = [threading.Thread(target=one_import) for _ in range(2)]
    for one in imports:
        one.start()
    for one in imports:
        one.join()
    assert failures == []
    assert sorted(one.outcome for one in outcomes) == ["duplicate"] * 20 + ["pending"] * 20
    assert counts(world) == {"pending": 20}
    assert len(set(world.archive.names(world.clinic_id))) == 20
    assert verify_trail(world.porion, world.actor).whole


def test_receiving_what_is_indexed_already_changes_nothing(world: World) -> None:
    with world.spool.batch(world.clinic_id, Origin("test")) as batch:
        entries = [batch.put(BytesIO(file_bytes(a_panoramic())), "a.dcm"), batch.put(BytesIO(b"x"), "b.dcm")]
        batch.flush(entries)
        receive(world.porion, entries)
        before = dump(world)
        assert [one.outcome for one in receive(world.porion, entries)] == ["duplicate", "quarantined"]
        assert dump(world) == before
        batch.release(entries)


FILES: dict[str, bytes] = {
    **{f"panoramic {n}": file_bytes(a_panoramic(n)) for n in (1, 2)},
    "panoramic 1, other data set": file_bytes(a_panoramic(1, Rows=5)),
    "panoramic 1, third data set": file_bytes(a_panoramic(1, Rows=6)),
    "ceph": file_bytes(a_lateral_ceph()),
    "somebody else's": file_bytes(an_intra_oral(PatientName="Muster^Berta")),
    **{f"slice {n}": file_bytes(a_cbct_slice(n)) for n in range(3)},
    "slice of somebody else": file_bytes(a_cbct_slice(9, PatientName="Muster^Berta")),
    "garbage": b"garbage",
    "no UIDs": file_bytes(a_panoramic(StudyInstanceUID=None)),
}


class Clinic(RuleBasedStateMachine):
    """Whatever is received and decided, in any order: each instance stays in exactly one state."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.received: set[str] = set()
        self.decisions: list[DecisionRow] = []
        self.anna = register(self.world)

    @rule(names=st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=6))
    def receive_files(self, names: list[str]) -> None:
        outcomes = bring(self.world, *(FILES[name] for name in names))
        told = dict(zip(names, outcomes, strict=True))
        assert all(
            told[name].outcome != "duplicate" for name in set(names) - self.received if names.count(name) == 1
        )
        self.received.update(names)

    @rule(
        choice=st.randoms(use_true_random=False),
        kind=st.sampled_from(["link", "rule out", "reject", "split"]),
    )
    def decide(self, choice: random.Random, kind: str) -> None:
        waiting = inbox(self.world)
        if not waiting:
            return
        view = choice.choice(waiting)
        images = [image.id for image in view.images]
        porion, actor = self.world.porion, self.world.actor
        if kind == "reject":
            self.decisions.append(reject(porion, actor, view.item.id, "blurred"))
        elif kind == "split" and len(images) > 1:
            self.decisions.append(split(porion, actor, view.item.id, images[:1]))
        elif kind == "link":
            self.decisions.append(link_to(self.world, view, self.anna, reason="asked her"))
        else:
            rule_out(porion, actor, view.item.id, self.anna.id, None)

    @rule(choice=st.randoms(use_true_random=False))
    def take_back(self, choice: random.Random) -> None:
        if self.decisions:
            try:
                undo(self.world.porion, self.world.actor, choice.choice(self.decisions).id)
            except Conflict:
                return

    @invariant()
    def each_instance_is_in_exactly_one_state(self) -> None:
        if hasattr(self, "received"):
            assert sum(counts(self.world).values()) == len(self.received)

    @invariant()
    def every_image_is_in_an_item_that_somebody_can_see(self) -> None:
        if hasattr(self, "received"):
            listed = [
                image.id
                for state in ("pending", "linked", "quarantined")
                for view in inbox(self.world, state)
                for image in view.images
            ]
            assert len(listed) == len(set(listed)) == len(dump(self.world)["images"])

    def teardown(self) -> None:
        assert verify_trail(self.world.porion, self.world.actor).whole
        self.world.engine.dispose()


def test_whatever_is_received_and_decided_each_instance_is_in_one_state(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    class FreshClinic(Clinic):
        def __init__(self) -> None:
            super().__init__()
            data = tmp_path_factory.mktemp("clinic")
            shutil.copy(sqlite_template, data / "porion.sqlite")
            self.world = a_porion(data)

    many = settings(
        max_examples=30,
        stateful_step_count=12,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(FreshClinic, settings=many)
