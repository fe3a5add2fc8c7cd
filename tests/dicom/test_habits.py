"""A device's habits change how its text and its doses are read, and say so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from porion.dicom.exposure import read_exposure
from porion.dicom.habits import Habits
from porion.dicom.header import read_header
from tests.builders import a_panoramic, file_bytes

CYRILLIC = "Иванова^Анна"
IS_SET = "is set for the device"


def a_file(name: bytes, *terms: str) -> bytes:
    made = a_panoramic()
    made.SpecificCharacterSet = "\\".join(terms) or None
    made.PatientName = "N" * len(name)
    content = file_bytes(made)
    assert content.count(b"N" * len(name)) == 1
    return content.replace(b"N" * len(name), name)


@pytest.mark.parametrize("terms", [(), ("ISO_IR 100",), ("ISO_IR 6",)], ids=str)
def test_text_is_read_in_the_set_that_the_device_really_writes(terms: tuple[str, ...]) -> None:
    content = a_file(CYRILLIC.encode("iso8859_5"), *terms)
    assert read_header(content).text("PatientName") != CYRILLIC
    header = read_header(content, habits=Habits(character_set="ISO_IR 144"))
    assert header.text("PatientName") == CYRILLIC
    assert any(IS_SET in problem.reason for problem in header.problems)


def test_what_the_set_does_not_explain_is_read_as_the_header_says() -> None:
    content = a_file("Müller^Jürgen".encode("latin-1"), "ISO_IR 100")
    header = read_header(content, habits=Habits(character_set="ISO_IR 192"))
    assert header.text("PatientName") == "Müller^Jürgen"
    assert not any(IS_SET in problem.reason for problem in header.problems)


def test_a_device_that_tells_the_truth_has_no_problem() -> None:
    content = a_file(CYRILLIC.encode("iso8859_5"), "ISO_IR 144")
    plain, known = (read_header(content, habits=Habits(term)) for term in ("", "ISO_IR 144"))
    assert plain.text("PatientName") == known.text("PatientName") == CYRILLIC
    assert plain.problems == known.problems


@pytest.mark.parametrize(
    ("unit", "dose", "status"),
    [("", Decimal(81), "by_standard"), ("mGy.cm2", Decimal("0.81"), "device_setting")],
)
def test_a_dose_is_read_in_the_unit_that_the_device_uses(unit: str, dose: Decimal, status: str) -> None:
    content = file_bytes(a_panoramic(ImageAndFluoroscopyAreaDoseProduct="0.81"))
    exposure = read_exposure(read_header(content, habits=Habits(dap_unit=unit)))
    assert exposure is not None
    assert exposure.dap_mgycm2 == dose
    assert {one.unit_status for one in exposure.observations if one.quantity == "dap_mgycm2"} == {status}
