"""The exposure log as a table: one line an exposure, every number in the unit that its column names."""

from __future__ import annotations

import csv
from io import StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.clinic.dose_figures import DOSES
from porion.dicom.query import name_text
from porion.services.spreadsheets import no_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from porion.dicom.units import Quantity
    from porion.services.doses import LogLine
    from porion.services.records import LoggedExposure

UNITS: Mapping[Quantity, str] = MappingProxyType(
    {**DOSES, "kvp": "kV", "tube_ma": "mA", "time_ms": "ms", "mas": "mAs"}
)
_COLUMNS = (
    "date",
    "date of",
    "category",
    "modality",
    "teeth",
    "laterality",
    "device",
    "status",
    "age",
    "sex",
)
_QUANTITIES: Mapping[Quantity, str] = MappingProxyType(
    {
        "dap_mgycm2": "dose-area product",
        "entrance_mgy": "entrance dose",
        "ctdivol_mgy": "CTDIvol",
        "dlp_mgycm": "dose-length product",
        "kvp": "tube voltage",
        "tube_ma": "tube current",
        "time_ms": "exposure time",
        "mas": "exposure",
    }
)
_BEHIND = ("why no dose",)
# What leads back to a patient: one such cell in two tables, and the one without names has them.
_PERSON = ("time", "patient", "patient IDs", "birth date", "irradiation event UID", "exposure id")
# Excel takes a file without it for the letters of its own country.
_MARK = "\ufeff"


def dose_csv(lines: Iterable[LogLine], *, named: bool, comma: bool) -> Iterator[str]:
    """The table in pieces, its first line the names of the columns.

    Without names a patient is a number that tells those of this table apart; day, age and sex may still say
    it to somebody who knows the patient. ``comma`` writes decimals with a comma and puts semicolons between
    the cells, as spreadsheets do where German or French is spoken; otherwise it is RFC 4180.
    """
    numbers: dict[str, int] = {}
    yield _MARK + _written([_head(named=named)], comma=comma)
    for line in lines:
        yield _written([_cells(line, numbers, named=named, comma=comma)], comma=comma)


def _written(rows: Sequence[Sequence[str]], *, comma: bool) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";" if comma else ",").writerows(rows)
    # Half a character, which no encoding has, must not end the table in its middle.
    return text.getvalue().encode("utf-8", "replace").decode("utf-8")


def _head(*, named: bool) -> list[str]:
    measured = [f"{name} ({UNITS[quantity]})" for quantity, name in _QUANTITIES.items()]
    return [*_COLUMNS, *measured, *_BEHIND, *(_PERSON if named else ("patient number",))]


def _cells(line: LogLine, numbers: dict[str, int], *, named: bool, comma: bool) -> list[str]:
    logged, patient = line.logged, line.patient
    exposure = logged.exposure
    texts = (
        logged.made_at[:10],
        logged.dated_by,
        logged.category or "",
        logged.modality or "",
        " ".join(map(str, logged.teeth)),
        logged.laterality or "",
        line.device,
        logged.state,
        "" if line.age is None else str(line.age),
        patient.sex if patient else "",
    )
    measured = [_number(getattr(exposure, quantity), comma=comma) for quantity in _QUANTITIES]
    return [*map(no_formula, texts), *measured, _why_no_dose(line), *_person(line, numbers, named=named)]


def _number(value: Decimal | None, *, comma: bool) -> str:
    text = "" if value is None else format(value, "f")
    return text.replace(".", ",") if comma else text


def _why_no_dose(line: LogLine) -> str:
    exposure = line.logged.exposure
    if any(getattr(exposure, quantity) is not None for quantity in DOSES):
        return ""
    return no_formula(str(exposure.missing.get(next(iter(DOSES)), "")))


def _person(line: LogLine, numbers: dict[str, int], *, named: bool) -> list[str]:
    patient, exposure = line.patient, line.logged.exposure
    if not named:
        return [str(numbers.setdefault(patient.id, len(numbers) + 1)) if patient else ""]
    texts = (
        _time(line.logged),
        name_text(patient.name) if patient else "",
        " ".join(identifier.value for identifier in patient.identifiers) if patient else "",
        str(patient.birth_date or "") if patient else "",
        (exposure.event_uid or "") if exposure.event_uid_source == "irradiation-event" else "",
        exposure.id,
    )
    return [*map(no_formula, texts)]


def _time(logged: LoggedExposure) -> str:
    """The time of day as the device states it; midnight is what stands where only a day is stated."""
    clock = logged.made_at[11:19]
    return "" if logged.dated_by == "receipt" or clock == "00:00:00" else clock
