from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.dicom.acquired import acquired_at
from porion.dicom.elements import Element, Elements, Header
from porion.dicom.habits import NO_HABITS
from porion.dicom.header import read_header
from porion.services.arrival import ImageFacts
from porion.services.image_facts import OF_ONE_SLICE, image_facts, slice_facts
from tests.builders import a_cbct_slice, data_set, file_bytes

# What each attribute of one slice says in these tests: all of it would change the facts if it were asked.
ODD: dict[str, Any] = {
    "AcquisitionDate": "20200101",
    "AcquisitionDateTime": "20200101101010+0300",
    "AcquisitionTime": "111111",
    "ContentDate": "20200102",
    "ContentTime": "121212",
    "ImagePositionPatient": ["1", "2", "3"],
    "InstanceCreationDate": "20200103",
    "InstanceCreationTime": "131313",
    "InstanceNumber": 77,
    "LargestImagePixelValue": 4095,
    "PixelData": bytes(64),
    "SliceLocation": "9.5",
    "SmallestImagePixelValue": 1,
    "SOPInstanceUID": "1.2.3.4.5",
    "WindowCenter": "85",
    "WindowWidth": "90",
}


def header(made: Dataset) -> Header:
    return read_header(file_bytes(made))


def facts(made: Dataset) -> ImageFacts:
    read = header(made)
    return slice_facts(read, acquired_at(read).value)


def test_a_slice_has_the_facts_that_it_would_have_alone() -> None:
    for made in (
        a_cbct_slice(1),
        a_cbct_slice(2),
        a_cbct_slice(3, PatientName="Muster^Berta"),
        a_cbct_slice(4, AcquisitionTime="101501"),
        a_cbct_slice(5, AcquisitionTime="101501", KVP="120"),
        a_cbct_slice(6, SeriesDescription="MANDIBLE"),
        a_cbct_slice(7, RequestAttributesSequence=[data_set(RequestedProcedureDescription="DVT")]),
        a_cbct_slice(8),
    ):
        assert facts(made) == image_facts(header(made))


def test_slices_that_say_the_same_share_their_facts() -> None:
    first, second = facts(a_cbct_slice(1)), facts(a_cbct_slice(2))
    assert first is second


def test_series_that_arrive_together_do_not_drive_each_other_out() -> None:
    def of(series: int) -> ImageFacts:
        return facts(a_cbct_slice(1, SeriesInstanceUID=f"1.2.3.{series}", AcquisitionNumber=series))

    before = [of(series) for series in range(4)]
    assert all(of(series) is one for series, one in enumerate(before))


@pytest.mark.parametrize("keyword", sorted(ODD))
def test_what_a_slice_says_of_itself_changes_nothing_but_the_moment(keyword: str) -> None:
    shared = header(a_cbct_slice(1)).data_set.without(OF_ONE_SLICE)
    (own,) = (one for one in said_of_itself() if one.keyword == keyword)
    alone, with_it = (image_facts(made_of(elements)) for elements in (shared, {**shared, own.tag: own}))
    assert alone.exposure is not None
    assert with_it.exposure is not None
    assert replace(with_it, exposure=replace(with_it.exposure, started_at=alone.exposure.started_at)) == alone


def test_every_attribute_of_one_slice_is_tried() -> None:
    assert {one.tag for one in said_of_itself()} == OF_ONE_SLICE


def said_of_itself() -> list[Element]:
    read = header(data_set(**ODD, SOPClassUID="1.2.3", PixelRepresentation=0, BitsAllocated=16))
    return [one for one in read.data_set.values() if one.keyword in ODD]


def made_of(elements: dict[int, Element]) -> Header:
    return Header(Elements(dict(sorted(elements.items()))), Elements(), "", 0, 0, habits=NO_HABITS)


def test_the_same_moment_in_another_zone_is_told_in_that_zone() -> None:
    read = header(a_cbct_slice(1))
    here = datetime(2026, 3, 2, 12, tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=3)))
    for moment in (here, there, None, here):
        exposure = slice_facts(read, moment).exposure
        assert exposure is not None
        assert str(exposure.started_at) == str(moment)
