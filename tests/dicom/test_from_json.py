from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Element, Elements, UnreadableDicom
from porion.dicom.from_json import from_dicom_json
from porion.dicom.json_model import to_dicom_json

DATA_SET = Elements(
    {
        0x00080060: Element(0x00080060, "CS", ("PX",)),
        0x00081110: Element(
            0x00081110, "SQ", items=(Elements({0x00081150: Element(0x00081150, "UI", ("1.2",))}),)
        ),
        0x00100010: Element(0x00100010, "PN", ("Yamada^Tarou=山田^太郎",)),
        0x00101030: Element(0x00101030, "DS", ("61.5",)),
        0x00201208: Element(0x00201208, "IS", ("4",)),
        0x00280010: Element(0x00280010, "US", (12,)),
    }
)


def test_a_data_set_comes_back_from_its_json() -> None:
    assert dict(from_dicom_json(to_dicom_json(DATA_SET))) == dict(DATA_SET)


def test_what_other_systems_write_is_read() -> None:
    read = from_dicom_json(
        {
            "00201208": {"vr": "IS", "Value": [4.0]},
            "00280010": {"vr": "US", "Value": ["12"]},
            "00100020": {"vr": "LO", "Value": [None]},
            "00100040": {"vr": "CS"},
            "00081140": {"vr": "SQ", "Value": [None]},
        }
    )
    assert read.text("NumberOfStudyRelatedInstances") == "4"
    assert read.integer("Rows") == 12
    assert (read.text("PatientID"), read.text("PatientSex")) == (None, None)


@pytest.mark.parametrize(
    "model",
    [
        [],
        None,
        {"0020": {"vr": "IS"}},
        {"00201208": {}},
        {"00201208": 4},
        {"002012zz": {"vr": "IS"}},
        {"00201208": {"vr": "??"}},
        {"00201208": {"vr": "IS", "Value": {"a": 1}}},
        {"00201208": {"vr": "IS", "Value": [{"a": 1}]}},
        {"00280010": {"vr": "US", "Value": ["many"]}},
        {"00081140": {"vr": "SQ", "Value": [4]}},
    ],
)
def test_what_is_no_json_model_is_told(model: Any) -> None:
    with pytest.raises(UnreadableDicom):
        from_dicom_json(model)


def test_sequences_end_somewhere() -> None:
    model: Any = {}
    for _ in range(100):
        model = {"00081140": {"vr": "SQ", "Value": [model]}}
    with pytest.raises(UnreadableDicom):
        from_dicom_json(model)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["00280010", "00100010", "vr", "Value", "US", "SQ"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_else_can_be_raised(model: Any) -> None:
    with suppress(UnreadableDicom):
        from_dicom_json(model)
