"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from porion.clinic.permissions import Role
from tests.http.house import PASSWORD, House


def test_signing_in_tells_who_one_is_and_what_one_may_do(house: House) -> None:
    client, email = house.nobody(), house.an_account(Role.RECEPTION)
    answer = client.post("/api/session", json={"email": email.upper(), "password": PASSWORD})
    assert answer.status_code == 201
    assert answer.json() == {
        "name": email,
        "permissions": ["imaging:capture", "imaging:view"],
        "clinic": {"id": house.world.clinic_id, "name": "Clinic"},
    }
    assert client.get("/api/session").json() == answer.json()


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper()])
def test_a_wrong_password_and_an_unknown_user_sound_the_same(house: House, password: str) -> None:
    known, unknown = house.an_account(Role.ADMIN), "unknown@clinic.example"
    answers = [
        house.nobody().post("/api/session", json={"email": email, "password": password})
        for email in (known, unknown)
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].json() == answers[1].json()
    assert "Set-Cookie" not in answers[0].headers


def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(house: House) -> None:
    client = house.signed_in()
    secret = client.cookies["porion_session"]
    answer = client.delete("/api/session")
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/api/session").status_code == 401
    again = house.nobody().get("/api/session", headers={"Cookie": f"porion_session={secret}"})
    assert again.status_code == 401


def test_a_session_ends_after_twelve_hours(house: House) -> None:
    client = house.signed_in()
    house.world.clock.pass_by(timedelta(hours=12))
    assert client.get("/api/session").status_code == 401


def test_after_too_many_attempts_even_the_right_password_has_to_wait(house: House) -> None:
    email = house.an_account(Role.ADMIN)
    house.attempts.most = 3
    statuses = [
        house.nobody().post("/api/session", json={"email": email, "password": word}).status_code
        for word in ("wrong", "wrong", "wrong", PASSWORD)
    ]
    assert statuses == [401, 401, 401, 429]


def test_who_has_to_wait_is_told_how_long(house: House) -> None:
    house.attempts.most = 0
    answer = house.nobody().post("/api/session", json={"email": "a@b", "password": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_a_form_that_is_no_json_signs_nobody_in(house: House) -> None:
    body = f'{{"email": "{house.an_account(Role.ADMIN)}", "password": "{PASSWORD}"}}'
    answer = house.nobody().post("/api/session", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
