"""Categories, kinds and the clinic's codes."""

from __future__ import annotations

from porion.dicom.category import CLINIC_CODES, IMAGE_KINDS, Category, Kind


def test_every_category_has_a_clinic_code() -> None:
    assert set(CLINIC_CODES) == set(Category)


def test_only_the_two_cephalograms_share_a_clinic_code() -> None:
    shared = [c for c in Category if list(CLINIC_CODES.values()).count(CLINIC_CODES[c]) > 1]
    assert shared == [Category.CEPHALOMETRIC_LATERAL, Category.CEPHALOMETRIC_PA]


def test_reports_and_documents_are_no_images() -> None:
    no_image = {
        Kind.REPORT,
        Kind.DOSE_REPORT,
        Kind.DOCUMENT,
        Kind.PRESENTATION_STATE,
        Kind.RAW,
        Kind.OTHER_OBJECT,
    }
    assert set(Kind) - no_image == set(IMAGE_KINDS)


def test_categories_read_as_their_names() -> None:
    assert [str(c) for c in Category] == [c.name for c in Category]
