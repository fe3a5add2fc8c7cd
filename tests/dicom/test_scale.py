"""Millimetres per pixel and what they rest on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import SecondaryCaptureImageStorage

from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.header import read_header
from porion.dicom.scale import PixelScale, pixel_scale
from tests.builders import a_cbct_slice, a_lateral_ceph, an_enhanced_ct, an_x_ray, data_set, file_bytes

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def scale_of(**attributes: Any) -> PixelScale:
    return pixel_scale(read_header(file_bytes(a_lateral_ceph(**{"ImagerPixelSpacing": None, **attributes}))))


def mm(down: str, along: str | None = None) -> tuple[Decimal, Decimal]:
    return Decimal(down), Decimal(along or down)


@pytest.mark.parametrize(
    ("attributes", "expected", "basis"),
    [
        (
            {"PixelSpacing": ["0.1", "0.1"], "PixelSpacingCalibrationType": "FIDUCIAL"},
            mm("0.1"),
            "calibrated",
        ),
        ({"PixelSpacing": ["0.1", "0.1"], "PixelSpacingCalibrationType": "GEOMETRY"}, mm("0.1"), "corrected"),
        ({"PixelSpacing": ["0.1", "0.1"], "PixelSpacingCalibrationType": "OTHER"}, mm("0.1"), "detector"),
        (
            {"PixelSpacing": ["0.079", "0.079"], "ImagerPixelSpacing": ["0.1", "0.1"]},
            mm("0.079"),
            "corrected",
        ),
        ({"PixelSpacing": ["0.15", "0.15"], "ImagerPixelSpacing": ["0.150", "0.15"]}, mm("0.15"), "detector"),
        ({"PixelSpacing": ["0.15", "0.14"]}, mm("0.15", "0.14"), "detector"),
        ({"ImagerPixelSpacing": ["0.1", "0.2"]}, mm("0.1", "0.2"), "detector"),
        ({"NominalScannedPixelSpacing": ["0.2", "0.2"]}, mm("0.2"), "detector"),
    ],
)
def test_what_the_header_states_decides_the_basis(
    attributes: dict[str, Any], expected: tuple[Decimal, Decimal], basis: str
) -> None:
    scale = scale_of(**attributes)
    assert (scale.mm, scale.basis) == (expected, basis)
    assert scale.reason


def test_a_fiducial_calibration_holds_even_where_both_spacings_are_equal() -> None:
    spacing = {"PixelSpacing": ["0.1", "0.1"], "ImagerPixelSpacing": ["0.1", "0.1"]}
    assert scale_of(**spacing, PixelSpacingCalibrationType="FIDUCIAL").basis == "calibrated"


def test_the_magnification_is_divided_out() -> None:
    scale = scale_of(ImagerPixelSpacing=["0.11", "0.22"], EstimatedRadiographicMagnificationFactor="1.1")
    assert (scale.mm, scale.basis) == (mm("0.1", "0.2"), "corrected")


@pytest.mark.parametrize("factor", ["1", "0", "-1.1", "0.9", "1000"])
def test_an_impossible_magnification_is_left_alone(factor: str) -> None:
    scale = scale_of(ImagerPixelSpacing=["0.11", "0.11"], EstimatedRadiographicMagnificationFactor=factor)
    assert (scale.mm, scale.basis) == (mm("0.11"), "detector")


@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"])
@pytest.mark.parametrize(
    "values", [("0", "0"), ("-0.1", "0.1"), ("NaN", "NaN"), ("0.1",), ("0.1", ""), ("1E30", "1E30")]
)
def test_an_unusable_spacing_is_no_scale_and_says_why(keyword: str, values: tuple[str, ...]) -> None:
    tag = tag_of(keyword)
    header = Header(
        Elements({tag: Element(tag, "DS", values)}), Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS
    )
    assert pixel_scale(header) == PixelScale(None, "none", f"{keyword} is not two positive numbers")


def test_an_unusable_pixel_spacing_gives_way_to_the_detectors() -> None:
    assert scale_of(PixelSpacing=["0", "0"], ImagerPixelSpacing=["0.1", "0.1"]).basis == "detector"


def test_an_aspect_ratio_is_no_scale() -> None:
    scale = scale_of(PixelAspectRatio=[1, 1])
    assert scale.mm is None
    assert scale.reason == "only PixelAspectRatio, which has no unit"


def test_nothing_stated_is_no_scale() -> None:
    assert scale_of() == PixelScale(None, "none", "no spacing is stated")


def test_a_volume_is_calibrated_by_its_construction() -> None:
    scale = pixel_scale(read_header(file_bytes(a_cbct_slice(1))))
    assert (scale.mm, scale.basis) == (mm("0.3"), "calibrated")


def test_a_picture_of_a_volume_is_not() -> None:
    made = an_x_ray(
        SOPInstanceUID="1.2.3",
        SOPClassUID=SecondaryCaptureImageStorage,
        Modality="CT",
        PixelSpacing=["0.3", "0.3"],
    )
    assert pixel_scale(read_header(file_bytes(made))).basis == "detector"


def test_an_enhanced_volume_keeps_its_spacing_in_the_functional_groups() -> None:
    assert pixel_scale(read_header(file_bytes(an_enhanced_ct()))).mm == mm("0.3")
    measures = data_set(PixelMeasuresSequence=[data_set(PixelSpacing=["0.2", "0.25"])])
    made = an_enhanced_ct(SharedFunctionalGroupsSequence=[], PerFrameFunctionalGroupsSequence=[measures])
    assert pixel_scale(read_header(file_bytes(made))).mm == mm("0.2", "0.25")


def test_a_volume_without_spacing_has_no_scale() -> None:
    assert pixel_scale(read_header(file_bytes(a_cbct_slice(1, PixelSpacing=None)))).basis == "none"


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("name", "expected", "basis"),
    [
        ("dental/PX-Im-NewTom_Go.dcm", mm("0.079"), "corrected"),
        ("dental/CR-ModalitySequenceLUT.dcm", mm("0.15"), "detector"),
        ("traps/dentascan-ct-slice.dcm", mm("0.361328125"), "calibrated"),
    ],
)
def test_real_files_have_the_scale_that_was_read_by_hand(
    name: str, expected: tuple[Decimal, Decimal], basis: str
) -> None:
    scale = pixel_scale(read_header((DATA / name).read_bytes()))
    assert (scale.mm, scale.basis) == (expected, basis)


@given(
    st.dictionaries(
        st.sampled_from(["PixelSpacing", "ImagerPixelSpacing", "EstimatedRadiographicMagnificationFactor"]),
        st.lists(st.text(max_size=12) | st.decimals().map(str), max_size=3).map(tuple),
    )
)
def test_any_values_give_a_positive_scale_or_a_reason(values: dict[str, tuple[str, ...]]) -> None:
    elements = Elements({tag_of(k): Element(tag_of(k), "DS", v) for k, v in values.items()})
    scale = pixel_scale(Header(elements, Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS))
    assert (scale.mm is None) == (scale.basis == "none")
    assert scale.mm is None or min(scale.mm) > 0
    assert scale.reason
