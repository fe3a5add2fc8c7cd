from __future__ import annotations

import csv
from io import StringIO

import pytest
from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.builders import a_lateral_ceph, a_panoramic
from tests.http.house import House
from tests.world import bring

FIGURES, LOG = "/api/exposures/figures", "/api/exposures/log"
LEVELS = "/api/exposures/levels"
DAY = {"from": "2026-03-02", "to": "2026-03-02"}


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def test_figures_say_how_doses_lie_by_device_kind_age_and_month(house: House) -> None:
    bring(house.world, a_panoramic(1), a_panoramic(2, study="b", ImageAndFluoroscopyAreaDoseProduct="0.91"))
    bring(house.world, a_lateral_ceph(3, study="c"))
    answer = house.holder(Role.RECEPTION).get(FIGURES, params=DAY).json()
    assert {key: answer[key] for key in ("from", "to", "exposures", "withoutDose")} == {
        **DAY,
        "exposures": 3,
        "withoutDose": 1,
    }
    ceph, pan = answer["groups"]
    assert (ceph["category"], ceph["spreads"]) == ("CEPHALOMETRIC_LATERAL", [])
    spread = {
        "quantity": "dapMgycm2",
        "unit": "mGy·cm²",
        "count": 2,
        "lowest": 81.0,
        "median": 86.0,
        "thirdQuartile": 88.5,
        "highest": 91.0,
        "enough": False,
    }
    assert (pan["device"], pan["spreads"]) == ("Synthetic Devices SYN-1 ROOM1", [spread])
    assert pan["byAge"] == [
        {"age": "unknown", "exposures": 2, "withoutDose": 0, "spreads": [spread], "levels": []}
    ]
    assert pan["byMonth"] == [{"month": "2026-03", "exposures": 2, "withoutDose": 0, "spreads": [spread]}]


def test_without_days_it_is_the_year_that_ends_today(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic())
    answer = admin.get(FIGURES).json()
    assert (answer["from"], answer["to"], answer["exposures"]) == ("2025-03-03", "2026-03-02", 1)
    answer = admin.get(FIGURES, params={"to": "2026-01-31"}).json()
    assert (answer["from"], answer["exposures"]) == ("2025-02-01", 0)


def test_days_that_are_none_are_refused_in_words(admin: TestClient) -> None:
    assert admin.get(FIGURES, params={"from": "yesterday"}).status_code == 422
    for days in ({"to": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "0001-01-01"}):
        assert "is no day of an exposure" in admin.get(FIGURES, params=days).json()["detail"]
    answer = admin.get(LOG, params={"from": "2026-03-02", "to": "2026-03-01"})
    assert (answer.status_code, "before the first one" in answer.json()["detail"]) == (422, True)


def test_the_log_is_a_table_under_a_name_with_its_days(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic())
    answer = admin.get(LOG, params=DAY)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = "exposures_2026-03-02_2026-03-02.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    (row,) = rows_of(answer.text)
    assert (row["date"], row["dose-area product (mGy·cm²)"]) == ("2026-03-02", "81")
    assert not {"patient", "time", "exposure id"} & row.keys()


def test_names_and_commas_are_asked_for(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic(ImageAndFluoroscopyAreaDoseProduct="0.815"))
    answer = admin.get(LOG, params={**DAY, "names": True, "decimal": "comma"})
    (row,) = rows_of(answer.text, ";")
    assert (row["dose-area product (mGy·cm²)"], row["patient"]) == ("81,5", "")


def test_a_clinician_sees_figures_and_takes_no_log(house: House) -> None:
    somebody = house.holder(Role.CLINICIAN)
    assert somebody.get(FIGURES).status_code == 200
    assert somebody.get(LOG).status_code == 403


def test_medians_are_held_against_the_levels_that_the_clinic_entered(house: House, admin: TestClient) -> None:
    made = [a_panoramic(n, study=f"s{n}", ImageAndFluoroscopyAreaDoseProduct=f"0.{n}") for n in range(71, 81)]
    bring(house.world, *made)
    items = admin.get("/api/imaging/pending").json()["items"]
    new = f"/api/imaging/pending/{items[0]['id']}/create-patient"
    patient = admin.post(new, json={"verified": ["name", "birthDate"]}).json()["patientId"]
    for item in items[1:]:
        seen = admin.get(f"/api/imaging/pending/{item['id']}").json()
        said = {"patientId": patient, "verified": ["name", "birthDate"], "snapshot": seen["snapshot"]}
        answer = admin.post("/api/imaging/dicom/match", json={"pendingId": item["id"], **said})
        assert answer.status_code == 200, answer.text
    level = {"category": "PANORAMIC", "quantity": "dapMgycm2", "ages": "children", "source": "they, 2019"}
    for value, exceeded in (("75.5", False), ("75.4", True)):
        answer = admin.put(LEVELS, json={**level, "value": value})
        assert (answer.status_code, answer.json()["value"]) == (200, float(value))
        (group,) = admin.get(FIGURES, params=DAY).json()["groups"]
        (age,) = group["byAge"]
        held = {"quantity": "dapMgycm2", "value": float(value), "source": "they, 2019", "exceeded": exceeded}
        assert (age["age"], age["spreads"][0]["median"], age["levels"]) == ("10-13", 75.5, [held])
    (only,) = admin.get(LEVELS).json()["items"]
    assert (only["unit"], only["ages"], only["value"]) == ("mGy·cm²", "children", 75.4)
    assert admin.delete(f"{LEVELS}/{only['id']}").status_code == 204
    assert admin.delete(f"{LEVELS}/{only['id']}").status_code == 404
    assert admin.get(LEVELS).json() == {"items": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "0"},
        {"value": "-1"},
        {"value": "NaN"},
        {"value": "many"},
        {"category": "KNEE"},
        {"source": ""},
    ],
)
def test_a_level_that_is_none_is_refused(admin: TestClient, wrong: dict[str, str]) -> None:
    level = {"category": "CBCT", "quantity": "dapMgycm2", "ages": "adults", "value": "265", "source": "they"}
    assert admin.put(LEVELS, json={**level, **wrong}).status_code == 422
    assert admin.get(LEVELS).json()["items"] == []
