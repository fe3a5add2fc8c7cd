"""What a header says of the whole image: the slices of a volume repeat it, and it is read once for them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from porion.dicom.classify import classify, device_protocol_key
from porion.dicom.elements import Elements, Header, tag_of
from porion.dicom.exposure import read_exposure
from porion.dicom.identity import claim_key, claimed_identity
from porion.dicom.scale import pixel_scale
from porion.dicom.teeth import laterality, teeth
from porion.services.arrival import ImageFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from porion.dicom.elements import Element
    from porion.dicom.exposure import Exposure
    from porion.dicom.habits import Habits

# Rows are found by these texts, and an index takes only so much.
_LONGEST_KEY = 200
# What a slice says of itself alone: nothing below depends on it, but for the moment of the exposure.
OF_ONE_SLICE = frozenset(
    map(
        tag_of,
        (
            "AcquisitionDate",
            "AcquisitionDateTime",
            "AcquisitionTime",
            "ContentDate",
            "ContentTime",
            "ImagePositionPatient",
            "InstanceCreationDate",
            "InstanceCreationTime",
            "InstanceNumber",
            "LargestImagePixelValue",
            "PixelData",
            "SliceLocation",
            "SmallestImagePixelValue",
            "SOPInstanceUID",
            "WindowCenter",
            "WindowWidth",
        ),
    )
)


def image_facts(header: Header) -> ImageFacts:
    """Read them from the header of any object."""
    claim = claimed_identity(header)
    return ImageFacts(
        verdict=classify(header),
        exposure=_exposure(header),
        claim=claim,
        claim_key=claim_key(claim),
        scale=pixel_scale(header),
        laterality=laterality(header),
        teeth=teeth(header),
        device_protocol=_key(device_protocol_key(header)),
        device=_device(header),
    )


def slice_facts(header: Header, moment: datetime | None) -> ImageFacts:
    """The same for a slice of a volume, acquired at that moment."""
    return _series(header.text("SeriesInstanceUID") or "", header.habits).facts(header.data_set, moment)


class _Series:
    """The latest slice of a series: the next one, when it says the same, has the same facts."""

    __slots__ = ("_habits", "_latest")

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._latest: tuple[Mapping[int, Element], str, ImageFacts] | None = None

    def facts(self, data_set: Elements, moment: datetime | None) -> ImageFacts:
        """The facts of the next slice."""
        # Read from what is compared and from nothing else, so that equal slices cannot differ in them.
        said = data_set.without(OF_ONE_SLICE)
        # As text: two moments are equal in other time zones too.
        when = str(moment)
        before = self._latest
        if before is None or before[0] != said:
            header = Header(Elements(said), Elements(), "", 0, 0, habits=self._habits)
            facts = _at(image_facts(header), moment)
        elif before[1] != when:
            facts = _at(before[2], moment)
        else:
            return before[2]
        self._latest = (said, when, facts)
        return facts


# Several senders may send at a time; what is forgotten is read again.
@lru_cache(maxsize=64)
def _series(uid: str, habits: Habits) -> _Series:
    del uid
    return _Series(habits)


def _at(facts: ImageFacts, moment: datetime | None) -> ImageFacts:
    if facts.exposure is None:
        return facts
    return replace(facts, exposure=replace(facts.exposure, started_at=moment))


def _exposure(header: Header) -> Exposure | None:
    exposure = read_exposure(header)
    return replace(exposure, event_key=_key(exposure.event_key)) if exposure else None


def _key(text: str) -> str:
    if len(text) <= _LONGEST_KEY:
        return text
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _device(header: Header) -> str:
    parts = (header.text(word) for word in ("Manufacturer", "ManufacturerModelName", "StationName"))
    return " ".join(part for part in parts if part)[:_LONGEST_KEY]
