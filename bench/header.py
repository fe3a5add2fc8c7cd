"""Milliseconds per header, beside pydicom reading and touching the same header in the same run.

``python -m bench.header [SECONDS]``: a header of about 100 elements with a few sequences, and the same in
implicit VR. pydicom reads lazily, so that its figure includes iterating over every element.
"""

from __future__ import annotations

import logging
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING

from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from porion.dicom.header import read_header
from tests.builders import a_panoramic, data_set, file_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset

    from porion.dicom.elements import Elements

_JAW = {"CodeValue": "661005", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Jaw region"}


def typical() -> Dataset:
    """A panoramic as a modality writes it: about 100 elements, some of them in sequences."""
    return a_panoramic(
        SeriesDescription="PANORAMIC",
        StudyDescription="Panoramic radiograph",
        StudyID="42",
        ContentDate="20260302",
        ContentTime="101500",
        InstitutionName="Praxis Dr. Müller",
        InstitutionAddress="Hauptstraße 1, 12345 Musterstadt",
        ReferringPhysicianName="Muster^Max^^Dr.",
        PerformingPhysicianName="Probe^Petra",
        OperatorsName="Helfer^Hans",
        SoftwareVersions=["1.2.3", "4.5"],
        BodyPartExamined="JAW",
        PatientAge="013Y",
        PatientComments="synthetic",
        OtherPatientIDsSequence=[
            data_set(PatientID="X-9", IssuerOfPatientID="HOSPITAL", TypeOfPatientID="TEXT")
        ],
        AnatomicRegionSequence=[data_set(**_JAW)],
        ProcedureCodeSequence=[data_set(**_JAW)],
        RequestAttributesSequence=[
            data_set(
                RequestedProcedureID="R1",
                RequestedProcedureDescription="OPG",
                ScheduledProcedureStepID="S1",
                ScheduledProtocolCodeSequence=[data_set(**_JAW)],
            )
        ],
        PerformedProtocolCodeSequence=[data_set(**_JAW)],
        ReferencedPerformedProcedureStepSequence=[
            data_set(ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.3", ReferencedSOPInstanceUID="1.2.3.4")
        ],
        ExposureTimeInuS="6800000",
        XRayTubeCurrentInuA="9000",
        Exposure="61",
        ExposureInuAs="61200",
        DistanceSourceToDetector="500",
        DistanceSourceToPatient="400",
        EstimatedRadiographicMagnificationFactor="1.25",
        ImagerPixelSpacing=["0.1", "0.1"],
        PixelSpacing=["0.08", "0.08"],
        DetectorType="DIRECT",
        DetectorID="D1",
        DateOfLastDetectorCalibration="20260101",
        AcquisitionDeviceProcessingDescription="standard",
        PositionerType="PANORAMIC",
        ImageLaterality="B",
        WindowCenter="2048",
        WindowWidth="4096",
        RescaleIntercept="0",
        RescaleSlope="1",
        RescaleType="US",
        PixelIntensityRelationship="LOG",
        PixelIntensityRelationshipSign=-1,
        PresentationLUTShape="IDENTITY",
        LossyImageCompression="00",
        BurnedInAnnotation="NO",
        PerformedProcedureStepStartDate="20260302",
        PerformedProcedureStepStartTime="101400",
        PerformedProcedureStepID="P1",
        PerformedProcedureStepDescription="PANORAMIC",
        InstanceCreationDate="20260302",
        InstanceCreationTime="101501",
        SeriesDate="20260302",
        SeriesTime="101400",
        AcquisitionNumber="1",
        FieldOfViewDimensions=["200", "150"],
        FocalSpots="0.5",
        AnodeTargetMaterial="TUNGSTEN",
        FilterMaterial="ALUMINUM",
        SpatialResolution="0.1",
        SmallestImagePixelValue=0,
        LargestImagePixelValue=4095,
    )


def count(elements: Elements) -> int:
    """How many elements there are, those within items too."""
    return sum(1 + sum(count(item) for item in element.items) for element in elements.values())


def with_pydicom(data: bytes) -> None:
    for _ in dcmread(BytesIO(data), stop_before_pixels=True).iterall():
        pass


def milliseconds(call: Callable[[bytes], object], data: bytes, seconds: float) -> float:
    """The best mean of five rounds: the least disturbed by other work on the machine."""
    best = float("inf")
    for _ in range(5):
        runs, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds / 5:
            call(data)
            runs += 1
        best = min(best, 1000 * passed / runs)
    return best


def main(seconds: float) -> None:
    logging.disable(logging.CRITICAL)
    for name, syntax in (("explicit VR", ExplicitVRLittleEndian), ("implicit VR", ImplicitVRLittleEndian)):
        data = file_bytes(typical(), transfer_syntax=syntax)
        header = read_header(data)
        ours, theirs = milliseconds(read_header, data, seconds), milliseconds(with_pydicom, data, seconds)
        size = count(header.data_set) + len(header.file_meta)
        print(f"{name}, {size} elements: {ours:.3f} ms; pydicom {theirs:.3f} ms; ratio {theirs / ours:.1f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
