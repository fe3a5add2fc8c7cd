"""The VR of a tag when the file does not say it."""

import pytest

from porion.dicom.vr import creator_tag, is_private_creator, private_entry, private_vr, public_vr


@pytest.mark.parametrize(
    ("tag", "vr"),
    [
        (0x00100010, "PN"),
        (0x60023000, "OW"),  # a repeating group: overlay data
        (0x00280106, "US or SS"),  # settled later, by the pixel representation
        (0x7FE00010, "OW"),
        (0x00280000, "UL"),  # a group length is in no dictionary
        (0x00111001, None),
        (0x00089999, None),
    ],
)
def test_public_tags_have_the_vr_of_the_dictionary(tag: int, vr: str | None) -> None:
    assert public_vr(tag) == vr


def test_a_private_element_has_the_vr_that_its_creator_gives_it() -> None:
    assert private_vr(0x00091002, "GEMS_IDEN_01") == "SH"
    assert private_vr(0x0009AB02, "GEMS_IDEN_01") == "SH"
    assert private_vr(0x00091002, "nobody") is None
    assert private_entry(0x000910FE, "GEMS_IDEN_01") is None


def test_a_creator_reserves_the_block_of_its_element() -> None:
    assert is_private_creator(0x00090010)
    assert not is_private_creator(0x00091001)
    assert not is_private_creator(0x00080018)
    assert creator_tag(0x0009AB02) == 0x000900AB
