"""What an object is: its kind, and for an image its category and the clinic's code."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Category(StrEnum):
    """What an image shows, in the clinic's words."""

    PANORAMIC = "PANORAMIC"
    CEPHALOMETRIC_LATERAL = "CEPHALOMETRIC_LATERAL"
    CEPHALOMETRIC_PA = "CEPHALOMETRIC_PA"
    PERIAPICAL = "PERIAPICAL"
    BITEWING = "BITEWING"
    OCCLUSAL = "OCCLUSAL"
    CBCT = "CBCT"
    HAND_WRIST = "HAND_WRIST"
    TMJ = "TMJ"
    OTHER = "OTHER"


class Kind(StrEnum):
    """What sort of object a SOP class holds; only the first four are images."""

    XRAY = "XRAY"
    PHOTOGRAPH = "PHOTOGRAPH"
    SECONDARY_CAPTURE = "SECONDARY_CAPTURE"
    OTHER_IMAGE = "OTHER_IMAGE"
    REPORT = "REPORT"
    DOSE_REPORT = "DOSE_REPORT"
    DOCUMENT = "DOCUMENT"
    PRESENTATION_STATE = "PRESENTATION_STATE"
    RAW = "RAW"
    OTHER_OBJECT = "OTHER_OBJECT"


IMAGE_KINDS = frozenset({Kind.XRAY, Kind.PHOTOGRAPH, Kind.SECONDARY_CAPTURE, Kind.OTHER_IMAGE})

CLINIC_CODES: Mapping[Category, str] = MappingProxyType(
    {
        Category.PANORAMIC: "OPG",
        Category.CEPHALOMETRIC_LATERAL: "CEPH",
        Category.CEPHALOMETRIC_PA: "CEPH",
        Category.PERIAPICAL: "PA",
        Category.BITEWING: "BW",
        Category.OCCLUSAL: "OCC",
        Category.CBCT: "CBCT",
        Category.HAND_WRIST: "HW",
        Category.TMJ: "TMJ",
        Category.OTHER: "OTHER",
    }
)
