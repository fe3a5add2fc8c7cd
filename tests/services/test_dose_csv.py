from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.services.dose_csv import dose_csv
from porion.services.doses import LogLine
from porion.services.records import ExposureRow, LoggedExposure

ANNA = Patient(
    "a1", PersonName("Müller", "Anna"), date(2012, 4, 3), "F", (Identifier("4711", "C"), Identifier("x", ""))
)
EXPOSURE = ExposureRow(
    "e1",
    "s1",
    "key",
    "1.2.3",
    "irradiation-event",
    "2026-03-02T10:15:00+01:00",
    Decimal("80.5"),
    kvp=Decimal(85),
)
LOGGED = LoggedExposure(
    exposure=EXPOSURE,
    image_id="i1",
    category="PERIAPICAL",
    modality="IO",
    source={"device": "Maker; Model", "aeTitle": None},
    laterality="L",
    teeth=[11, 12],
    acquired_at=None,
    received_at=datetime(2026, 3, 5, 8, tzinfo=UTC),
    state="linked",
    patient_id="a1",
)
LINE = LogLine(LOGGED, ANNA)


def read(*lines: LogLine, named: bool = False, comma: bool = False) -> list[dict[str, str]]:
    """The table as a spreadsheet reads it."""
    text = "".join(dose_csv(lines, named=named, comma=comma))
    assert text.startswith("\ufeff")
    rows = csv.reader(StringIO(text[1:], newline=""), delimiter=";" if comma else ",")
    head, *cells = rows
    return [dict(zip(head, row, strict=True)) for row in cells]


def test_a_line_says_when_what_and_how_much_but_not_of_whom() -> None:
    (row,) = read(LINE)
    assert row == {
        "date": "2026-03-02",
        "date of": "exposure",
        "category": "PERIAPICAL",
        "modality": "IO",
        "teeth": "11 12",
        "laterality": "L",
        "device": "Maker; Model",
        "status": "linked",
        "age": "13",
        "sex": "F",
        "dose-area product (mGy·cm²)": "80.5",
        "entrance dose (mGy)": "",
        "CTDIvol (mGy)": "",
        "dose-length product (mGy·cm)": "",
        "tube voltage (kV)": "85",
        "tube current (mA)": "",
        "exposure time (ms)": "",
        "exposure (mAs)": "",
        "why no dose": "",
        "patient number": "1",
    }


def test_with_names_it_also_says_of_whom() -> None:
    (row,) = read(LINE, named=True)
    assert "patient number" not in row
    assert {name: row[name] for name in list(row)[-6:]} == {
        "time": "10:15:00",
        "patient": "Müller^Anna",
        "patient IDs": "4711 x",
        "birth date": "2012-04-03",
        "irradiation event UID": "1.2.3",
        "exposure id": "e1",
    }


def test_nothing_in_a_table_without_names_leads_to_one_with_them() -> None:
    (bare,), (named,) = read(LINE), read(LINE, named=True)
    person = {"Müller^Anna", "4711 x", "2012-04-03", "1.2.3", "e1", "10:15:00", "a1", "i1"}
    assert person & set(named.values())
    assert not person & set(bare.values())


def test_an_instances_uid_is_no_irradiation_events() -> None:
    instance = replace(EXPOSURE, event_uid_source="instance")
    (row,) = read(LogLine(replace(LOGGED, exposure=instance), ANNA), named=True)
    assert row["irradiation event UID"] == ""


def test_decimal_commas_come_with_semicolons() -> None:
    (row,) = read(LINE, comma=True)
    assert (row["dose-area product (mGy·cm²)"], row["device"]) == ("80,5", "Maker; Model")


def test_without_names_one_patient_keeps_one_number_and_nobody_has_none() -> None:
    berta = replace(ANNA, id="b2")
    rows = read(LINE, LogLine(LOGGED, berta), LINE, LogLine(LOGGED, None))
    assert [row["patient number"] for row in rows] == ["1", "2", "1", ""]
    (alone,) = read(LogLine(LOGGED, None), named=True)
    assert (alone["patient"], alone["birth date"], alone["age"], alone["sex"]) == ("", "", "", "")
    assert alone["irradiation event UID"] == "1.2.3"


def test_a_dose_that_is_missing_is_empty_and_says_why() -> None:
    bare = replace(EXPOSURE, dap_mgycm2=None, missing={"dap_mgycm2": "not in the header"})
    (row,) = read(LogLine(replace(LOGGED, exposure=bare), ANNA))
    assert (row["dose-area product (mGy·cm²)"], row["why no dose"]) == ("", "not in the header")
    entrance = replace(bare, entrance_mgy=Decimal("0.9"))
    (row,) = read(LogLine(replace(LOGGED, exposure=entrance), ANNA))
    assert (row["entrance dose (mGy)"], row["why no dose"]) == ("0.9", "")


def test_a_day_is_the_exposures_else_the_images_else_that_of_receipt() -> None:
    undated = replace(EXPOSURE, started_at=None)
    by_image = replace(LOGGED, exposure=undated, acquired_at="2026-03-03T00:00:00")
    received = replace(LOGGED, exposure=undated)
    rows = read(*(LogLine(one, ANNA) for one in (LOGGED, by_image, received)), named=True)
    told = [(row["date"], row["date of"], row["time"], row["age"]) for row in rows]
    assert told == [
        ("2026-03-02", "exposure", "10:15:00", "13"),
        ("2026-03-03", "image", "", "13"),
        ("2026-03-05", "receipt", "", ""),
    ]


def test_half_a_character_ends_nothing() -> None:
    logged = replace(LOGGED, source={"device": "Unit \udc80"})
    (row,) = read(LogLine(logged, ANNA))
    assert row["device"] == "Unit ?"


hostile_texts = st.text() | st.sampled_from(["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@x", "\t=1"])


@given(hostile_texts, hostile_texts, hostile_texts, st.booleans())
def test_whatever_a_file_holds_stays_in_its_cell_and_reckons_nothing(
    device: str, family: str, event: str, comma: bool
) -> None:
    hostile = replace(ANNA, name=PersonName(family, "Anna"), identifiers=(Identifier(family),), sex=family)
    exposure = replace(EXPOSURE, event_uid=event, dap_mgycm2=None, missing={"dap_mgycm2": family})
    source = {"device": device or "x"}
    said = {"modality": event, "laterality": device}
    logged = replace(LOGGED, exposure=exposure, source=source, category=family, **said)
    (row,) = read(LogLine(logged, hostile), named=True, comma=comma)
    assert row["exposure id"] == "e1"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert row["device"].removeprefix("'") == (device or "x").removeprefix("'")
