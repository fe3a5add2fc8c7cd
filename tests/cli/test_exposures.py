"""``porion exposures``: figures and the log from the command line."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.clinic.dose_figures import Ages, ReferenceLevel
from porion.services.patients import add_patient
from porion.services.reference_levels import set_reference_level
from tests.builders import a_lateral_ceph, a_panoramic, file_bytes
from tests.cli.desk import Desk
from tests.services.scenes import ANNA

DAYS = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def brought(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with a panoramic that states its dose, and a cephalogram that does not."""
    for name, made in (("pan", a_panoramic()), ("ceph", a_lateral_ceph(2, study="b"))):
        (tmp_path / f"{name}.dcm").write_bytes(file_bytes(made))
        desk.do("import", tmp_path / f"{name}.dcm")
    return desk


def test_figures_are_a_table_for_people_and_json_for_machines(brought: Desk) -> None:
    said = brought.do("exposures", "figures", *DAYS).out
    assert "2 exposures from 2026-03-01 to 2026-03-31, 1 of them without a dose." in said
    assert "81 mGy·cm² (few)" in said
    (found,) = brought.do("exposures", "figures", *DAYS, "--json").lines
    assert (found["exposures"], found["withoutDose"]) == (2, 1)
    (pan,) = [group for group in found["groups"] if group["category"] == "PANORAMIC"]
    assert (pan["spreads"][0]["quantity"], pan["spreads"][0]["median"]) == ("dapMgycm2", 81)
    assert [part["age"] for part in pan["byAge"]] == ["unknown"]
    assert [part["month"] for part in pan["byMonth"]] == ["2026-03"]


def test_medians_stand_beside_their_reference_levels(desk: Desk, tmp_path: Path) -> None:
    with at_the_desk(read_settings(desk.data)) as (porion, actor):
        level = ReferenceLevel("PANORAMIC", "dap_mgycm2", Ages.CHILDREN, Decimal("60.5"), "they, 2019")
        set_reference_level(porion, actor, level)
        anna = add_patient(porion, actor, ANNA)
    (tmp_path / "in").mkdir()
    for n in range(10):
        (tmp_path / "in" / f"{n}.dcm").write_bytes(file_bytes(a_panoramic(n)))
    desk.do("import", tmp_path / "in")
    (item,) = desk.do("pending", "list", "--json").lines
    looked = ("--verified", "name", "--verified", "birthDate")
    desk.do("pending", "link", item["id"], "--patient", anna.id, *looked)
    assert "above 60.5" in desk.do("exposures", "figures", *DAYS).out
    (found,) = desk.do("exposures", "figures", *DAYS, "--json").lines
    (age,) = found["groups"][0]["byAge"]
    held = {"quantity": "dapMgycm2", "value": 60.5, "source": "they, 2019", "exceeded": True}
    assert (age["age"], age["levels"]) == ("10-13", [held])


def test_large_doses_are_written_out(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(file_bytes(a_panoramic(ImageAndFluoroscopyAreaDoseProduct="12.3456")))
    desk.do("import", tmp_path / "a.dcm")
    assert "1230 mGy·cm²" in desk.do("exposures", "figures", *DAYS).out


def test_the_log_is_written_into_a_file(brought: Desk, tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    said = brought.do("exposures", "log", *DAYS, "--out", out, "--names", "--comma").out
    assert "2 exposures from 2026-03-01 to 2026-03-31" in said
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert sorted(row["category"] for row in rows) == ["CEPHALOMETRIC_LATERAL", "PANORAMIC"]
    assert "irradiation event UID" in rows[0]


def test_what_cannot_be_is_told(brought: Desk, tmp_path: Path) -> None:
    said = brought.run("exposures", "log", *DAYS, "--out", tmp_path / "none" / "log.csv")
    assert (said.status, "cannot be written" in said.err) == (2, True)
    said = brought.run("exposures", "figures", "--from", "2026-03-02", "--to", "2026-03-01")
    assert (said.status, "lies before the first one" in said.err) == (2, True)
