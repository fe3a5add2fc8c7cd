"""What an order's words, codes and modality ask for."""

from __future__ import annotations

import pytest

from porion.clinic.ordered import categories_of
from porion.dicom.category import Category
from porion.dicom.codes import Code

LATERAL, FRONTAL = Category.CEPHALOMETRIC_LATERAL, Category.CEPHALOMETRIC_PA


@pytest.mark.parametrize(
    ("code", "text", "modality", "expected"),
    [
        (Code("SCT", "89846007", ""), "", "", Category.PANORAMIC),
        (Code("SCT", "717193008", ""), "Panoramic", "", Category.CBCT),
        (Code("99LOCAL", "89846007", ""), "", "", None),
        (Code("L", "OPG", ""), "", "", Category.PANORAMIC),
        (Code("L", "BITEWING", ""), "", "", Category.BITEWING),
        (Code("L", "CEPH", "Fernröntgen seitlich"), "", "", LATERAL),
        (Code("L", "CEPH", "Ceph PA"), "", "", FRONTAL),
        (Code("L", "4711", "Orthopantomogramm"), "", "", Category.PANORAMIC),
        (Code("", "", ""), "DVT Oberkiefer", "", Category.CBCT),
        (Code("", "", ""), "Handwurzelaufnahme", "", Category.HAND_WRIST),
        (Code("", "", ""), "FRS", "", LATERAL),
        (Code("", "", ""), "", "PX", Category.PANORAMIC),
        (Code("", "", ""), "", "CT", Category.CBCT),
        (Code("", "", ""), "", "DX", None),
        (Code("L", "OTHER", ""), "", "", None),
        (Code("L", "123", "Blood count"), "Blood count", "", None),
    ],
)
def test_what_is_ordered(code: Code, text: str, modality: str, expected: Category | None) -> None:
    assert categories_of([code], [text], modality) == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (Code("L", "initial-orthodontic-records", ""), ""),
        (Code("L", "X1", "Initial orthodontic records"), ""),
        (Code("", "", ""), "INITIAL ORTHODONTIC RECORDS"),
    ],
)
def test_a_template_is_ordered_by_its_name(code: Code, text: str) -> None:
    assert categories_of([code], [text], "") == (Category.PANORAMIC, LATERAL, FRONTAL)
