"""The register over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_lateral_ceph, a_panoramic
from tests.http.house import House, register_anna
from tests.world import bring

PATIENTS = "/api/patients"
ANNA = {
    "family": "Müller", "given": "Anna", "middle": "", "prefix": "", "suffix": "", "birthDate": "2012-04-03",
    "sex": "F", "identifiers": [{"value": "P-1", "issuer": "CLINIC"}], "aliases": [],
}  # fmt: skip
CSV = "Nachname;Vorname;Geburtsdatum;Geschlecht;Patientennummer\nMüller;Anna;03.04.2012;w;P-1\n;;;w;P-2\n"


def _added(client: TestClient, **changes: Any) -> Any:
    answer = client.post(PATIENTS, json={**ANNA, **changes})
    assert answer.status_code == 201
    return answer.json()


def test_a_patient_is_added_and_read(admin: TestClient) -> None:
    added = _added(admin)
    assert {name: added[name] for name in ANNA} == ANNA
    assert (added["version"], added["mergedInto"]) == (1, None)
    assert admin.get(f"{PATIENTS}/{added['id']}").json() == added


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "", "given": ""},
        {"sex": "X"},
        {"birthDate": "03.04.2012"},
        {"family": "M\x00ller"},
        {"family": "M" * 201},
        {"identifiers": [{"value": " "}]},
        {"id": "my-own"},
    ],
)
def test_what_makes_no_sense_is_not_added(admin: TestClient, wrong: dict[str, Any]) -> None:
    assert admin.post(PATIENTS, json={**ANNA, **wrong}).status_code == 422
    assert admin.get(PATIENTS).json()["items"] == []


def test_a_lone_surrogate_is_refused(admin: TestClient) -> None:
    body = b'{"family": "\\ud800", "given": "Anna"}'
    answer = admin.post(PATIENTS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_an_identifier_belongs_to_one_patient(admin: TestClient) -> None:
    _added(admin)
    assert admin.post(PATIENTS, json={**ANNA, "given": "Berta"}).status_code == 409


@pytest.mark.parametrize("words", ["müller", "mueller anna", "P-1", "anna"])
def test_patients_are_found_by_words_in_the_address_or_in_the_body(admin: TestClient, words: str) -> None:
    anna = _added(admin)
    _added(admin, family="Weber", given="Ben", identifiers=[])
    by_address = admin.get(PATIENTS, params={"q": words}).json()
    by_body = admin.post(f"{PATIENTS}/search", json={"q": words}).json()
    assert [one["id"] for one in by_address["items"]] == [anna["id"]]
    assert by_body == by_address


def test_the_list_goes_by_cursor(admin: TestClient) -> None:
    added = [_added(admin, given=f"Anna {n}", identifiers=[])["id"] for n in range(3)]
    first = admin.get(PATIENTS, params={"limit": 2}).json()
    rest = admin.post(f"{PATIENTS}/search", json={"limit": 2, "cursor": first["nextCursor"]}).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == added


def test_an_edit_of_an_older_version_is_stale(admin: TestClient) -> None:
    path = f"{PATIENTS}/{_added(admin)['id']}"
    edited = admin.put(path, json={**ANNA, "given": "Anne", "version": 1})
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    late = admin.put(path, json={**ANNA, "given": "Annette", "version": 1})
    assert (late.status_code, late.json()["type"]) == (409, "urn:porion:problem:stale")
    assert admin.get(path).json()["given"] == "Anne"


def test_two_entries_of_one_person_become_one(admin: TestClient) -> None:
    stays, goes = _added(admin), _added(admin, family="Muller", identifiers=[{"value": "X-9"}])
    body = {"otherId": goes["id"], "reason": "The same person."}
    merged = admin.post(f"{PATIENTS}/{stays['id']}/merge", json=body).json()
    assert [one["value"] for one in merged["identifiers"]] == ["P-1", "X-9"]
    assert [alias["family"] for alias in merged["aliases"]] == ["Muller"]
    assert admin.get(f"{PATIENTS}/{goes['id']}").json()["mergedInto"] == stays["id"]


def test_a_merge_is_taken_back(admin: TestClient) -> None:
    stays, goes = _added(admin), _added(admin, family="Muller", identifiers=[{"value": "X-9"}])
    admin.post(f"{PATIENTS}/{stays['id']}/merge", json={"otherId": goes["id"], "reason": "One person."})
    apart = admin.post(f"{PATIENTS}/{goes['id']}/unmerge", json={"reason": "Cousins."}).json()
    assert (apart["moved"], apart["kept"], apart["back"]["mergedInto"]) == ([], [], None)
    assert [one["value"] for one in apart["stays"]["identifiers"]] == ["P-1"]
    assert [one["value"] for one in apart["back"]["identifiers"]] == ["X-9"]
    again = admin.post(f"{PATIENTS}/{goes['id']}/unmerge", json={"reason": "Cousins."})
    assert again.status_code == 404


def test_a_merge_needs_a_reason(admin: TestClient) -> None:
    answer = admin.post(f"{PATIENTS}/{_added(admin)['id']}/merge", json={"otherId": "x", "reason": ""})
    assert answer.status_code == 422


@pytest.mark.parametrize("as_form", [True, False])
def test_a_table_is_brought_in_row_by_row(admin: TestClient, *, as_form: bool) -> None:
    content = CSV.encode("cp1252")
    sent: dict[str, Any] = (
        {"files": {"table": ("register.csv", content)}}
        if as_form
        else {"content": content, "headers": {"Content-Type": "text/csv; charset=windows-1252"}}
    )
    report = admin.post(f"{PATIENTS}/import", **sent).json()
    assert [(row["number"], row["result"]) for row in report["rows"]] == [(2, "added"), (3, "refused")]
    assert report["rows"][1]["reason"]
    assert (report["delimiter"], report["summary"]) == (";", {"added": 1, "refused": 1})
    (anna,) = admin.get(PATIENTS).json()["items"]
    assert (anna["family"], anna["birthDate"], anna["sex"]) == ("Müller", "2012-04-03", "F")


def test_a_dry_run_changes_nothing(admin: TestClient) -> None:
    answer = admin.post(
        f"{PATIENTS}/import",
        params={"dryRun": "true"},
        content=CSV.encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert (answer.json()["dryRun"], answer.json()["summary"]) == (True, {"added": 1, "refused": 1})
    assert admin.get(PATIENTS).json()["items"] == []


def test_what_is_no_table_is_refused_in_words(admin: TestClient) -> None:
    files = [("a", ("a.csv", b"colour;size\nred;9\n"))]
    answer = admin.post(f"{PATIENTS}/import", files=files)
    assert (answer.status_code, "missing columns" in answer.json()["detail"]) == (422, True)
    assert admin.post(f"{PATIENTS}/import", files=files * 2).status_code == 422


def test_exposures_come_with_their_evidence(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic(), a_lateral_ceph())
    (item,) = admin.get("/api/imaging/pending").json()["items"]
    made = admin.post(
        f"/api/imaging/pending/{item['id']}/create-patient", json={"verified": ["name", "birthDate"]}
    ).json()
    ceph, pan = admin.get(f"{PATIENTS}/{made['patientId']}/exposures").json()["items"]
    assert (pan["radiationDose"], pan["dapMgycm2"], pan["image"]["category"]) == (81.0, 81.0, "PANORAMIC")
    assert (ceph["radiationDose"], ceph["missing"]["dapMgycm2"]) == (None, "not in the header")
    (used,) = [one for one in pan["observations"] if one["quantity"] == "dap_mgycm2" and one["used"]]
    assert (used["rawText"], used["value"], used["tag"]) == ("0.81", 81.0, "(0018,115E)")


def test_a_search_finds_who_only_sounds_alike_and_by_birth_date(house: House, admin: TestClient) -> None:
    anna = register_anna(house)
    for typed in ("Anna Beyspiel", "3.4.2012"):
        items = admin.post("/api/patients/search", json={"q": typed}).json()["items"]
        assert [one["id"] for one in items] == [anna]


def test_a_twin_is_told_beside_a_patient(house: House, admin: TestClient) -> None:
    anna = register_anna(house)
    twin = {"family": "Beispiel", "given": "Lena", "birthDate": "2012-04-03", "sex": "F"}
    admin.post("/api/patients", json=twin)
    told = admin.get(f"/api/patients/{anna}/relations").json()
    assert told["merged"] == []
    assert [(one["patient"]["given"], bool(one["vetoes"])) for one in told["alike"]] == [("Lena", True)]
