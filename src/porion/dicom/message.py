"""The data set of a network message: no file around it, and its transfer syntax was agreed on."""

from __future__ import annotations

from porion.dicom.decode import Decoder, Setting
from porion.dicom.elements import Elements, UnreadableDicom
from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.problems import Problems
from porion.dicom.syntax import encoding_of
from porion.dicom.walk import Walk


def read_message(content: bytes, transfer_syntax: str, *, limits: Limits = DEFAULT_LIMITS) -> Elements:
    """The elements of a message (PS3.7 section 6.3.2); UnreadableDicom when it breaks off or has none."""
    encoding, problems = encoding_of(transfer_syntax), Problems(limits.problems)
    with memoryview(content) as view:
        walk = Walk(view, limits, problems)
        found = walk.data_set(encoding, 0)
        if walk.stopped or not found:
            raise UnreadableDicom(walk.stopped or "there is no element in it")
        return Decoder(view, limits, problems).data_set(found, Setting(encoding.order))
