"""Which study and series an instance belongs to, from the first bytes of its data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.limits import Limits
from porion.dicom.problems import Problems
from porion.dicom.syntax import encoding_of
from porion.dicom.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = 1 << 18
"""Bytes among which the UIDs of an instance are looked for: private headers come behind group 0020."""

_LIMITS = Limits(elements=20_000, kept=HEAD)
_TAGS: Mapping[str, int] = {"study": 0x0020000D, "series": 0x0020000E, "instance": 0x00080018}


def membership(head: bytes, transfer_syntax: str) -> dict[str, str]:
    """Study, series and SOP Instance UID as far as ``head`` has them; deflated data sets have none."""
    with memoryview(head) as view:
        found = Walk(view, _LIMITS, Problems(1)).data_set(encoding_of(transfer_syntax), 0)
        told = {}
        for name, tag in _TAGS.items():
            raw = found.get(tag)
            if raw is not None and raw[2] + raw[3] <= len(view):
                told[name] = bytes(view[raw[2] : raw[2] + raw[3]]).decode("ascii", "replace").strip("\0 ")
        return told
