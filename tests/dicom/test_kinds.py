"""From SOP class to kind of object."""

from __future__ import annotations

import pytest
from pydicom import uid

from porion.dicom.category import IMAGE_KINDS, Kind
from porion.dicom.kinds import MODALITY_KINDS, SOP_CLASS_KINDS, kind_of


@pytest.mark.parametrize(
    ("sop_class", "kind"),
    [
        (uid.DigitalXRayImageStorageForPresentation, Kind.XRAY),
        (uid.DigitalIntraOralXRayImageStorageForProcessing, Kind.XRAY),
        (uid.XRay3DCraniofacialImageStorage, Kind.XRAY),
        (uid.VLPhotographicImageStorage, Kind.PHOTOGRAPH),
        (uid.MultiFrameTrueColorSecondaryCaptureImageStorage, Kind.SECONDARY_CAPTURE),
        (uid.XRayRadiationDoseSRStorage, Kind.DOSE_REPORT),
        (uid.EnhancedSRStorage, Kind.REPORT),
        (uid.EncapsulatedSTLStorage, Kind.DOCUMENT),
        (uid.KeyObjectSelectionDocumentStorage, Kind.PRESENTATION_STATE),
        (uid.RawDataStorage, Kind.RAW),
    ],
)
def test_the_sop_class_decides_the_kind(sop_class: str, kind: Kind) -> None:
    assert kind_of(sop_class, "", has_matrix=kind in IMAGE_KINDS) is kind


@pytest.mark.parametrize(
    ("modality", "has_matrix", "kind"),
    [
        ("PX", True, Kind.XRAY),
        ("XC", True, Kind.PHOTOGRAPH),
        ("OT", True, Kind.SECONDARY_CAPTURE),
        ("SR", False, Kind.REPORT),
        ("KO", False, Kind.PRESENTATION_STATE),
        ("MR", True, Kind.OTHER_IMAGE),
        ("", True, Kind.OTHER_IMAGE),
        ("", False, Kind.OTHER_OBJECT),
        ("RTSTRUCT", False, Kind.OTHER_OBJECT),
    ],
)
def test_the_modality_decides_when_the_sop_class_is_private(
    modality: str, has_matrix: bool, kind: Kind
) -> None:
    assert kind_of("1.2.3.4", modality, has_matrix=has_matrix) is kind


@pytest.mark.parametrize("sop_class", [u for u, kind in SOP_CLASS_KINDS.items() if kind in IMAGE_KINDS])
def test_an_image_class_without_a_matrix_is_no_image(sop_class: str) -> None:
    assert kind_of(sop_class, "PX", has_matrix=False) is Kind.OTHER_OBJECT


def test_a_report_stays_a_report_whatever_its_matrix() -> None:
    assert kind_of(uid.BasicTextSRStorage, "SR", has_matrix=True) is Kind.REPORT


def test_a_camera_makes_a_photograph_of_any_image_class() -> None:
    assert kind_of(uid.SecondaryCaptureImageStorage, "XC", has_matrix=True) is Kind.PHOTOGRAPH
    assert kind_of(uid.DigitalXRayImageStorageForPresentation, "XC", has_matrix=True) is Kind.PHOTOGRAPH


def test_every_listed_class_is_a_storage_class_of_the_standard() -> None:
    assert all(uid.UID(u).is_valid and "Storage" in uid.UID(u).name for u in SOP_CLASS_KINDS)
    assert all(code.isupper() and len(code) <= 16 for code in MODALITY_KINDS)
