"""What people ask remote nodes for, as keys: by keyword, dates as people write them, codes translated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from porion.dicom.identifiers import identifier_bytes, key_vr
from porion.dicom.modality_codes import dicom_codes
from porion.services.errors import Invalid
from porion.services.remote_ports import Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# PS3.4 tables C.6-1 to C.6-5: what is worth seeing at each level; a node leaves out what it does not have.
_PATIENT = ("PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex")
_STUDY = (
    *_PATIENT,
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "StudyDescription",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)
_SERIES = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "SeriesNumber",
    "SeriesDescription",
    "SeriesDate",
    "NumberOfSeriesRelatedInstances",
)
_IMAGE = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "InstanceNumber")
RETURNED: Mapping[Level, tuple[str, ...]] = {
    Level.PATIENT: (*_PATIENT, "NumberOfPatientRelatedStudies"),
    Level.STUDY: _STUDY,
    Level.SERIES: _SERIES,
    Level.IMAGE: _IMAGE,
}
MODALITY_KEYS: Mapping[Level, str] = {Level.STUDY: "ModalitiesInStudy", Level.SERIES: "Modality"}
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_LONGEST_VALUE, _MOST_KEYS = 1024, 64
_EXPLICIT = "1.2.840.10008.1.2.1"


def read_keys(level: Level, given: Mapping[str, str]) -> list[dict[str, str]]:
    """The keys of each query to send: one for every DICOM code that a modality may be under.

    Invalid for what is no key, and for a value that its attribute cannot have.
    """
    if len(given) > _MOST_KEYS:
        raise Invalid(f"At most {_MOST_KEYS} keys are asked for at once.")
    stated = {keyword: _value(keyword, text) for keyword, text in given.items()}
    _must_fit(level, stated)
    whole = {**dict.fromkeys(RETURNED[level], ""), **stated}
    key = MODALITY_KEYS.get(level)
    codes = _codes(stated.get(key, "")) if key else ()
    queries = [{**whole, key: code} for code in codes] if key and codes else [whole]
    try:
        identifier_bytes(queries[0], _EXPLICIT)
    except ValueError as error:
        raise Invalid(f"A key has a value that its attribute cannot have ({error}).") from None
    return queries


def _value(keyword: str, text: str) -> str:
    vr = key_vr(keyword)
    if vr is None:
        raise Invalid(f"{keyword[:64]} is no key of a query: write a keyword of DICOM such as PatientName.")
    if len(text) > _LONGEST_VALUE or not text.isprintable():
        raise Invalid(f"{keyword} has at most {_LONGEST_VALUE} printable characters.")
    return _ISO_DATE.sub(r"\1\2\3", text.strip()) if vr in ("DA", "DT") else text.strip()


def _must_fit(level: Level, keys: Mapping[str, str]) -> None:
    """Hierarchical queries name what lies above (PS3.4 section C.4.1.2.1)."""
    if level in (Level.SERIES, Level.IMAGE) and not keys.get("StudyInstanceUID"):
        raise Invalid(f"A query at the level {level} needs the key StudyInstanceUID.")
    if level is Level.IMAGE and not keys.get("SeriesInstanceUID"):
        raise Invalid("A query at the level IMAGE needs the key SeriesInstanceUID.")


def _codes(text: str) -> Sequence[str]:
    wanted = [code for part in text.split("\\") if part.strip() for code in dicom_codes(part)]
    return list(dict.fromkeys(wanted))
