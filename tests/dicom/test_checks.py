"""Headers that say what cannot be so."""

import pytest

from porion.dicom.checks import check_identity, check_pixels
from porion.dicom.elements import Element, Elements, PixelData, tag_of
from porion.dicom.limits import DEFAULT_LIMITS
from porion.dicom.problems import Problems

GREY: dict[str, int | str] = {"Rows": 4, "Columns": 8, "SamplesPerPixel": 1, "BitsAllocated": 16}


def elements(**values: int | str) -> Elements:
    """Elements from keywords; their VR does not matter here."""
    return Elements(
        {tag_of(keyword): Element(tag_of(keyword), "UN", (value,)) for keyword, value in values.items()}
    )


def pixel_reasons(
    there: int, values: dict[str, int | str], *, encapsulated: bool = False, ends: bool = True
) -> list[str]:
    problems = Problems(10)
    pixels = PixelData(0, there if ends else None, encapsulated)
    check_pixels(elements(**values), pixels, there, DEFAULT_LIMITS, problems)
    return [problem.reason for problem in problems.all()]


@pytest.mark.parametrize(
    ("there", "values"),
    [
        (64, GREY),
        (66, GREY),
        (192, GREY | {"NumberOfFrames": "3"}),
        (4, GREY | {"BitsAllocated": 1}),
        (64, GREY | {"SamplesPerPixel": 3, "BitsAllocated": 8, "PhotometricInterpretation": "YBR_FULL_422"}),
        (1, {"Rows": 4}),
    ],
)
def test_enough_pixels_are_no_problem(there: int, values: dict[str, int | str]) -> None:
    assert pixel_reasons(there, values) == []


@pytest.mark.parametrize(
    ("there", "values", "declared"),
    [
        (63, GREY, 64),
        (0, GREY, 64),
        (64, GREY | {"NumberOfFrames": "3"}, 192),
        (64, GREY | {"SamplesPerPixel": 3, "BitsAllocated": 8, "PhotometricInterpretation": "RGB"}, 96),
    ],
)
def test_missing_pixels_are_a_problem(there: int, values: dict[str, int | str], declared: int) -> None:
    assert pixel_reasons(there, values) == [
        f"pixel data is shorter than declared: {there} of {declared} bytes"
    ]


def test_an_absurd_size_is_only_multiplied() -> None:
    flood: dict[str, int | str] = {
        "Rows": 65535,
        "Columns": 65535,
        "SamplesPerPixel": 3,
        "NumberOfFrames": "2147483647",
        "BitsAllocated": 16,
    }
    absurd, short = pixel_reasons(64, flood)
    assert absurd.startswith("declares 65535 x 65535 x 3 samples in a frame")
    assert short.startswith("pixel data is shorter than declared: 64 of 55338")


def test_fragments_without_an_end_are_a_problem() -> None:
    assert pixel_reasons(0, GREY, encapsulated=True) == []
    assert "the file ends within it" in pixel_reasons(0, GREY, encapsulated=True, ends=False)[0]


@pytest.mark.parametrize("date", ["18991230", "1899.12.30", "19000101", "00010101", "18000101"])
def test_a_placeholder_birth_date_is_listed_with_its_source(date: str) -> None:
    problems = Problems(10)
    check_identity(elements(PatientBirthDate=date), problems)
    (problem,) = problems.all()
    assert problem.tag == "(0010,0030)"
    assert problem.reason.startswith(f"'{date}' means unknown: ")


def test_a_name_in_a_later_component_group_is_listed() -> None:
    problems = Problems(10)
    check_identity(elements(PatientName="==Family^Given", PatientBirthDate="20120403"), problems)
    assert [problem.tag for problem in problems.all()] == ["(0010,0010)"]
