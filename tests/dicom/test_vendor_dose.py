"""Each vendor rule against the text that proved it, and against what must not trigger it."""

from __future__ import annotations

import pytest
from pydicom import Dataset

from porion.dicom.header import read_header
from porion.dicom.units import Reading
from porion.dicom.vendor_dose import VENDOR_RULES, vendor_readings
from tests.builders import a_cbct_slice, a_panoramic, file_bytes

NNT_TEXT = (
    b"DAP=81,KERMA=11.16,treat_done=ECE2 0.0;1.000,"
    b"tech_fact_kV=85.0,tech_fact_mA=9.0,tech_fact_s=6.8,type=PAN"
)


def readings(made: Dataset) -> dict[str, Reading]:
    return {reading.rule: reading for reading in vendor_readings(read_header(file_bytes(made)))}


def with_private(made: Dataset, tag: int, vr: str, value: object) -> Dataset:
    made.add_new(tag, vr, value)
    return made


def newtom(text: bytes = NNT_TEXT, creator: str = "NNT", block: int = 0x10) -> Dataset:
    made = with_private(a_panoramic(), 0x00190000 | block, "LO", creator)
    return with_private(made, 0x00190029 | block << 8, "OB", text + b"\0" * (len(text) % 2))


def test_every_rule_names_its_device_and_its_source() -> None:
    assert all(rule.device and rule.source for rule in VENDOR_RULES)
    assert len({rule.name for rule in VENDOR_RULES}) == len(VENDOR_RULES)


def test_newtom_states_dose_and_technique_as_key_and_value() -> None:
    found = readings(newtom())
    assert {rule: (one.raw_text, one.raw_unit) for rule, one in found.items()} == {
        "newtom-dap": ("81", "mGy.cm2"),
        "newtom-kv": ("85.0", "kV"),
        "newtom-ma": ("9.0", "mA"),
        "newtom-s": ("6.8", "s"),
    }
    assert found["newtom-dap"].tag == "(0019,1029)"
    assert found["newtom-dap"].unit_status == "device_setting"


def test_newtom_is_found_in_whatever_block_its_creator_reserved() -> None:
    assert readings(newtom(block=0x2A))["newtom-dap"].tag == "(0019,2A29)"


def test_the_same_text_of_another_creator_is_not_newtoms() -> None:
    assert readings(newtom(creator="SOMEBODY ELSE")) == {}


def test_a_key_that_only_ends_in_dap_is_not_the_dose() -> None:
    assert readings(newtom(b"OLDDAP=81,X_DAP=7")) == {}


@pytest.mark.parametrize(
    ("comments", "raw", "unit"),
    [
        ("DAP:1234mGycm2", "1234", "mGycm2"),
        ("VOLUME_RADIUS:40 DAP: 12,5 mGy.cm2 end", "12,5", "mGy.cm2"),
        ("dose\nDAP:0.9Gycm2", "0.9", "Gycm2"),
        ("DAP:77mGy\u00b7cm\u00b2", "77", "mGy\u00b7cm\u00b2"),
    ],
)
def test_morita_states_the_dose_and_its_unit_in_the_comments(comments: str, raw: str, unit: str) -> None:
    found = readings(a_cbct_slice(1, ImageComments=comments))["morita-image-comments"]
    assert (found.raw_text, found.raw_unit, found.unit_status) == (raw, unit, "stated")
    assert (found.tag, found.source) == ("(0020,4000)", "private")


@pytest.mark.parametrize("comments", ["DAP meter checked", "DAP:12", "MDAP:12mGycm2", "DAP:12mGycm", ""])
def test_comments_without_a_stated_dose_and_unit_say_nothing(comments: str) -> None:
    assert readings(a_cbct_slice(1, ImageComments=comments)) == {}


def test_gendex_states_the_dose_as_an_xml_attribute() -> None:
    text = '<scan fov_width="80" dose="402.7" fov_height="60" overdose="9"/>'
    found = readings(with_private(a_cbct_slice(1), 0x000D1000, "LT", text))["gendex-dose"]
    assert (found.raw_text, found.raw_unit) == ("402.7", "mGy.cm2")


def test_icat_states_two_numbers_and_no_unit() -> None:
    made = with_private(a_cbct_slice(1), 0x00192002, "UN", b"<DAPValues>12.5^480.25</DAPValues>")
    found = readings(made)["icat-dap-values"]
    assert (found.raw_text, found.raw_unit) == ("12.5^480.25", "")
