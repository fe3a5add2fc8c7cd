"""One irradiation event with its dose facts, as far as an image's header states them.

Everything in an :class:`Exposure` but its identity is derived from its observations: it can be rebuilt
at any time, and the same event seen again (in another slice) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from porion.dicom.acquired import acquired_at
from porion.dicom.category import Kind
from porion.dicom.dose_attributes import RANKS, attribute_readings, irradiation_events
from porion.dicom.kinds import CT_CLASSES, kind_of
from porion.dicom.problems import Problem
from porion.dicom.slices import is_volume_slice
from porion.dicom.units import QUANTITIES, Observation, Quantity, Reading, observe
from porion.dicom.vendor_dose import vendor_readings

if TYPE_CHECKING:
    from datetime import datetime

    from porion.dicom.elements import Header

EventUidSource = Literal["irradiation-event", "acquisition", "instance"]

# Where readings come from, the most trusted source first; ``mpps`` is a performed procedure step. A further
# source (dose report) is a row here, and a reader below if it is read from an image.
SOURCES: tuple[str, ...] = ("image", "mpps", "private")
READERS: tuple[Callable[[Header], Iterator[Reading]], ...] = (attribute_readings, vendor_readings)

# SOP classes of a reconstructed volume, whose Image Type tells whether it was re-sliced.

_TUBE: tuple[Quantity, Quantity, Quantity] = ("mas", "tube_ma", "time_ms")
_INTEGER_MAS = "Exposure"
_HALF_A_MAS = Decimal("0.5")
_TUBE_TOLERANCE = Decimal("0.15")
_DOSE_TOLERANCE = Decimal("0.05")


class RadiationDose(NamedTuple):
    """The one number that a clinic shows for an exposure, never without its unit and kind."""

    value: Decimal
    unit: str
    kind: str


# One event has one of each; CTDIvol, mA and time may rightly differ from slice to slice.
_DOSES: Mapping[Quantity, tuple[str, str]] = MappingProxyType(
    {"dap_mgycm2": ("mGy·cm²", "dose-area-product"), "entrance_mgy": ("mGy", "entrance-dose")}
)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One irradiation event; numbers are in the unit of their name, and None is unknown, never zero.

    ``event_key`` tells the event from every other: the Irradiation Event UIDs (0008,3010), sorted and
    joined by a backslash; else study, series and acquisition number of a slice; else the SOP Instance
    UID. ``missing`` holds (quantity, reason) for each quantity without a value.
    """

    event_uid: str | None
    event_uid_source: EventUidSource
    event_key: str
    started_at: datetime | None
    dap_mgycm2: Decimal | None = None
    entrance_mgy: Decimal | None = None
    ctdivol_mgy: Decimal | None = None
    dlp_mgycm: Decimal | None = None
    kvp: Decimal | None = None
    tube_ma: Decimal | None = None
    time_ms: Decimal | None = None
    mas: Decimal | None = None
    observations: tuple[Observation, ...] = ()
    missing: tuple[tuple[Quantity, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def radiation_dose(self) -> RadiationDose | None:
        """The dose-area product in mGy·cm² if stated, else the entrance dose in mGy, else None."""
        for quantity, (unit, kind) in _DOSES.items():
            value: Decimal | None = getattr(self, quantity)
            if value is not None:
                return RadiationDose(value, unit, kind)
        return None


def read_exposure(header: Header) -> Exposure | None:
    """The exposure that an image's header states; None for an object that no exposure of its own made."""
    if not _is_x_ray(header):
        return None
    observations = (observe(reading) for reader in READERS for reading in reader(header))
    return _settled(_event_of(header), acquired_at(header).value, observations)


def merge_exposures(first: Exposure, second: Exposure) -> Exposure:
    """The same event seen twice: each dose counts once, and what the first says stands.

    Differing doses become a problem. ValueError when the two are different events.
    """
    if first.event_key != second.event_key:
        raise ValueError(f"not the same irradiation event: {first.event_key} and {second.event_key}")
    event = _Event(first.event_uid, first.event_uid_source, first.event_key)
    started_at = _earlier(first.started_at, second.started_at)
    return _settled(event, started_at, (*first.observations, *second.observations))


class _Event(NamedTuple):
    uid: str | None
    uid_source: EventUidSource
    key: str


def _is_x_ray(header: Header) -> bool:
    sop_class = header.text("SOPClassUID") or ""
    has_matrix = bool(header.integer("Rows") and header.integer("Columns"))
    kind = kind_of(sop_class, header.text("Modality") or "", has_matrix=has_matrix)
    return kind is Kind.XRAY and not (sop_class in CT_CLASSES and _is_resliced(header))


def _is_resliced(header: Header) -> bool:
    """Whether a volume was computed from another one (PS3.3 C.7.6.1.1.2), whose exposure it repeats.

    Naming its irradiation event makes it harmless: then it merges with the volume that it came from.
    """
    derived = {"DERIVED", "SECONDARY"} & set(header.texts("ImageType")[:2])
    return bool(derived) and not irradiation_events(header)


def _event_of(header: Header) -> _Event:
    """The event's identity.

    A slice's key leaves Acquisition Time out, because some devices advance it from slice to slice: two
    scans in one series under one acquisition number would meet here (and show as a conflict of doses),
    which is rarer and milder than one scan counted four hundred times.
    """
    events = irradiation_events(header)
    if events:
        joined = "\\".join(events)
        return _Event(joined, "irradiation-event", joined)
    if is_volume_slice(header):
        words = ("StudyInstanceUID", "SeriesInstanceUID", "AcquisitionNumber")
        return _Event(None, "acquisition", "|".join(header.text(word) or "" for word in words))
    instance = header.text("SOPInstanceUID") or header.file_meta.text("MediaStorageSOPInstanceUID") or ""
    return _Event(instance or None, "instance", instance)


class _Chosen(NamedTuple):
    value: Decimal
    seen: Observation


_Winners = Mapping[Quantity, _Chosen]


def _settled(event: _Event, started_at: datetime | None, observed: Iterable[Observation]) -> Exposure:
    """The exposure that follows from the observations; repeated ones count once."""
    kept = tuple(dict.fromkeys(_marked(seen, used=False) for seen in observed))
    chosen = {quantity: won for quantity in QUANTITIES if (won := _winner(_usable(quantity, kept)))}
    used = {won.seen for won in chosen.values()}
    values: dict[str, Decimal] = {quantity: won.value for quantity, won in chosen.items()}
    return Exposure(
        event_uid=event.uid,
        event_uid_source=event.uid_source,
        event_key=event.key,
        started_at=started_at,
        observations=tuple(_marked(seen, used=seen in used) for seen in kept),
        missing=tuple((q, _why_missing(q, kept)) for q in QUANTITIES if q not in chosen),
        problems=(*_dose_conflicts(chosen, kept), *_tube_conflict(chosen)),
        **values,
    )


def _marked(seen: Observation, *, used: bool) -> Observation:
    return seen if seen.used == used else replace(seen, used=used)


def _usable(quantity: Quantity, observations: Iterable[Observation]) -> list[_Chosen]:
    of_quantity = (seen for seen in observations if seen.quantity == quantity)
    return [_Chosen(seen.value, seen) for seen in of_quantity if seen.value is not None]


def _winner(usable: Iterable[_Chosen]) -> _Chosen | None:
    """Trusted sources first, then the finest attribute; ``min`` keeps the first of equals."""
    return min(
        usable,
        key=lambda one: (SOURCES.index(one.seen.source), RANKS.get(one.seen.rule, 0)),
        default=None,
    )


def _why_missing(quantity: Quantity, observations: Iterable[Observation]) -> str:
    reasons = (seen.reason for seen in observations if seen.quantity == quantity and seen.reason)
    return next(reasons, "not in the header")


def _dose_conflicts(chosen: _Winners, observations: tuple[Observation, ...]) -> Iterator[Problem]:
    for quantity, (unit, kind) in _DOSES.items():
        won = chosen.get(quantity)
        if won:
            rivals = [other for other in _usable(quantity, observations) if _differ(won, other)]
            for tag in dict.fromkeys(rival.seen.tag for rival in rivals):
                stated = _span({rival.value for rival in rivals if rival.seen.tag == tag})
                place = "another object" if tag == won.seen.tag else tag
                what = f"the {kind.replace('-', ' ')} of one exposure is {won.value} {unit} in {won.seen.tag}"
                yield Problem(tag, f"conflict: {what}, but {stated} {unit} in {place}")


def _span(values: set[Decimal]) -> str:
    return str(min(values)) if len(values) == 1 else f"{min(values)} to {max(values)}"


def _differ(won: _Chosen, other: _Chosen) -> bool:
    """One attribute of one event must say one thing; two places may differ by five per cent."""
    tolerance = Decimal(0) if won.seen.rule == other.seen.rule else _DOSE_TOLERANCE
    return abs(won.value - other.value) > tolerance * max(won.value, other.value)


def _tube_conflict(chosen: _Winners) -> Iterator[Problem]:
    """Current times time against the stated mAs; an integer mAs is good to half a mAs only."""
    charge, current, time = (chosen.get(quantity) for quantity in _TUBE)
    if not (charge and current and time):
        return
    product = current.value * time.value / 1000
    rounded = charge.seen.rule == _INTEGER_MAS and charge.seen.raw_text.isdecimal()
    rounding = _HALF_A_MAS if rounded else Decimal(0)
    if abs(product - charge.value) > _TUBE_TOLERANCE * max(product, charge.value) + rounding:
        yield Problem(
            charge.seen.tag,
            f"the header states {charge.value} mAs, "
            f"but {current.value} mA for {time.value} ms make {product} mAs",
        )


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    """The earlier moment; one with an offset goes before one without, as the two cannot be compared."""
    known = [moment for moment in (first, second) if moment is not None]
    zoned = [moment for moment in known if moment.tzinfo is not None]
    return min(zoned or known, default=None)
