"""A data set with native pixels in the other little endian encoding (PS3.5 annex A.1 and A.2)."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

from porion.dicom.elements import UnreadableDicom
from porion.dicom.syntax import EXPLICIT, IMPLICIT

if TYPE_CHECKING:
    from collections.abc import Iterable

LITTLE_ENDIAN = (EXPLICIT.uid, IMPLICIT.uid)


def rewritten(pieces: Iterable[bytes | memoryview], held_in: str, into: str) -> bytes:
    """The data set in the other of the two; UnreadableDicom when it cannot be read as a whole."""
    content = BytesIO(b"".join(pieces))
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, into == IMPLICIT.uid
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = read_dataset(content, held_in == IMPLICIT.uid, is_little_endian=True)
            write_dataset(out, read)
        except Exception as error:
            raise UnreadableDicom("the data set cannot be written anew") from error
    return bytes(out.getvalue())
