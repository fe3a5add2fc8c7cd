"""Users and API tokens over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.http.house import PASSWORD, House

BEN = {"email": "ben@clinic.example", "password": PASSWORD, "role": "clinician"}


def test_a_user_is_added_and_may_sign_in(house: House, admin: TestClient) -> None:
    added = admin.post("/api/users", json=BEN)
    assert (added.status_code, added.json()["role"], added.json()["state"]) == (201, "clinician", "active")
    assert added.json() in admin.get("/api/users").json()["items"]
    signed_in = house.nobody().post("/api/session", json={"email": BEN["email"], "password": PASSWORD})
    assert signed_in.status_code == 201


@pytest.mark.parametrize(
    "wrong", [{"email": "ben"}, {"password": "short"}, {"role": "god"}, {"state": "active"}]
)
def test_a_user_that_makes_no_sense_is_refused(admin: TestClient, wrong: dict[str, str]) -> None:
    answer = admin.post("/api/users", json={**BEN, **wrong})
    assert answer.status_code == 422
    assert PASSWORD not in answer.text


def test_no_answer_ever_carries_a_password(admin: TestClient) -> None:
    admin.post("/api/users", json=BEN)
    assert "password" not in admin.get("/api/users").text.casefold()


def test_switching_a_user_off_ends_what_they_hold(house: House, admin: TestClient) -> None:
    ben = admin.post("/api/users", json=BEN).json()["id"]
    client = house.nobody()
    client.post("/api/session", json={"email": BEN["email"], "password": PASSWORD})
    assert admin.patch(f"/api/users/{ben}", json={"active": False}).json()["state"] == "off"
    assert client.get("/api/session").status_code == 401


def test_a_changed_role_holds_at_once(house: House, admin: TestClient) -> None:
    client = house.signed_in(Role.RECEPTION)
    name = client.get("/api/session").json()["name"]
    user = next(one for one in admin.get("/api/users").json()["items"] if one["email"] == name)
    assert client.get("/api/audit").status_code == 403
    admin.patch(f"/api/users/{user['id']}", json={"role": "admin"})
    assert client.get("/api/audit").status_code == 200


def test_the_last_administrator_stays(house: House) -> None:
    client = house.signed_in()
    (user,) = client.get("/api/users").json()["items"]
    assert client.patch(f"/api/users/{user['id']}", json={"role": "reception"}).status_code == 409


def test_a_tokens_secret_is_shown_once(admin: TestClient) -> None:
    made = admin.post("/api/tokens", json={"name": "script"}).json()
    listed = admin.get("/api/tokens")
    assert made["secret"].startswith("porion_")
    assert made["secret"] not in listed.text
    assert {"id": made["id"], "name": "script", "createdAt": made["createdAt"]} in listed.json()["items"]


def test_another_users_token_takes_an_administrator(house: House, admin: TestClient) -> None:
    email = house.an_account(Role.RECEPTION)
    body = {"name": "for you", "email": email}
    assert house.holder(Role.CLINICIAN).post("/api/tokens", json=body).status_code == 403
    made = admin.post("/api/tokens", json=body).json()
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert house.nobody().get("/api/session", headers=bearer).json()["name"] == email


def test_nobody_but_an_administrator_ends_anothers_token(house: House, admin: TestClient) -> None:
    token = admin.post("/api/tokens", json={"name": "mine"}).json()["id"]
    assert house.holder(Role.CLINICIAN).delete(f"/api/tokens/{token}").status_code == 404
    assert house.holder(Role.ADMIN).delete(f"/api/tokens/{token}").status_code == 204
