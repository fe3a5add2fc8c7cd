"""What a device can expose: what it writes into the header, and what it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
)

from porion.dicom.category import Category
from porion.dicom.teeth import TOOTH_CODES
from porion.emulator.phantoms import volume
from porion.emulator.phantoms.frontal import frontal
from porion.emulator.phantoms.intra_oral import PIXEL, bitewing, periapical
from porion.emulator.phantoms.lateral import lateral
from porion.emulator.phantoms.panoramic import WIDTH, panoramic

if TYPE_CHECKING:
    from porion.emulator.phantoms.anatomy import Anatomy
    from porion.emulator.phantoms.canvas import Grey

SLICES = 160
"""The slices of a cone-beam volume."""

Draw = Callable[["Anatomy", int], Iterator[tuple[dict[str, Any], "Grey"]]]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A program of a console. ``category`` is what it really shows; ``says_so`` whether its header tells.

    ``draw`` gives each instance's own attributes and its picture; its number is how many slices a volume has.
    """

    name: str
    category: Category
    says_so: bool
    attributes: Mapping[str, Any]
    draw: Draw


def _one(picture: Callable[[Anatomy], Grey]) -> Draw:
    def draw(head: Anatomy, _slices: int) -> Iterator[tuple[dict[str, Any], Grey]]:
        yield {"InstanceNumber": 1}, picture(head)

    return draw


def _slices(head: Anatomy, slices: int) -> Iterator[tuple[dict[str, Any], Grey]]:
    corner = -volume.VOXEL * (volume.SIZE - 1) / 2
    for index, picture in enumerate(volume.axial(head, slices)):
        height = volume.LOWEST + index * volume.spacing(slices)
        position = [f"{corner:.2f}", f"{corner:.2f}", f"{height:.4f}"]
        own = {"ImagePositionPatient": position, "InstanceNumber": index + 1, "ImagesInAcquisition": slices}
        yield own, picture


def _code(value: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, "SCT", meaning
    return made


_TOOTH_CODE = {number: current.split()[0] for number, current, _ in TOOTH_CODES}


def _teeth(*numbers: int) -> dict[str, Any]:
    """Teeth as PS3.3 C.8.11.9 wants them: the jaw region, and one code for each tooth."""
    return {
        "AnatomicRegionSequence": [_code("661005", "Jaw region")],
        "PrimaryAnatomicStructureSequence": [_code(_TOOTH_CODE[n], f"Tooth {n}") for n in numbers],
    }


_PAN_CEPH = {"SOPClassUID": DigitalXRayImageStorageForPresentation, "ImageType": ["ORIGINAL", "PRIMARY", ""]}
_PAN_PIXEL = f"{WIDTH / 1404:.4f}"
_SENSOR = {
    "SOPClassUID": DigitalIntraOralXRayImageStorageForPresentation,
    "Modality": "IO",
    "ImageType": ["ORIGINAL", "PRIMARY", ""],
    "ImagerPixelSpacing": [str(PIXEL)] * 2,
    "KVP": "65",
    "XRayTubeCurrentInuA": "7000",
    "ExposureTimeInuS": "160000",
}
_PLATE = {
    "SOPClassUID": ComputedRadiographyImageStorage,
    "Modality": "CR",
    "ImageType": ["ORIGINAL", "PRIMARY"],
    "ImagerPixelSpacing": [str(PIXEL)] * 2,
    "BodyPartExamined": "TEETH",
}

PANORAMIC = Program(
    "panoramic",
    Category.PANORAMIC,
    True,
    {
        **_PAN_CEPH,
        "Modality": "PX",  # PX inside of DX, as a NewTom GO does
        "ProtocolName": "PANORAMIC",
        "PatientOrientation": ["L", "F"],
        "ImagerPixelSpacing": [_PAN_PIXEL] * 2,
        "KVP": "68",
        "XRayTubeCurrent": "8",
        "ExposureTime": "13900",
        "ImageAndFluoroscopyAreaDoseProduct": "0.74",
    },
    _one(panoramic),
)
LATERAL = Program(
    "lateral cephalogram",
    Category.CEPHALOMETRIC_LATERAL,
    True,
    {
        **_PAN_CEPH,
        "Modality": "DX",
        "SeriesDescription": "Ceph Lat",
        "PositionerType": "CEPHALOSTAT",
        "PatientOrientation": ["A", "F"],
        "ImagerPixelSpacing": ["0.2", "0.2"],
        "EstimatedRadiographicMagnificationFactor": "1.1",
        "KVP": "73",
        "XRayTubeCurrent": "10",
        "ExposureTime": "9400",
        "ImageAndFluoroscopyAreaDoseProduct": "0.22",
    },
    _one(lateral),
)
FRONTAL = Program(
    "PA cephalogram",
    Category.CEPHALOMETRIC_PA,
    True,
    {
        **LATERAL.attributes,
        "SeriesDescription": "Ceph",
        "ViewPosition": "PA",
        "PatientOrientation": ["L", "F"],
        "ImageAndFluoroscopyAreaDoseProduct": "0.25",
    },
    _one(frontal),
)
PERIAPICAL_LOWER = Program(
    "periapical of 44 to 47",
    Category.PERIAPICAL,
    True,
    {**_SENSOR, "ImageLaterality": "R", **_teeth(44, 45, 46, 47)},
    _one(lambda head: periapical(head, (47, 46, 45, 44))),
)
BITEWING_RIGHT = Program(
    "bitewing of the right",
    Category.BITEWING,
    True,
    {**_SENSOR, "ImageLaterality": "R", **_teeth(14, 15, 16, 44, 45, 46)},
    _one(lambda head: bitewing(head, "R")),
)
BITEWING_NAMED = Program(
    "bitewing of the left",
    Category.BITEWING,
    True,
    {**_SENSOR, "SeriesDescription": "Bitewing left"},
    _one(lambda head: bitewing(head, "L")),
)
PERIAPICAL_UNSAID = Program(
    "periapical of the upper front, unnamed",
    Category.PERIAPICAL,
    False,
    _SENSOR,
    _one(lambda head: periapical(head, (12, 11, 21, 22))),
)
PLATE_NAMED = Program(
    "plate of 24 to 27",
    Category.PERIAPICAL,
    True,
    {**_PLATE, "SeriesDescription": "Zahnfilm 26"},
    _one(lambda head: periapical(head, (24, 25, 26, 27))),
)
VOLUME = Program(
    "cone-beam volume",
    Category.CBCT,
    True,
    {
        "SOPClassUID": CTImageStorage,
        "Modality": "CT",
        "SeriesDescription": "CBCT 12x10",
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
        "PixelSpacing": [str(volume.VOXEL)] * 2,
        "RescaleIntercept": "-1000",
        "RescaleSlope": "1",
        "PatientPosition": "HFS",
        "KVP": "90",
        "XRayTubeCurrent": "6",
        "ExposureTime": "12000",
        "AcquiredImageAreaDoseProduct": 5.18,
    },
    _slices,
)
