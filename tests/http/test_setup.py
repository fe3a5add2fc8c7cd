"""Setting up: one link, one administrator, and no way in before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.http.house import PASSWORD, House

ANNA = {"email": "anna@clinic.example", "password": PASSWORD, "clinicName": "Main Street"}


def test_the_link_makes_the_first_administrator(house: House) -> None:
    answer = house.nobody().post("/api/setup", json={**ANNA, "token": house.setup_secret()})
    assert (answer.status_code, answer.json()["role"], answer.json()["email"]) == (
        201,
        "admin",
        ANNA["email"],
    )


def test_whoever_set_up_signs_in_as_the_administrator_of_the_named_clinic(house: House) -> None:
    client = house.nobody()
    client.post("/api/setup", json={**ANNA, "token": house.setup_secret()})
    log_in = {"email": ANNA["email"], "password": PASSWORD}
    session = client.post("/api/session", json=log_in).json()
    assert (session["name"], session["clinic"]["name"]) == (ANNA["email"], "Main Street")
    assert "imaging:admin" in session["permissions"]


def test_the_link_works_once(house: House) -> None:
    body = {**ANNA, "token": house.setup_secret()}
    client = house.nobody()
    assert [client.post("/api/setup", json=body).status_code for _ in range(2)] == [201, 401]


def test_a_second_link_is_of_no_use_when_there_is_an_administrator(house: House) -> None:
    client, second = house.nobody(), house.setup_secret()
    client.post("/api/setup", json={**ANNA, "token": house.setup_secret()})
    answer = client.post("/api/setup", json={**ANNA, "email": "eve@clinic.example", "token": second})
    assert answer.status_code == 409


def test_the_link_ends_after_a_day(house: House) -> None:
    secret = house.setup_secret()
    house.world.clock.pass_by(timedelta(hours=25))
    assert house.nobody().post("/api/setup", json={**ANNA, "token": secret}).status_code == 401


def test_guessing_is_slowed_down(house: House) -> None:
    house.attempts.most = 2
    body = {**ANNA, "token": "guess"}
    statuses = [house.nobody().post("/api/setup", json=body).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


@pytest.mark.parametrize(("change", "status"), [({"password": "short"}, 422), ({"token": "wrong"}, 401)])
def test_setting_up_that_fails_says_why(house: House, change: dict[str, str], status: int) -> None:
    sent = {**ANNA, "token": house.setup_secret(), **change}
    answer = house.nobody().post("/api/setup", json=sent)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert sent["password"] not in answer.text


def test_without_setting_up_nobody_signs_in(house: House) -> None:
    for email in ("admin", "admin@clinic.example", "root@localhost"):
        answer = house.nobody().post("/api/session", json={"email": email, "password": "admin"})
        assert answer.status_code == 401
