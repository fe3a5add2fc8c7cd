"""Media directories as an X-ray unit's burner writes them, with any reference that a test needs."""

from __future__ import annotations

from pydicom.config import IGNORE
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from tests.builders import data_set, file_bytes, uid


def an_image_record(reference: list[str]) -> Dataset:
    """A directory record that names one file, even by a name that the standard forbids."""
    record = data_set(DirectoryRecordType="IMAGE")
    record.add(DataElement("ReferencedFileID", "CS", reference, validation_mode=IGNORE))
    return record


def a_media_directory(*references: list[str]) -> bytes:
    """A DICOMDIR whose image records name these files, after a patient record that names none."""
    records = [data_set(DirectoryRecordType="PATIENT", PatientID="P-1"), *map(an_image_record, references)]
    made = data_set(
        SOPClassUID=MediaStorageDirectoryStorage, SOPInstanceUID=uid("disc"), DirectoryRecordSequence=records
    )
    return file_bytes(made)
