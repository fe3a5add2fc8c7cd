"""Who calls: tokens, cookies, and other sites that would like to."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.http.house import House

CHANGE = ("POST", "/api/patients")
PERSON = {"family": "Beispiel", "given": "Anna"}


def _add(client: TestClient, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/patients", json=PERSON, headers=named).status_code


def test_a_revoked_token_opens_nothing_any_more(house: House, admin: TestClient) -> None:
    made = admin.post("/api/tokens", json={"name": "script"}).json()
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert house.nobody().get("/api/session", headers=bearer).status_code == 200
    assert admin.delete(f"/api/tokens/{made['id']}").status_code == 204
    assert house.nobody().get("/api/session", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    "value", ["Basic YTpi", "Bearer", "Bearer porion_wrong", "porion_secret-1", "Bearer é"]
)
def test_other_authorizations_are_refused_and_told_what_to_send(house: House, value: str) -> None:
    answer = house.nobody().get("/api/session", headers=[(b"Authorization", value.encode())])
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_sessions_secret_is_no_token(house: House) -> None:
    secret = house.signed_in().cookies["porion_session"]
    answer = house.nobody().get("/api/session", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_cookie_does_nothing_for_a_request_that_another_site_sent(house: House, site: str) -> None:
    assert _add(house.signed_in(), Sec_Fetch_Site=site) == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "https://", "http://["]
)
def test_the_cookie_does_nothing_for_another_origin(house: House, origin: str) -> None:
    assert _add(house.signed_in(), Origin=origin) == 403


def test_our_own_page_may_use_the_cookie(house: House) -> None:
    client = house.signed_in()
    assert _add(client, Origin="http://localhost", Sec_Fetch_Site="same-origin") == 201
    assert _add(client, Sec_Fetch_Site="none") == 201
    assert _add(client) == 201


def test_reading_with_the_cookie_needs_no_origin(house: House) -> None:
    answer = house.signed_in().get("/api/session", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


def test_a_token_needs_no_origin_for_no_browser_sends_it_by_itself(admin: TestClient) -> None:
    assert _add(admin, Origin="http://evil.example", Sec_Fetch_Site="cross-site") == 201


@pytest.mark.parametrize("path", ["/api/session", "/api/setup"])
def test_another_site_cannot_sign_anybody_in_or_set_up(house: House, path: str) -> None:
    answer = house.nobody().post(path, json={}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    body = {"email": house.an_account(Role.RECEPTION), "password": "correct horse battery"}
    plain = house.nobody().post("/api/session", json=body).headers["Set-Cookie"]
    secure = house.with_settings(secure_cookies=True).nobody().post("/api/session", json=body)
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"} <= set(plain.split("; "))
    assert "Secure" not in plain
    assert secure.headers["Set-Cookie"].startswith("__Host-porion_session=")
    assert {"Secure", "Path=/"} <= set(secure.headers["Set-Cookie"].split("; "))
    assert "domain" not in secure.headers["Set-Cookie"].casefold()
