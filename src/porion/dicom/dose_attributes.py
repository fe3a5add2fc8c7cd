"""The standard's attributes that state something about an exposure, and where in an image they lie."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.problems import tag_text
from porion.dicom.units import Quantity, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.dicom.habits import Habits


@dataclass(frozen=True, slots=True)
class DoseAttribute:
    """An attribute, its quantity and the unit that the standard gives it (``source``: part and section).

    ``rank`` orders the attributes of one quantity, the finest first: an IS cannot hold 6.3 mA.
    """

    quantity: Quantity
    keyword: str
    unit: str
    rank: int
    source: str


DOSE_ATTRIBUTES: tuple[DoseAttribute, ...] = (
    # Repeated in every slice as the total of the irradiation event, and never to be summed.
    DoseAttribute(
        "dap_mgycm2", "ImageAndFluoroscopyAreaDoseProduct", "dGy.cm2", 0, "PS3.3 C.8.7.2, C.8.2.1 (CT Image)"
    ),
    DoseAttribute(
        "dap_mgycm2", "AcquiredImageAreaDoseProduct", "dGy.cm2", 1, "PS3.3 C.8.19.3; Planmeca ProMax Mid"
    ),
    DoseAttribute("entrance_mgy", "EntranceDoseInmGy", "mGy", 0, "PS3.3 C.8.7.8, C.4.16"),
    # Whole decigrays: a dental entrance dose of 0.9 mGy becomes 0 here, and 0 is not a dose.
    DoseAttribute("entrance_mgy", "EntranceDose", "dGy", 1, "PS3.3 C.4.16"),
    DoseAttribute("ctdivol_mgy", "CTDIvol", "mGy", 0, "PS3.3 C.8.2.1, C.8.15.3.8"),
    DoseAttribute("kvp", "KVP", "kV", 0, "PS3.3 C.8.7.2, C.8.15.3.9, C.8.21.3"),
    DoseAttribute("tube_ma", "XRayTubeCurrentInmA", "mA", 0, "PS3.3 C.8.15.3.8, C.8.21.3"),
    DoseAttribute("tube_ma", "XRayTubeCurrentInuA", "uA", 1, "PS3.3 C.8.7.2"),
    DoseAttribute("tube_ma", "XRayTubeCurrent", "mA", 2, "PS3.3 C.8.7.2"),
    DoseAttribute("time_ms", "ExposureTimeInms", "ms", 0, "PS3.3 C.8.15.3.8, C.8.21.3"),
    DoseAttribute("time_ms", "ExposureTimeInuS", "us", 1, "PS3.3 C.8.7.2"),
    DoseAttribute("time_ms", "ExposureTime", "ms", 2, "PS3.3 C.8.7.2"),
    DoseAttribute("mas", "ExposureInmAs", "mAs", 0, "PS3.3 C.8.15.3.8, C.8.21.3"),
    DoseAttribute("mas", "ExposureInuAs", "uAs", 1, "PS3.3 C.8.7.2"),
    DoseAttribute("mas", "Exposure", "mAs", 2, "PS3.3 C.8.7.2"),
)
RANKS: Mapping[str, int] = MappingProxyType({row.keyword: row.rank for row in DOSE_ATTRIBUTES})

_SHARED, _PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"

# Sequence paths, the data set itself first.
_PLACES: tuple[tuple[str, ...], ...] = (
    (),
    (_SHARED, "CTExposureSequence"),  # PS3.3 C.8.15.3.8
    (_PER_FRAME, "CTExposureSequence"),
    (_SHARED, "CTXRayDetailsSequence"),  # PS3.3 C.8.15.3.9
    (_PER_FRAME, "CTXRayDetailsSequence"),
    ("XRay3DAcquisitionSequence",),  # PS3.3 C.8.21.3.3, craniofacial
)
_EVENT_PLACES: tuple[tuple[str, ...], ...] = (
    (),
    (_SHARED, "IrradiationEventIdentificationSequence"),  # PS3.3 C.7.6.16.2.17
    (_PER_FRAME, "IrradiationEventIdentificationSequence"),
    ("ContributingSourcesSequence",),  # PS3.3 table 10-13
)


def attribute_readings(header: Header) -> Iterator[Reading]:
    """What ``DOSE_ATTRIBUTES`` finds in the header: at most one reading per attribute and place."""
    for path in _PLACES:
        items = _items_at(header.data_set, path)
        for row in DOSE_ATTRIBUTES if items else ():
            elements = [found for item in items if (found := item.element(row.keyword)) is not None]
            if elements:
                yield _reading(row, path, elements, header.habits)


def irradiation_events(header: Header) -> tuple[str, ...]:
    """The Irradiation Event UIDs (0008,3010) that the image names anywhere, sorted; usually one or none."""
    found = {
        uid
        for path in _EVENT_PLACES
        for item in _items_at(header.data_set, path)
        for uid in item.texts("IrradiationEventUID")
    }
    return tuple(sorted(found - {""}))


def _reading(row: DoseAttribute, path: tuple[str, ...], elements: list[Element], habits: Habits) -> Reading:
    as_set = habits.dap_unit if row.quantity == "dap_mgycm2" else ""
    raw = tuple(dict.fromkeys(_raw_text(element) for element in elements))
    unreadable = any(element.length and not element.values for element in elements)
    fault = "unreadable" if unreadable else "differs between frames" if len(raw) > 1 else ""
    return Reading(
        quantity=row.quantity,
        raw_text="\\".join(raw[:8]),
        raw_unit=as_set or row.unit,
        unit_status="device_setting" if as_set else "by_standard",
        source="image",
        tag="".join(f"{tag_text(tag_of(word))}[0]." for word in path) + tag_text(tag_of(row.keyword)),
        rule=row.keyword,
        fault=fault,
    )


def _items_at(data_set: Elements, path: tuple[str, ...]) -> tuple[Elements, ...]:
    items: tuple[Elements, ...] = (data_set,)
    for keyword in path:
        items = tuple(item for parent in items for item in parent.items_of(keyword))
    return items


def _raw_text(element: Element) -> str:
    return "\\".join(_value_text(element, value) for value in element.values)


def _value_text(element: Element, value: object) -> str:
    """The value as written; an FL holds seven digits, and 0.81 is not 0.8100000023841858."""
    if isinstance(value, bytes):
        return value.decode("latin-1").strip("\x00 ")
    return f"{value:.7g}" if element.vr == "FL" and isinstance(value, float) else str(value).strip("\x00 ")
