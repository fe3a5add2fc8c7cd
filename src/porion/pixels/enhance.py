"""CT slices as one multi-frame instance: Legacy Converted Enhanced CT (PS3.3 A.70), by highdicom."""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING

import pydicom
from highdicom.legacy import LegacyConvertedEnhancedCTImage
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from porion.dicom.pixel_form import NoPixels
from porion.pixels.decode import opened
from porion.pixels.encode import encoded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydicom.dataset import FileDataset

# Behind everything that a unit numbers: several conversions of one study do not hide each other.
_SERIES_NUMBER = 9000


def enhanced(paths: Sequence[Path], into: Path, step: float | None = None) -> None:
    """Write the slices into one instance; NoPixels when they cannot be one. All of them are held in memory.

    ``step`` is the mm from one to the next: the thickness of slices that state none, since what a
    cone-beam unit reconstructs has no space in between.

    The same slices give the same UIDs, so that a second download is the same instance.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            slices = [_slice(path, step) for path in paths]
            made = _converted(slices)
            _refer(made)
            made.save_as(into)
        except (MemoryError, NoPixels):
            raise
        except Exception as error:
            raise NoPixels(f"The slices cannot be made one instance: {_said(error)}") from error


def _slice(path: Path, step: float | None) -> FileDataset:
    """A slice with native pixels that are all there: highdicom copies native pixels as they stand."""
    data_set = pydicom.dcmread(path, stop_before_pixels=True)
    with opened(path) as stored:
        data_set.PixelData = encoded(stored.frame(1), stored.form, ExplicitVRLittleEndian)
    data_set["PixelData"].VR = "OW"
    if step and not data_set.get("SliceThickness"):
        data_set.SliceThickness = f"{step:g}"
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return data_set


def _said(error: Exception) -> str:
    """What highdicom says, which names attributes; what a codec says is of no use to anybody."""
    return str(error).splitlines()[0][:200] if isinstance(error, ValueError) else "a slice is damaged."


def _converted(slices: Sequence[Dataset]) -> LegacyConvertedEnhancedCTImage:
    names = [str(one.SOPInstanceUID) for one in slices]
    return LegacyConvertedEnhancedCTImage(
        slices,
        series_instance_uid=_uid("series", names),
        series_number=_SERIES_NUMBER + int(slices[0].get("SeriesNumber") or 0) % 1000,
        sop_instance_uid=_uid("instance", names),
        instance_number=1,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        skip_private_attributes=True,
    )


def _uid(what: str, names: Sequence[str]) -> str:
    """A UID that depends on the slices only (PS3.5 B.2)."""
    digest = hashlib.sha256("|".join((what, *names)).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def _refer(made: LegacyConvertedEnhancedCTImage) -> None:
    """Name each frame's slice in the way that older readers know, besides the conversion source.

    Laterality is there and empty: what a cone-beam scan shows is on both sides.
    """
    for frame in made.PerFrameFunctionalGroupsSequence:
        source = frame.ConversionSourceAttributesSequence[0]
        frame.ReferencedImageSequence = [_reference(source, purpose=True)]
    evidence, series = Dataset(), Dataset()
    series.SeriesInstanceUID = made.ReferencedSeriesSequence[0].SeriesInstanceUID
    series.ReferencedSOPSequence = [
        _reference(frame.ConversionSourceAttributesSequence[0], purpose=False)
        for frame in made.PerFrameFunctionalGroupsSequence
    ]
    evidence.StudyInstanceUID = made.StudyInstanceUID
    evidence.ReferencedSeriesSequence = [series]
    made.ReferencedImageEvidenceSequence = [evidence]
    if "Laterality" not in made:
        made.Laterality = None


def _reference(source: Dataset, *, purpose: bool) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.ReferencedSOPClassUID
    item.ReferencedSOPInstanceUID = source.ReferencedSOPInstanceUID
    if purpose:
        code = Dataset()
        code.CodeValue = codes.DCM.SourceImage.value
        code.CodingSchemeDesignator = codes.DCM.SourceImage.scheme_designator
        code.CodeMeaning = codes.DCM.SourceImage.meaning
        item.PurposeOfReferenceCodeSequence = [code]
    return item
