from __future__ import annotations

from porion.dicom.elements import Element, Elements
from porion.services.query import Found
from porion.services.query_shapes import found_json
from porion.services.remote_ports import Level


def test_bytes_and_sequences_are_left_out_and_private_attributes_have_their_tag() -> None:
    attributes = Elements(
        {
            0x00080060: Element(0x00080060, "CS", ()),
            0x00081110: Element(0x00081110, "SQ"),
            0x00091001: Element(0x00091001, "LO", ("x",)),
            0x00420011: Element(0x00420011, "OB", (b"x",)),
        }
    )
    shown = found_json(Found("PACS", Level.SERIES, attributes, 0, None))
    assert shown["attributes"] == {"Modality": None, "(0009,1001)": "x", "EncapsulatedDocument": None}
