"""A clinic that does not exist: patients, devices and drawn X-rays for the demo. Nobody real is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    generate_uid,
)

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName

Grey = npt.NDArray[np.uint16]
SLICES = 48
ISSUER = "DEMO"


def _person(number: str, name: tuple[str, str], born: tuple[int, int, int], sex: str) -> Patient:
    identifiers = (Identifier(number, ISSUER),)
    return Patient("", PersonName(*name), date(*born), sex, identifiers)


REGISTER = (
    _person("10442", ("Müller", "Anna"), (2012, 4, 3), "F"),
    _person("10443", ("Müller", "Lena"), (2012, 4, 3), "F"),
    _person("10517", ("Okafor", "Daniel"), (2010, 11, 21), "M"),
    _person("10618", ("García López", "Sofía"), (2013, 7, 9), "F"),
    _person("10702", ("Jørgensen", "Emil"), (2009, 1, 30), "M"),
    _person("10733", ("Şahin", "Deniz"), (2014, 2, 17), "O"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One image of the demo: what its file is called, who it claims, and what the device wrote."""

    file: str
    claim: tuple[str, str, str, str]
    attributes: dict[str, Any]
    picture: Grey


def files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file that the demo's devices send."""
    for shot in _shots():
        yield shot.file, _file(shot)


def _shots() -> Iterator[Shot]:
    arch = _arch(240, 460)
    pan: dict[str, Any] = {
        "SOPClassUID": DigitalXRayImageStorageForPresentation,
        "Modality": "PX",
        "ProtocolName": "PANORAMIC",
        "Manufacturer": "Demo Pan",
        "ManufacturerModelName": "PAN-CEPH 1",
        "PatientOrientation": ["L", "F"],
        "KVP": "68",
        "XRayTubeCurrent": "8",
        "ExposureTime": "13900",
        "ImageAndFluoroscopyAreaDoseProduct": "0.74",
    }
    ceph = {
        **pan,
        "Modality": "DX",
        "ProtocolName": "CEPH LATERAL",
        "PositionerType": "CEPHALOSTAT",
        "ViewPosition": "LL",
        "PatientOrientation": ["A", "F"],
        "ImagerPixelSpacing": ["0.12", "0.12"],
        "ImageAndFluoroscopyAreaDoseProduct": "0.22",
        "ExposureTime": "9400",
    }
    sensor = {
        "SOPClassUID": DigitalIntraOralXRayImageStorageForPresentation,
        "Modality": "IO",
        "Manufacturer": "Demo Sensor",
        "KVP": "65",
        "XRayTubeCurrentInuA": "7000",
        "ExposureTimeInuS": "160000",
        "EntranceDoseInmGy": "0.9",
    }
    cassette = {
        "SOPClassUID": ComputedRadiographyImageStorage,
        "Modality": "CR",
        "Manufacturer": "Demo Reader",
        "StudyDescription": "TEETH",
    }
    yield Shot("pan-1.dcm", ("Müller^Anna", "10442", "20120403", "F"), pan, arch)
    yield Shot("ceph-1.dcm", ("Mueller^Anna", "10442", "20120304", "F"), ceph, _profile(320, 260))
    yield Shot(
        "sensor-1.dcm", ("^", "", "", ""), {**sensor, "SeriesDescription": "Bitewing"}, _teeth(160, 120)
    )
    yield Shot("sensor-2.dcm", ("Okafor^Dan", "10517", "20101121", "M"), sensor, _teeth(160, 120))
    yield Shot("cassette-1.dcm", ("GARCIA LOPEZ SOFIA", "", "20130709", ""), cassette, arch)
    yield from _volume()


def _volume() -> Iterator[Shot]:
    for n in range(SLICES):
        attributes = {
            "SOPClassUID": CTImageStorage,
            "Modality": "CT",
            "Manufacturer": "Demo Cone Beam",
            "SeriesDescription": "CBCT 8x5",
            "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
            "FrameOfReferenceUID": _uid("volume", "frame"),
            "ImagePositionPatient": ["0", "0", f"{0.3 * n:.1f}"],
            "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
            "PixelSpacing": ["0.3", "0.3"],
            "InstanceNumber": str(n + 1),
            "KVP": "90",
            "XRayTubeCurrent": "6",
            "ImageAndFluoroscopyAreaDoseProduct": "5.18",
        }
        claim = ("Jorgensen^Emil", "10702", "20090130", "M")
        yield Shot(f"cbct/slice-{n + 1:03d}.dcm", claim, attributes, _jaw(96, n / SLICES))


def _file(shot: Shot) -> bytes:
    name, patient_id, born, sex = shot.claim
    study = shot.file.split("/")[0]
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPInstanceUID = _uid(shot.file)
    made.StudyInstanceUID, made.SeriesInstanceUID = _uid("study", study), _uid("series", study)
    made.StudyDate = made.AcquisitionDate = "20261120"
    made.StudyTime = made.AcquisitionTime = "104200"
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = name, patient_id, born, sex
    made.IssuerOfPatientID = ISSUER
    made.ImageType = ["ORIGINAL", "PRIMARY"]
    for keyword, value in shot.attributes.items():
        setattr(made, keyword, value)
    _add_pixels(made, shot.picture)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    out = BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _uid(*parts: str) -> str:
    return str(generate_uid(entropy_srcs=["porion demo", *parts]))


def _add_pixels(made: Dataset, picture: Grey) -> None:
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = picture.shape
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.PixelData = picture.tobytes()


def _field(rows: int, columns: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    return y, x


def _grey(light: npt.NDArray[np.float64]) -> Grey:
    return np.asarray(np.clip(light, 0, 1) * 4095, dtype=np.uint16)


def _arch(rows: int, columns: int) -> Grey:
    """Two rows of teeth on a smile-shaped band."""
    y, x = _field(rows, columns)
    bend = y - 0.25 * (1 - x**2) + 0.1
    teeth = 0.5 + 0.5 * np.cos(x * 16 * np.pi)
    band = np.exp(-((np.abs(bend) - 0.16) ** 2) / 0.01)
    return _grey(0.15 + 0.5 * band * (0.4 + 0.6 * teeth) + 0.2 * np.exp(-(bend**2) / 0.3))


def _profile(rows: int, columns: int) -> Grey:
    """A skull from the side, as an oval with a jaw."""
    y, x = _field(rows, columns)
    skull = np.exp(-((np.hypot(x, (y + 0.25) * 1.1) - 0.7) ** 2) / 0.004)
    jaw = np.exp(-((np.hypot(x + 0.35, y - 0.6) - 0.3) ** 2) / 0.006)
    return _grey(0.1 + 0.6 * skull + 0.5 * jaw)


def _teeth(rows: int, columns: int) -> Grey:
    """Three teeth behind one another."""
    y, x = _field(rows, columns)
    crowns = sum(np.exp(-(((x - at) / 0.22) ** 4) - (y / 0.9) ** 8) for at in (-0.6, 0.0, 0.6))
    return _grey(0.12 + 0.7 * np.asarray(crowns))


def _jaw(size: int, height: float) -> Grey:
    """An axial slice of a horseshoe that narrows with height."""
    y, x = _field(size, size)
    radius = 0.75 - 0.25 * height
    horseshoe = np.exp(-((np.hypot(x, y + 0.3) - radius) ** 2) / 0.01) * (y > -0.35)
    return _grey(0.05 + 0.8 * horseshoe)
