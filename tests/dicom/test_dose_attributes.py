"""The standard's dose attributes, at the top of the data set and inside functional groups."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.uid import XRay3DCraniofacialImageStorage

from porion.dicom.dose_attributes import DOSE_ATTRIBUTES, attribute_readings, irradiation_events
from porion.dicom.header import read_header
from porion.dicom.units import Reading, unit_factor
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, an_intra_oral, data_set, file_bytes, uid


def readings(made: Dataset) -> list[Reading]:
    return list(attribute_readings(read_header(file_bytes(made))))


def reading(made: Dataset, keyword: str) -> Reading:
    (found,) = [one for one in readings(made) if one.rule == keyword]
    return found


def enhanced(*frames: dict[str, Any], **shared: Any) -> Dataset:
    """An enhanced CT whose frames have the given CT exposure attributes."""
    made = an_enhanced_ct(len(frames))
    for group, attributes in zip(made.PerFrameFunctionalGroupsSequence, frames, strict=True):
        group.CTExposureSequence = [data_set(**attributes)]
    made.SharedFunctionalGroupsSequence[0].CTXRayDetailsSequence = [data_set(**shared)]
    return made


def test_every_row_has_a_unit_of_its_quantity_a_source_and_a_rank_of_its_own() -> None:
    assert all(unit_factor(row.quantity, row.unit) and row.source for row in DOSE_ATTRIBUTES)
    assert len({(row.quantity, row.rank) for row in DOSE_ATTRIBUTES}) == len(DOSE_ATTRIBUTES)


def test_an_integer_attribute_never_outranks_a_decimal_one_of_its_quantity() -> None:
    decimal = {
        row.quantity: row.rank for row in DOSE_ATTRIBUTES if dictionary_VR(row.keyword) in {"FD", "FL", "DS"}
    }
    for row in DOSE_ATTRIBUTES:
        if dictionary_VR(row.keyword) == "US" or row.keyword in {
            "ExposureTime",
            "XRayTubeCurrent",
            "Exposure",
        }:
            assert row.rank > decimal[row.quantity]


def test_area_dose_is_read_in_the_standards_unit_and_not_as_milligray() -> None:
    found = reading(a_panoramic(), "ImageAndFluoroscopyAreaDoseProduct")
    assert (found.raw_text, found.raw_unit, found.tag) == ("0.81", "dGy.cm2", "(0018,115E)")


def test_a_single_precision_float_is_read_as_the_number_that_was_meant() -> None:
    made = a_cbct_slice(1, AcquiredImageAreaDoseProduct=0.81)
    assert reading(made, "AcquiredImageAreaDoseProduct").raw_text == "0.81"


def test_an_attribute_without_a_value_is_a_reading_without_text() -> None:
    assert reading(an_intra_oral(KVP=""), "KVP").raw_text == ""


def test_values_that_all_frames_share_are_one_reading() -> None:
    made = enhanced(*[{"ExposureInmAs": 7.5, "CTDIvol": 1.25}] * 3, KVP="90")
    assert reading(made, "ExposureInmAs").raw_text == "7.5"
    assert reading(made, "CTDIvol").tag == "(5200,9230)[0].(0018,9321)[0].(0018,9345)"
    assert reading(made, "KVP").tag == "(5200,9229)[0].(0018,9325)[0].(0018,0060)"


def test_values_that_differ_between_frames_are_kept_and_not_used() -> None:
    made = enhanced({"XRayTubeCurrentInmA": 5.0}, {"XRayTubeCurrentInmA": 6.0}, KVP="90")
    found = reading(made, "XRayTubeCurrentInmA")
    assert (found.raw_text, found.fault) == ("5.0\\6.0", "differs between frames")


def test_a_craniofacial_volume_states_its_technique_per_acquisition() -> None:
    acquisition = data_set(KVP="96", XRayTubeCurrentInmA=5.6, ExposureTimeInms=12000.0)
    made = an_enhanced_ct(SOPClassUID=XRay3DCraniofacialImageStorage, XRay3DAcquisitionSequence=[acquisition])
    assert {one.rule: one.raw_text for one in readings(made)} == {
        "KVP": "96",
        "XRayTubeCurrentInmA": "5.6",
        "ExposureTimeInms": "12000.0",
    }


@pytest.mark.parametrize(
    ("named", "found"),
    [(None, ()), (["2.25.9"], ("2.25.9",)), (["2.25.9", "2.25.10"], ("2.25.10", "2.25.9"))],
)
def test_irradiation_events_are_sorted(named: list[str] | None, found: tuple[str, ...]) -> None:
    assert irradiation_events(read_header(file_bytes(a_panoramic(IrradiationEventUID=named)))) == found


def test_irradiation_events_of_frames_and_contributing_sources_are_found() -> None:
    made = an_enhanced_ct(ContributingSourcesSequence=[data_set(IrradiationEventUID=uid("event", 2))])
    shared = made.SharedFunctionalGroupsSequence[0]
    shared.IrradiationEventIdentificationSequence = [data_set(IrradiationEventUID=uid("event", 1))]
    expected = tuple(sorted([uid("event", 1), uid("event", 2)]))
    assert irradiation_events(read_header(file_bytes(made))) == expected
