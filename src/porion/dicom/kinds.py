"""From SOP class to kind of object (PS3.4 annex B.5, storage SOP classes)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pydicom import uid

from porion.dicom.category import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

CT_CLASSES = frozenset(
    {uid.CTImageStorage, uid.EnhancedCTImageStorage, uid.LegacyConvertedEnhancedCTImageStorage}
)
"""Slices and volumes of computed tomography, cone-beam ones among them."""

_BY_KIND: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        Kind.XRAY,
        (
            uid.ComputedRadiographyImageStorage,
            uid.DigitalXRayImageStorageForPresentation,
            uid.DigitalXRayImageStorageForProcessing,
            uid.DigitalIntraOralXRayImageStorageForPresentation,
            uid.DigitalIntraOralXRayImageStorageForProcessing,
            uid.DigitalMammographyXRayImageStorageForPresentation,
            uid.DigitalMammographyXRayImageStorageForProcessing,
            uid.CTImageStorage,
            uid.EnhancedCTImageStorage,
            uid.LegacyConvertedEnhancedCTImageStorage,
            uid.XRay3DCraniofacialImageStorage,
            uid.XRay3DAngiographicImageStorage,
            uid.XRayAngiographicImageStorage,
            uid.EnhancedXAImageStorage,
            uid.XRayRadiofluoroscopicImageStorage,
            uid.EnhancedXRFImageStorage,
            uid.BreastTomosynthesisImageStorage,
        ),
    ),
    (
        Kind.PHOTOGRAPH,
        (
            uid.VLPhotographicImageStorage,
            uid.VideoPhotographicImageStorage,
            uid.VLEndoscopicImageStorage,
            uid.VideoEndoscopicImageStorage,
            uid.VLMicroscopicImageStorage,
            uid.DermoscopicPhotographyImageStorage,
        ),
    ),
    (
        Kind.SECONDARY_CAPTURE,
        (
            uid.SecondaryCaptureImageStorage,
            uid.MultiFrameSingleBitSecondaryCaptureImageStorage,
            uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
            uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
            uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
        ),
    ),
    (
        Kind.DOSE_REPORT,
        (
            uid.XRayRadiationDoseSRStorage,
            uid.EnhancedXRayRadiationDoseSRStorage,
            uid.PatientRadiationDoseSRStorage,
            uid.RadiopharmaceuticalRadiationDoseSRStorage,
        ),
    ),
    (
        Kind.REPORT,
        (
            uid.BasicTextSRStorage,
            uid.EnhancedSRStorage,
            uid.ComprehensiveSRStorage,
            uid.Comprehensive3DSRStorage,
            uid.ExtensibleSRStorage,
            uid.ProcedureLogStorage,
            uid.AcquisitionContextSRStorage,
            uid.ImplantationPlanSRStorage,
            uid.ChestCADSRStorage,
            uid.MammographyCADSRStorage,
        ),
    ),
    (
        Kind.DOCUMENT,
        (
            uid.EncapsulatedPDFStorage,
            uid.EncapsulatedCDAStorage,
            uid.EncapsulatedSTLStorage,
            uid.EncapsulatedOBJStorage,
            uid.EncapsulatedMTLStorage,
        ),
    ),
    (
        Kind.PRESENTATION_STATE,
        (
            uid.GrayscaleSoftcopyPresentationStateStorage,
            uid.ColorSoftcopyPresentationStateStorage,
            uid.PseudoColorSoftcopyPresentationStateStorage,
            uid.BlendingSoftcopyPresentationStateStorage,
            uid.AdvancedBlendingPresentationStateStorage,
            uid.VolumeRenderingVolumetricPresentationStateStorage,
            uid.GrayscalePlanarMPRVolumetricPresentationStateStorage,
            uid.KeyObjectSelectionDocumentStorage,
        ),
    ),
    (Kind.RAW, (uid.RawDataStorage,)),
)

SOP_CLASS_KINDS: Mapping[str, Kind] = MappingProxyType(
    {str(sop_class): kind for kind, sop_classes in _BY_KIND for sop_class in sop_classes}
)

# PS3.3 C.7.3.1.1.1: what the Modality says when the SOP class is private or missing.
MODALITY_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "SR": Kind.REPORT,
        "PR": Kind.PRESENTATION_STATE,
        "KO": Kind.PRESENTATION_STATE,
        "DOC": Kind.DOCUMENT,
        "XC": Kind.PHOTOGRAPH,
        "ES": Kind.PHOTOGRAPH,
        "PX": Kind.XRAY,
        "IO": Kind.XRAY,
        "DX": Kind.XRAY,
        "CR": Kind.XRAY,
        "RG": Kind.XRAY,
        "CT": Kind.XRAY,
        "SC": Kind.SECONDARY_CAPTURE,
        "OT": Kind.SECONDARY_CAPTURE,
    }
)


def kind_of(sop_class: str, modality: str, *, has_matrix: bool) -> Kind:
    """Tell the kind of an object; ``has_matrix`` says that Rows and Columns are there.

    An object without a matrix is never an image, whatever its SOP class says; a camera's Modality
    (XC) makes a photograph of whatever class carries it.
    """
    kind = SOP_CLASS_KINDS.get(sop_class) or MODALITY_KINDS.get(modality)
    if kind in {Kind.XRAY, Kind.PHOTOGRAPH, Kind.SECONDARY_CAPTURE, None} and not has_matrix:
        return Kind.OTHER_OBJECT
    if modality == "XC" and kind in {Kind.XRAY, Kind.SECONDARY_CAPTURE}:
        return Kind.PHOTOGRAPH
    return kind or Kind.OTHER_IMAGE
