"""What a header says of how values become a picture."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from porion.dicom.greyscale import Greyscale, Window, greyscale
from porion.dicom.header import read_header
from porion.dicom.limits import Limits
from porion.dicom.places import assumed_stack
from porion.dicom.slices import frame_geometries
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, data_set, file_bytes


def read(made: Dataset, frame: int = 1) -> Greyscale:
    return greyscale(read_header(file_bytes(made), limits=Limits(bulk=1 << 18)), frame)


def panoramic(**overrides: Any) -> Greyscale:
    return read(a_panoramic(**overrides))


def test_a_header_that_says_nothing() -> None:
    assert panoramic() == Greyscale(possible=(0, 4095))


def test_the_values_that_are_possible() -> None:
    assert panoramic(BitsStored=8).possible == (0, 255)
    assert panoramic(PixelRepresentation=1, RescaleSlope="-2", RescaleIntercept="10").possible == (
        -4084,
        4106,
    )
    item = data_set(LUTDescriptor=[2, 0, 8])
    item.add_new(0x00283006, "US", [1, 2])
    assert panoramic(ModalityLUTSequence=[item]).possible is None


def test_slices_and_frames_are_of_many() -> None:
    assert [read(made).of_many for made in (a_cbct_slice(1), an_enhanced_ct(2), a_panoramic())] == [
        True,
        True,
        False,
    ]


def test_rescale_and_windows() -> None:
    grey = panoramic(
        RescaleSlope="2", RescaleIntercept="-1000", WindowCenter=["40", "300"], WindowWidth=["400", "1500"]
    )
    assert (grey.slope, grey.intercept) == (2, -1000)
    assert grey.windows == (Window(40, 400), Window(300, 1500))


@pytest.mark.parametrize("width", ["0", "-5", "0.5"])
def test_a_window_without_width_is_none(width: str) -> None:
    assert panoramic(WindowCenter="40", WindowWidth=width).windows == ()


def test_a_slope_of_nothing_is_none() -> None:
    grey = panoramic(RescaleSlope="0", RescaleIntercept="5")
    assert (grey.slope, grey.intercept) == (1, 0)


def test_the_function_of_a_window() -> None:
    assert panoramic(WindowCenter="40", WindowWidth="0.5", VOILUTFunction="SIGMOID").windows == (
        Window(40, 0.5, "SIGMOID"),
    )
    assert panoramic(WindowCenter="40", WindowWidth="80", VOILUTFunction="LINEAR_EXACT").windows == (
        Window(40, 80, "LINEAR_EXACT"),
    )


@pytest.mark.parametrize(
    "overrides", [{"PhotometricInterpretation": "MONOCHROME1"}, {"PresentationLUTShape": "INVERSE"}]
)
def test_low_values_are_bright(overrides: dict[str, str]) -> None:
    assert panoramic(**overrides).inverted


def test_look_up_tables() -> None:
    item = data_set(LUTDescriptor=[4, 10, 16], ModalityLUTType="US")
    item.add_new(0x00283006, "US", [1, 2, 3, 60000])
    grey = panoramic(ModalityLUTSequence=[item])
    assert grey.lut is not None
    assert (grey.lut.first, grey.lut.bits, grey.lut.entries.tolist()) == (10, 16, [1, 2, 3, 60000])


def test_a_table_of_65536_entries_says_0_of_them() -> None:
    item = data_set(LUTDescriptor=[0, 0, 16])
    item.add_new(0x00283006, "OW", np.arange(65536, dtype="<u2").tobytes())
    grey = panoramic(VOILUTSequence=[item])
    assert [len(lut.entries) for lut in grey.luts] == [65536]
    assert grey.luts[0].entries[-1] == 65535


def test_a_table_shorter_than_its_descriptor_is_left_out() -> None:
    item = data_set(LUTDescriptor=[400, 0, 8])
    item.add_new(0x00283006, "US", [1, 2, 3])
    assert panoramic(VOILUTSequence=[item]).luts == ()


def test_a_palette_in_bytes() -> None:
    tables = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [4, 0, 8]), ("Data", bytes([1, 2, 3, 4])))
    }
    grey = panoramic(PhotometricInterpretation="PALETTE COLOR", **tables)
    assert grey.palette is not None
    assert [lut.entries.tolist() for lut in grey.palette] == [[1, 2, 3, 4]] * 3


def test_padding() -> None:
    assert panoramic(PixelPaddingValue=0).padding == (0, 0)
    assert panoramic(PixelPaddingValue=30, PixelPaddingRangeLimit=10).padding == (10, 30)


def test_a_frame_says_more_than_what_all_share() -> None:
    made = an_enhanced_ct(frames=2)
    shared = made.SharedFunctionalGroupsSequence[0]
    shared.PixelValueTransformationSequence = [data_set(RescaleSlope="3", RescaleIntercept="1")]
    own = made.PerFrameFunctionalGroupsSequence[1]
    own.FrameVOILUTSequence = [data_set(WindowCenter="5", WindowWidth="9")]
    assert (read(made, 1).slope, read(made, 1).windows) == (3, ())
    assert (read(made, 2).slope, read(made, 2).windows) == (3, (Window(5, 9),))


NASTY = (
    *("", "1", "-0", "1E400", "-1E400", "1E-400", "NaN", "INF", "0.5"),
    *("1\\2\\3", "\\", "abc", "99999999999999999"),
)


@given(st.lists(st.sampled_from(NASTY), min_size=8, max_size=8), st.binary(max_size=12))
def test_whatever_a_header_says_can_be_told_as_json(said: list[str], table: bytes) -> None:
    keywords = (
        "WindowCenter",
        "WindowWidth",
        "RescaleSlope",
        "RescaleIntercept",
        "ImagePositionPatient",
        "SliceThickness",
        "SpacingBetweenSlices",
        "PixelSpacing",
    )
    made = a_panoramic(BitsStored=len(table), NumberOfFrames=2)
    for keyword, text in zip(keywords, said, strict=True):
        made.add(RawDataElement(Tag(keyword), "DS", len(text), text.encode(), 0, False, True))
    item = data_set(LUTDescriptor=[len(table), 0, 16])
    item.add_new(0x00283006, "OW", table + b"\0" * (len(table) % 2))
    made.VOILUTSequence = [item]
    header = read_header(file_bytes(made))
    found = greyscale(header)
    stack = assumed_stack(header, frame_geometries(header)[0])
    json.dumps([found.slope, found.intercept, found.possible, stack and stack.affine], allow_nan=False)
    json.dumps([(one.center, one.width) for one in found.windows], allow_nan=False)
