"""Every dose fact that OpenREM's tests or our own reading state for the real images is read right."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, reduce
from pathlib import Path

import pytest

from porion.dicom.dose_attributes import RANKS
from porion.dicom.elements import Header, tag_of
from porion.dicom.exposure import Exposure, merge_exposures, read_exposure
from porion.dicom.header import read_header
from porion.dicom.problems import tag_text
from porion.dicom.units import Observation, unit_factor

DOSES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "dose"
TABLE = DOSES / "EXPECTED.tsv"
IMAGES = ("DX-Im-", "PX-Im-")
Row = dict[str, str]
Check = Callable[[Header, Exposure, Row], None]


def rows() -> list[Row]:
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table, delimiter="\t") if row["file"].startswith(IMAGES)]


ROWS = rows()


@lru_cache
def read(file: str) -> tuple[Header, Exposure]:
    header = read_header((DOSES / file).read_bytes())
    exposure = read_exposure(header)
    assert exposure is not None
    return header, exposure


def evidence(exposure: Exposure, quantity: str) -> list[Observation]:
    return [seen for seen in exposure.observations if seen.quantity == quantity]


def observed(quantity: str) -> Check:
    """The row's attribute is an observation as written, and the exposure's value is the finest one."""

    def check(_header: Header, exposure: Exposure, row: Row) -> None:
        known = evidence(exposure, quantity)
        (seen,) = [one for one in known if one.tag == row["where_in_file"]]
        assert Decimal(seen.raw_text) == Decimal(row["value_in_file"])
        assert unit_factor(seen.quantity, seen.raw_unit) == unit_factor(seen.quantity, row["unit_in_file"])
        assert seen.value == Decimal(row["expected_canonical"])
        (used,) = [one for one in known if one.used]
        assert RANKS[used.rule] == min(RANKS[one.rule] for one in known if one.source == "image")
        assert getattr(exposure, quantity) == used.value
        assert ("rounding" in row["note"]) == (used.value != seen.value)

    return check


def attribute(keyword: str) -> Check:
    """The row's attribute as the header has it: a number where it is one, else the text."""

    def check(header: Header, _exposure: Exposure, row: Row) -> None:
        assert tag_text(tag_of(keyword)) == row["where_in_file"]
        number = header.number(keyword)
        assert (
            str(header.text(keyword) if number is None else number.normalize()) == row["expected_canonical"]
        )

    return check


def total_dose(_header: Header, exposure: Exposure, row: Row) -> None:
    """The study's total over its events, in which an image that is seen twice counts once."""
    again = reduce(merge_exposures, [exposure, exposure])
    total = sum(one.dap_mgycm2 or 0 for one in {again.event_key: again}.values())
    assert total == Decimal(row["expected_canonical"])


def number_of_events(_header: Header, exposure: Exposure, row: Row) -> None:
    study = [read(other["file"])[1] for other in ROWS if other["file"] == row["file"]]
    assert len({one.event_key for one in [*study, exposure]}) == int(row["expected_canonical"])


def number_of_planes(header: Header, _exposure: Exposure, row: Row) -> None:
    planes = 2 if header.items_of("BiPlaneAcquisitionSequence") else 1
    assert planes == int(row["expected_canonical"])


CHECKS: dict[str, Check] = {
    "dose_area_product": observed("dap_mgycm2"),
    "kvp": observed("kvp"),
    "exposure_time": observed("time_ms"),
    "xray_tube_current": observed("tube_ma"),
    "average_xray_tube_current": observed("tube_ma"),
    "exposure": observed("mas"),
    "total_dap": total_dose,
    "total_dap_a": total_dose,
    "number_of_events": number_of_events,
    "number_of_planes": number_of_planes,
    "acquisition_protocol": attribute("ProtocolName"),
    "focal_spot_size": attribute("FocalSpots"),
    "exposure_index": attribute("ExposureIndex"),
    "target_exposure_index": attribute("TargetExposureIndex"),
    "deviation_index": attribute("DeviationIndex"),
    "sensitivity": attribute("Sensitivity"),
}


@pytest.mark.skipif(not TABLE.exists(), reason="the table of expected doses is not here")
def test_the_table_holds_rows_of_every_real_image() -> None:
    files = {path.name for path in DOSES.glob("?X-Im-*.dcm")}
    assert {row["file"] for row in ROWS} == files
    assert len(ROWS) > 60


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['file']}-{row['quantity']}-{row['where_in_file']}"
)
def test_the_row_is_read_as_the_table_says(row: Row) -> None:
    header, exposure = read(row["file"])
    assert row["quantity"] in CHECKS, f"no check for {row['quantity']}"
    CHECKS[row["quantity"]](header, exposure, row)


@pytest.mark.skipif(not TABLE.exists(), reason="the real images are not here")
def test_only_the_image_that_contradicts_itself_has_a_problem() -> None:
    problems = {file: read(file)[1].problems for file in {row["file"] for row in ROWS}}
    assert [file for file, found in problems.items() if found] == ["DX-Im-DRGEM.dcm"]
    assert "40.196 mAs" in problems["DX-Im-DRGEM.dcm"][0].reason
