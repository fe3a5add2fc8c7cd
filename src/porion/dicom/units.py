"""The quantities of an exposure, their units, and how a written number becomes an observation.

A number without quantity, unit and origin is not a dose: every number read is kept as evidence, and
only what carries a known unit and makes sense gets a canonical value. No unit is guessed from a size.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from porion.dicom.elements import to_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

Quantity = Literal[
    "dap_mgycm2", "entrance_mgy", "ctdivol_mgy", "dlp_mgycm", "kvp", "tube_ma", "time_ms", "mas"
]
UnitStatus = Literal["stated", "by_standard", "device_setting", "unknown"]

_LENGTH_CM = {"cm": Decimal(1), "m": Decimal(100)}
_GRAY_MGY = {
    "gy": Decimal(1000),
    "dgy": Decimal(100),
    "cgy": Decimal(10),
    "mgy": Decimal(1),
    "ugy": Decimal("0.001"),
}
_AREA_DOSE = {
    f"{gray}{length}2": factor * cm * cm
    for gray, factor in _GRAY_MGY.items()
    for length, cm in _LENGTH_CM.items()
}
_LENGTH_DOSE = {
    f"{gray}{length}": factor * cm for gray, factor in _GRAY_MGY.items() for length, cm in _LENGTH_CM.items()
}

# Factors to the canonical unit, by unit folded as in _folded. The decimal prefixes are those of the SI;
# the spellings Gym2, uAs, mGycm stand beside UCUM's Gy.m2, uA.s, mGy.cm in the dose reports of real devices.
FACTORS: Mapping[Quantity, Mapping[str, Decimal]] = MappingProxyType(
    {
        "dap_mgycm2": _AREA_DOSE,
        "entrance_mgy": _GRAY_MGY,
        "ctdivol_mgy": _GRAY_MGY,
        "dlp_mgycm": _LENGTH_DOSE,
        "kvp": {"kv": Decimal(1), "kvp": Decimal(1), "v": Decimal("0.001")},
        "tube_ma": {"ma": Decimal(1), "ua": Decimal("0.001"), "a": Decimal(1000)},
        "time_ms": {"ms": Decimal(1), "us": Decimal("0.001"), "s": Decimal(1000)},
        "mas": {"mas": Decimal(1), "uas": Decimal("0.001"), "as": Decimal(1000)},
    }
)
QUANTITIES: tuple[Quantity, ...] = tuple(FACTORS)

# Not a limit on doses: a number beyond it is a broken number, and Decimal arithmetic stays safe.
_LARGEST = Decimal(10) ** 12
_SMALLEST = Decimal(10) ** -12

# Micro sign and Greek mu, superscript two, and the signs that people put between two units.
_FOLDING = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u00b2": "2", **dict.fromkeys(" .*^_\u00b7\u00d7")})


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as somebody wrote it: before anyone asked whether it makes sense.

    ``rule`` names the table row that found it: an attribute's keyword or a vendor rule. ``fault`` is set
    when the reader already knows why the number cannot be used.
    """

    quantity: Quantity
    raw_text: str
    raw_unit: str
    unit_status: UnitStatus
    source: str
    tag: str
    rule: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """Evidence for one quantity of an exposure.

    ``raw_text`` and ``raw_unit`` are what was written; ``value`` is in the canonical unit of
    ``quantity``, or None and then ``reason`` says why. ``used`` marks the observation that the
    exposure's value comes from.
    """

    quantity: Quantity
    raw_text: str
    raw_unit: str
    value: Decimal | None
    unit_status: UnitStatus
    source: str
    tag: str
    rule: str
    used: bool = False
    reason: str = ""


def unit_factor(quantity: Quantity, unit: str) -> Decimal | None:
    """What a number in ``unit`` is multiplied by to reach the canonical unit; None for an unknown unit."""
    return FACTORS[quantity].get(_folded(unit))


def observe(reading: Reading) -> Observation:
    """The observation of a reading: a canonical value, or None with the reason. Never raises."""
    factor = unit_factor(reading.quantity, reading.raw_unit)
    number = to_decimal(reading.raw_text)
    reason = reading.fault or _objection(reading.raw_text, number, factor)
    return Observation(
        quantity=reading.quantity,
        raw_text=reading.raw_text,
        raw_unit=reading.raw_unit,
        value=None if reason or number is None or factor is None else number * factor,
        unit_status="unknown" if factor is None else reading.unit_status,
        source=reading.source,
        tag=reading.tag,
        rule=reading.rule,
        reason=reason,
    )


def _folded(unit: str) -> str:
    return unit.translate(_FOLDING).casefold()


def _objection(raw_text: str, number: Decimal | None, factor: Decimal | None) -> str:
    if not raw_text:
        return "named without a value"
    if factor is None:
        return "unit not known"
    return "not a number" if number is None else _doubt(number)


def _doubt(number: Decimal) -> str:
    if number == 0:
        return "stated zero"
    if number < 0:
        return "negative"
    return "" if _SMALLEST < number < _LARGEST else "beyond any plausible size"
