"""Synthetic X-rays as bytes: every test builds the file that it needs, and no real person is in any."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    EnhancedCTImageStorage,
    ExplicitVRLittleEndian,
    generate_uid,
)

ROOT = "1.2.826.0.1.3680043.10.1471."


def uid(*parts: object) -> str:
    """A UID that depends on the given parts only, so that a test can name it twice."""
    return str(generate_uid(ROOT, [str(part) for part in parts]))


def data_set(**attributes: Any) -> Dataset:
    """A data set from keywords; lists of data sets become sequences."""
    made = Dataset()
    for keyword, value in attributes.items():
        if value is not None:
            setattr(made, keyword, value)
    return made


def file_bytes(
    made: Dataset, *, transfer_syntax: str = ExplicitVRLittleEndian, preamble: bytes = bytes(128)
) -> bytes:
    """The data set as a DICOM file (PS3.10), as a device would export it."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = made.get("SOPClassUID", "")
    meta.MediaStorageSOPInstanceUID = made.get("SOPInstanceUID", "")
    meta.TransferSyntaxUID = UID(transfer_syntax)
    made.file_meta = meta
    made.preamble = preamble
    out = BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def an_x_ray(**overrides: Any) -> Dataset:
    """What all the builders share: one small grey image of Anna Beispiel, taken on 2026-03-02."""
    study = overrides.pop("study", "study-1")
    attributes: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 192",
        "ImageType": ["ORIGINAL", "PRIMARY"],
        "StudyDate": "20260302",
        "AcquisitionDate": "20260302",
        "AcquisitionTime": "101500",
        "StudyTime": "101500",
        "AccessionNumber": "",
        "Manufacturer": "Synthetic Devices",
        "ManufacturerModelName": "SYN-1",
        "DeviceSerialNumber": "4711",
        "StationName": "ROOM1",
        "PatientName": "Beispiel^Anna",
        "PatientID": "P-1",
        "IssuerOfPatientID": "CLINIC",
        "PatientBirthDate": "20120403",
        "PatientSex": "F",
        "StudyInstanceUID": uid(study),
        "SeriesInstanceUID": uid(study, "series", overrides.get("SeriesNumber", 1)),
        "SeriesNumber": 1,
        "InstanceNumber": 1,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": 4,
        "Columns": 8,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
    }
    attributes.update(overrides)
    made = data_set(**attributes)
    if "PixelData" not in made:
        frames = int(made.get("NumberOfFrames", 1) or 1)
        made.add_new(0x7FE00010, "OW", bytes(2 * made.Rows * made.Columns * frames))
    return made


def a_panoramic(n: int = 1, **overrides: Any) -> Dataset:
    """A panoramic as a real NewTom GO sends it: Modality PX in DX for Presentation."""
    return an_x_ray(
        **{
            "SOPClassUID": DigitalXRayImageStorageForPresentation,
            "SOPInstanceUID": uid("panoramic", n),
            "Modality": "PX",
            "ProtocolName": "PANORAMIC",
            "PatientOrientation": ["L", "F"],
            "KVP": "85",
            "XRayTubeCurrent": 9,
            "ExposureTime": 6800,
            "ImageAndFluoroscopyAreaDoseProduct": "0.81",
            **overrides,
        }
    )


def a_lateral_ceph(n: int = 1, **overrides: Any) -> Dataset:
    """A lateral cephalogram in DX with the positioner stated."""
    return an_x_ray(
        **{
            "SOPClassUID": DigitalXRayImageStorageForPresentation,
            "SOPInstanceUID": uid("ceph", n),
            "Modality": "DX",
            "PositionerType": "CEPHALOSTAT",
            "ViewPosition": "LL",
            "PatientOrientation": ["A", "F"],
            "SeriesDescription": "LATERAL CEPHALOGRAM",
            "ImagerPixelSpacing": ["0.1", "0.1"],
            **overrides,
        }
    )


def an_intra_oral(n: int = 1, **overrides: Any) -> Dataset:
    """An intra-oral image that says nothing of its view, as most do."""
    return an_x_ray(
        **{
            "SOPClassUID": DigitalIntraOralXRayImageStorageForPresentation,
            "SOPInstanceUID": uid("intra-oral", n),
            "Modality": "IO",
            **overrides,
        }
    )


def a_cbct_slice(n: int, *, spacing: float = 0.3, study: str = "study-cbct", **overrides: Any) -> Dataset:
    """Slice ``n`` of a cone-beam series, axial, ``spacing`` mm from the next."""
    return an_x_ray(
        **{
            "study": study,
            "SOPClassUID": CTImageStorage,
            "SOPInstanceUID": uid(study, "slice", n),
            "Modality": "CT",
            "Manufacturer": "Imaging Sciences International",
            "ManufacturerModelName": "17-19",
            "SeriesDescription": "CBCT",
            "FrameOfReferenceUID": uid(study, "frame"),
            "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
            "ImagePositionPatient": ["0", "0", f"{n * spacing:.3f}"],
            "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
            "PixelSpacing": ["0.3", "0.3"],
            "SliceThickness": "0.3",
            "InstanceNumber": n,
            "Rows": 8,
            "Columns": 8,
            "KVP": "120",
            "ImageAndFluoroscopyAreaDoseProduct": "4.5",
            **overrides,
        }
    )


def a_cbct_series(slices: int, **overrides: Any) -> list[Dataset]:
    """A whole cone-beam series, one file a slice."""
    return [a_cbct_slice(n, **overrides) for n in range(1, slices + 1)]


def an_enhanced_ct(frames: int = 3, **overrides: Any) -> Dataset:
    """A cone-beam volume as one multi-frame instance."""
    groups = [
        data_set(PlanePositionSequence=[data_set(ImagePositionPatient=["0", "0", f"{0.3 * n:.3f}"])])
        for n in range(frames)
    ]
    shared = data_set(
        PlaneOrientationSequence=[data_set(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"])],
        PixelMeasuresSequence=[data_set(PixelSpacing=["0.3", "0.3"], SliceThickness="0.3")],
    )
    return an_x_ray(
        **{
            "SOPClassUID": EnhancedCTImageStorage,
            "SOPInstanceUID": uid("enhanced"),
            "Modality": "CT",
            "SeriesDescription": "CBCT",
            "NumberOfFrames": frames,
            "SharedFunctionalGroupsSequence": [shared],
            "PerFrameFunctionalGroupsSequence": groups,
            **overrides,
        }
    )
