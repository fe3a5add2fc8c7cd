from __future__ import annotations

import random
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    BasicTextSRStorage,
    EncapsulatedPDFStorage,
    VLPhotographicImageStorage,
)

from porion.services.images import correct_category, list_images, see_image
from porion.services.records import ImageFilter, ImageRow
from porion.services.undo import undo
from tests.builders import (
    a_cbct_series,
    a_cbct_slice,
    a_lateral_ceph,
    a_panoramic,
    an_enhanced_ct,
    an_intra_oral,
    an_x_ray,
    data_set,
    uid,
)
from tests.services.scenes import a_raw_image, counts, dump, inbox, link_to, register, waiting
from tests.world import World, another_clinic, bring


def images(world: World, **wanted: Any) -> list[ImageRow]:
    views = list_images(world.porion, world.actor, ImageFilter(**wanted), limit=200)
    return [view.image for view in views][::-1]


def exposures(world: World) -> list[str]:
    return dump(world)["exposures"]


def test_the_same_data_set_again_is_a_duplicate_and_changes_nothing(each_world: World) -> None:
    files: list[Dataset | bytes] = [a_panoramic(), a_lateral_ceph(), *a_cbct_series(3), b"no DICOM at all"]
    bring(each_world, *files)
    before = dump(each_world)
    again = bring(each_world, *files)
    assert [one.outcome for one in again] == ["duplicate"] * 5 + ["quarantined"]
    assert again[0].image_id == images(each_world)[0].id
    assert dump(each_world) == before


def test_another_data_set_under_the_same_uid_is_kept_as_a_conflict(each_world: World) -> None:
    (first,) = bring(each_world, a_panoramic())
    (second,) = bring(each_world, a_panoramic(Rows=5))
    assert (first.outcome, second.outcome) == ("pending", "conflict")
    assert second.image_id == first.image_id
    assert counts(each_world) == {"pending": 1, "conflict": 1}
    assert len(set(each_world.archive.names(each_world.clinic_id))) == 2
    assert bring(each_world, a_panoramic(Rows=5))[0].outcome == "duplicate"


def test_two_data_sets_under_one_uid_in_one_batch_are_a_conflict_too(world: World) -> None:
    outcomes = bring(world, a_panoramic(), a_panoramic(Rows=5), a_panoramic())
    assert [one.outcome for one in outcomes] == ["pending", "conflict", "duplicate"]


def test_slices_in_any_order_and_many_batches_make_one_volume(each_world: World) -> None:
    slices = a_cbct_series(12, ImagesInAcquisition=12)
    random.Random(7).shuffle(slices)
    for start in range(0, 12, 5):
        bring(each_world, *slices[start : start + 5])
    (image,) = images(each_world)
    assert image.slices == 12
    assert image.category == "CBCT"
    assert image.volume is not None
    assert image.volume["order"] == [uid("study-cbct", "slice", n) for n in range(1, 13)]
    assert image.volume["spacing"] == [0.3, 0.3, 0.3]
    assert image.volume["verdict"] == "complete"
    assert image.volume["summary"] == "12 slices, 0.3 mm"


def test_a_volume_that_still_arrives_says_how_much_is_there(world: World) -> None:
    bring(world, *a_cbct_series(12, ImagesInAcquisition=12)[:4])
    (image,) = images(world)
    assert image.volume is not None
    assert image.volume["summary"] == "4 slices so far, 12 expected"
    assert image.volume["missing"] == 8


def test_one_slice_that_announces_the_number_is_enough(world: World) -> None:
    bring(world, a_cbct_slice(1, ImagesInAcquisition=5), a_cbct_slice(2))
    (image,) = images(world)
    assert image.volume is not None
    assert image.volume["missing"] == 3


def test_a_late_slice_of_a_linked_volume_is_linked(world: World) -> None:
    anna = register(world)
    link_to(world, waiting(world, *a_cbct_series(3)), anna)
    (late,) = bring(world, a_cbct_slice(4))
    assert late.outcome == "linked"
    (image,) = images(world, patient_id=anna.id)
    assert image.slices == 4
    assert counts(world) == {"linked": 4}


def test_another_image_of_a_linked_study_waits_by_itself(world: World) -> None:
    anna = register(world)
    link_to(world, waiting(world, a_panoramic()), anna)
    (late,) = bring(world, a_lateral_ceph())
    assert late.outcome == "pending"
    assert counts(world) == {"linked": 1, "pending": 1}


def test_two_claims_in_one_series_are_two_images_of_two_items(world: World) -> None:
    mixed = [*a_cbct_series(2), a_cbct_slice(3, PatientName="Muster^Berta", PatientID="P-2")]
    bring(world, *mixed)
    assert [image.slices for image in images(world)] == [2, 1]
    assert len({image.item_id for image in images(world)}) == 2
    register(world)
    vetoes = [veto for view in inbox(world) for candidate in view.candidates for veto in candidate.vetoes]
    assert any(veto.rule == "conflicting" for veto in vetoes)


def test_sixty_slices_of_one_event_are_one_exposure(world: World) -> None:
    for batch in range(3):
        bring(world, *[a_cbct_slice(20 * batch + n, AcquisitionNumber=1) for n in range(1, 21)])
    assert len(exposures(world)) == 1
    (image,) = images(world)
    exposure = see_image(world.porion, world.actor, image.id).exposure
    assert exposure is not None
    assert str(exposure.kvp) == "120"
    assert len(exposure.observations) == len(set(exposure.observations)) < 20


def test_a_raw_and_a_processed_panoramic_of_one_event_are_one_exposure_and_two_images(
    each_world: World,
) -> None:
    event = uid("event")
    bring(each_world, a_panoramic(1, IrradiationEventUID=event))
    bring(each_world, a_panoramic(2, IrradiationEventUID=event, ImageType=["DERIVED", "PRIMARY"]))
    assert len(exposures(each_world)) == 1
    assert len({image.exposure_id for image in images(each_world)}) == 1
    assert len(images(each_world)) == 2


def test_an_unknown_dose_is_null_with_a_reason(each_world: World) -> None:
    bring(each_world, an_intra_oral())
    (image,) = images(each_world)
    exposure = see_image(each_world.porion, each_world.actor, image.id).exposure
    assert exposure is not None
    assert exposure.dap_mgycm2 is None
    assert dict(exposure.missing)["dap_mgycm2"] == "not in the header"


def test_a_multi_frame_volume_is_one_image(world: World) -> None:
    bring(world, an_enhanced_ct(frames=5))
    (image,) = images(world)
    assert (image.frames, image.slices, image.instance_id) == (5, 5, uid("enhanced"))


@pytest.mark.parametrize(
    ("made", "file_type", "category"),
    [
        (
            an_x_ray(SOPClassUID=VLPhotographicImageStorage, SOPInstanceUID=uid("photo"), Modality="XC"),
            "PHOTOGRAPH",
            "OTHER",
        ),
        (
            data_set(
                SOPClassUID=BasicTextSRStorage,
                SOPInstanceUID=uid("sr"),
                StudyInstanceUID=uid("s"),
                SeriesInstanceUID=uid("s", 1),
                Modality="SR",
            ),
            "REPORT",
            None,
        ),
        (
            data_set(
                SOPClassUID=EncapsulatedPDFStorage,
                SOPInstanceUID=uid("pdf"),
                StudyInstanceUID=uid("s"),
                SeriesInstanceUID=uid("s", 1),
                Modality="DOC",
            ),
            "DOCUMENT",
            None,
        ),
    ],
    ids=["photograph", "report", "document"],
)
def test_what_is_no_x_ray_is_kept_as_what_it_is(
    world: World, made: Any, file_type: str, category: str
) -> None:
    (outcome,) = bring(world, made)
    assert outcome.outcome == "pending"
    (image,) = images(world)
    assert (image.file_type, image.category, image.exposure_id) == (file_type, category, None)


def test_a_correction_proposes_itself_for_the_next_image_of_device_and_protocol(each_world: World) -> None:
    world = each_world
    bring(world, an_intra_oral(1, ProtocolName="A"))
    correct_category(world.porion, world.actor, images(world)[0].id, "BITEWING")
    (outcome,) = bring(world, an_intra_oral(2, ProtocolName="A"))
    bring(world, an_intra_oral(3, ProtocolName="B"))
    corrected, same, other = images(world)
    assert outcome.category == "BITEWING"
    assert (corrected.category, corrected.modality, corrected.needs_review) == ("BITEWING", "BW", False)
    assert (same.category, same.modality, same.needs_review, same.corrected_by) == (
        "BITEWING",
        "BW",
        True,
        None,
    )
    assert other.category != "BITEWING"


def test_a_correction_taken_back_proposes_itself_no_more(world: World) -> None:
    bring(world, an_intra_oral(1, ProtocolName="A"))
    first = images(world)[0]
    for category in ("OCCLUSAL", "BITEWING"):
        correct_category(world.porion, world.actor, first.id, category)
    with world.porion.store.read(world.clinic_id) as tx:
        earlier, later = tx.inbox.decisions_on_image(first.id)
    undo(world.porion, world.actor, later.id)
    bring(world, an_intra_oral(2, ProtocolName="A"))
    undo(world.porion, world.actor, earlier.id)
    bring(world, an_intra_oral(3, ProtocolName="A"))
    assert [image.category for image in images(world)] == [first.category, "OCCLUSAL", first.category]


def test_texts_and_numbers_beyond_all_bounds_are_kept_without_harm(each_world: World) -> None:
    hostile = [
        a_raw_image(1, {0x00080070: ("LO", b"M" * 9000), 0x00181030: ("LO", b"P" * 9000)}),
        a_raw_image(2, {0x00280008: ("IS", b"9" * 400), 0x00200013: ("IS", b"-" + b"9" * 30)}),
        a_raw_image(3, {0x00081030: ("LO", b"A\0B"), 0x00200010: ("SH", b"\xff\xfe\x1b[31m")}),
        a_raw_image(4, {0x00083010: ("UI", b"\\".join(b"1.2.%d" % n for n in range(2000)))}),
        a_raw_image(5, {0x00180060: ("DS", b"1E300"), 0x00181150: ("IS", b"9" * 300)}),
        a_raw_image(6, {0x00100010: ("PN", b"N" * 9000), 0x00100020: ("LO", b"I" * 9000)}),
        a_raw_image(7, {0x00080018: ("UI", b"no UID, \xc3\xb6 \x01")}),
    ]
    outcomes = bring(each_world, *hostile)
    assert [one.outcome for one in outcomes] == ["pending"] * 7
    for image in images(each_world):
        correct_category(each_world.porion, each_world.actor, image.id, "TMJ")
    anna = register(each_world)
    for view in inbox(each_world):
        link_to(each_world, view, anna)
    assert counts(each_world) == {"linked": 7}
    assert [image.frames for image in images(each_world)] == [1] * 7
    assert {image.category for image in images(each_world)} == {"TMJ"}


def test_a_volume_that_grows_slice_by_slice_is_the_one_that_came_at_once(each_world: World) -> None:
    there = another_clinic(each_world)
    series = a_cbct_series(7, ImagesInAcquisition=9)
    bring(there, *series)
    for made in series:
        bring(each_world, made)
    (grown,), (whole,) = images(each_world), images(there)
    assert (grown.slices, grown.volume) == (whole.slices, whole.volume)


def test_a_later_slice_that_repeats_the_dose_writes_no_exposure(world: World) -> None:
    bring(world, a_cbct_slice(1))
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE exposures SET kvp = '1'")
    bring(world, a_cbct_slice(2))
    (repeated,) = exposures(world)
    bring(world, a_cbct_slice(3, KVP="110"))
    (changed,) = exposures(world)
    assert "Decimal('1')" in repeated
    assert "Decimal('1')" not in changed
