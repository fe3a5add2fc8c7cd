from __future__ import annotations

from typing import Any

import pytest
from pydicom.uid import EncapsulatedPDFStorage

from porion.services.errors import Invalid, NotFound
from porion.services.images import (
    correct_category,
    count_states,
    list_conflicts,
    list_images,
    list_quarantine,
    open_file,
    see_header,
    see_image,
)
from porion.services.records import ImageFilter
from porion.services.trail import read_trail
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, data_set, file_bytes, uid
from tests.services.scenes import inbox, link_to, register, waiting
from tests.store.plans import asked
from tests.world import World, another_clinic, bring


def listed(world: World, **wanted: Any) -> list[str]:
    views = list_images(world.porion, world.actor, ImageFilter(**wanted))
    return [view.image.category or "" for view in views]


def test_a_page_of_images_is_read_with_as_many_questions_as_one_image(world: World) -> None:
    bring(world, a_panoramic())
    with asked(world.engine) as alone:
        list_images(world.porion, world.actor, ImageFilter())
    bring(world, *(a_panoramic(n, study=f"study {n}") for n in range(2, 9)), a_cbct_series(2)[0])
    with asked(world.engine) as many:
        assert len(list_images(world.porion, world.actor, ImageFilter())) == 9
    reading = [[one for one in told if one.startswith("SELECT")] for told in (alone, many)]
    assert len(reading[0]) == len(reading[1])


def test_an_image_is_listed_with_its_own_study_series_and_exposure(each_world: World) -> None:
    world = each_world
    bring(world, *(a_panoramic(n, study=f"study {n}", KVP=60 + n) for n in range(1, 5)))
    views = list_images(world.porion, world.actor, ImageFilter())
    shown = [(view.study.study_instance_uid, view.exposure and view.exposure.kvp) for view in views]
    assert shown == [(uid(f"study {n}"), 60 + n) for n in (4, 3, 2, 1)]
    assert all(view.series.study_id == view.item.study_id == view.study.id for view in views)


def test_a_filter_narrows_by_everything_it_names(each_world: World) -> None:
    world = each_world
    anna = register(world)
    link_to(world, waiting(world, a_panoramic()), anna)
    bring(world, a_lateral_ceph(study="another"), *a_cbct_series(2))
    assert listed(world) == ["CBCT", "CEPHALOMETRIC_LATERAL", "PANORAMIC"]
    assert listed(world, patient_id=anna.id) == listed(world, status="linked") == ["PANORAMIC"]
    assert listed(world, status="pending") == ["CBCT", "CEPHALOMETRIC_LATERAL"]
    assert listed(world, study_id=uid("another")) == ["CEPHALOMETRIC_LATERAL"]
    assert listed(world, study_id=uid("nowhere")) == []
    assert listed(world, item_id=inbox(world)[1].item.id) == ["CBCT"]
    assert listed(world, category="CBCT", status="linked") == []
    assert listed(world, file_type="XRAY", category="PANORAMIC") == ["PANORAMIC"]
    assert sorted([*listed(world, needs_review=True), *listed(world, needs_review=False)]) == sorted(
        listed(world)
    )


def test_lists_have_pages(each_world: World) -> None:
    bring(each_world, *[a_panoramic(number) for number in range(5)], *[b"%d" % n for n in range(5)])
    bring(each_world, *[a_panoramic(number, Rows=9) for number in range(5)])
    porion, actor = each_world.porion, each_world.actor
    images = [view.image.id for view in list_images(porion, actor, ImageFilter())]
    second = list_images(porion, actor, ImageFilter(), after=images[1], limit=2)
    assert [view.image.id for view in second] == images[2:4]
    for list_them in (list_conflicts, list_quarantine):
        ids = [row.id for row in list_them(porion, actor)]
        assert len(ids) == 5
        assert [row.id for row in list_them(porion, actor, after=ids[1], limit=2)] == ids[2:4]


def test_an_image_comes_with_everything_that_belongs_to_it(each_world: World) -> None:
    bring(each_world, *a_cbct_series(3))
    view = see_image(each_world.porion, each_world.actor, inbox(each_world)[0].images[0].id)
    assert view.study.study_instance_uid == uid("study-cbct")
    assert view.series.modality == "CT"
    assert view.item.state == "pending"
    assert [one.instance_number for one in view.instances] == [1, 2, 3]
    assert view.exposure is not None
    assert (view.image.pixel_spacing or {})["basis"] == "calibrated"


def test_header_and_file_are_those_of_the_instance_that_was_asked_for(world: World) -> None:
    bring(world, *a_cbct_series(3))
    image_id = inbox(world)[0].images[0].id
    second = uid("study-cbct", "slice", 2)
    assert see_header(world.porion, world.actor, image_id).integer("InstanceNumber") == 1
    assert see_header(world.porion, world.actor, image_id, second).integer("InstanceNumber") == 2
    instance, file = open_file(world.porion, world.actor, image_id, second)
    with file:
        assert file.read() == file_bytes(a_cbct_series(3)[1])
    assert instance.sop_instance_uid == second
    with pytest.raises(NotFound, match="no instance"):
        open_file(world.porion, world.actor, image_id, "1.2.3")


def test_a_file_that_the_archive_lost_is_told_in_words(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    for digest in world.archive.names(world.clinic_id):
        world.archive.path(world.clinic_id, digest).unlink()
    for read in (see_header, open_file):
        with pytest.raises(NotFound, match="restore it from a backup"):
            read(world.porion, world.actor, outcome.image_id or "")


def test_there_is_no_image_of_another_clinic(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    there = another_clinic(world)
    for see in (see_image, see_header, open_file):
        with pytest.raises(NotFound):
            see(there.porion, there.actor, outcome.image_id or "")
    with pytest.raises(NotFound):
        correct_category(there.porion, there.actor, outcome.image_id or "", "TMJ")
    assert listed(there) == []
    assert set(count_states(there.porion, there.actor).values()) == {0}


def test_a_category_is_one_of_the_clinics(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    with pytest.raises(Invalid, match="SELFIE is no category: choose among PANORAMIC"):
        correct_category(world.porion, world.actor, outcome.image_id or "", "SELFIE")


def test_what_is_no_image_has_no_category_to_correct(world: World) -> None:
    document = data_set(
        SOPClassUID=EncapsulatedPDFStorage,
        SOPInstanceUID=uid("pdf"),
        StudyInstanceUID=uid("s"),
        SeriesInstanceUID=uid("s", 1),
        Modality="DOC",
    )
    (outcome,) = bring(world, document)
    with pytest.raises(Invalid, match="no image"):
        correct_category(world.porion, world.actor, outcome.image_id or "", "TMJ")


def test_every_look_at_an_image_is_on_the_trail(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    image_id = outcome.image_id or ""
    see_image(world.porion, world.actor, image_id)
    see_header(world.porion, world.actor, image_id)
    open_file(world.porion, world.actor, image_id)[1].close()
    rows = read_trail(world.porion, world.actor, before=None, limit=9, object_id=image_id)
    assert [row.action for row in rows] == ["file read", "file read", "image shown"]
