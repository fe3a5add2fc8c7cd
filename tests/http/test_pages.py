"""The page behind its door: an index at every screen's address, assets for good, and a policy for both."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from porion.http.app import create_app
from porion.http.screens import SCREENS
from tests.http.house import HOST, SETTINGS, House, a_door

INDEX = "<!doctype html><title>Porion</title>"
SCRIPT = b"console.info('a page')"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built page of one script, kept in both forms, and a picture in one."""
    assets = tmp_path / "page" / "assets"
    assets.mkdir(parents=True)
    (assets.parent / "index.html").write_text(INDEX)
    (assets / "index-AbC_1.js").write_bytes(SCRIPT)
    (assets / "index-AbC_1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "icon.svg").write_text("<svg/>")
    (assets / "notes.txt").write_text("not a kind of file that the page has")
    return assets.parent


@pytest.fixture
def browser(house: House, built: Path) -> TestClient:
    """Somebody who is not signed in, before a door with a built page."""
    door = replace(a_door(house.world, house.scratch, SETTINGS), page=built)
    return TestClient(create_app(door), base_url=HOST)


@pytest.mark.parametrize("path", SCREENS)
def test_every_screens_address_answers_with_the_page(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_whatever_stands_in_an_address_the_page_is_the_same(browser: TestClient) -> None:
    assert browser.get("/setup", params={"token": "<script>"}).text == INDEX
    assert browser.get("/patients/<script>").text == INDEX


def test_the_page_may_load_only_from_here_and_lies_in_no_frame(browser: TestClient) -> None:
    headers = browser.get("/inbox").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"


def test_an_asset_may_be_kept_for_good(browser: TestClient) -> None:
    answer = browser.get("/assets/icon.svg")
    assert (answer.text, answer.headers["Content-Type"]) == ("<svg/>", "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("takes", "coding"), [("gzip, br", "gzip"), ("identity", None)])
def test_an_asset_comes_compressed_when_the_browser_takes_it(
    browser: TestClient, takes: str, coding: str | None
) -> None:
    answer = browser.get("/assets/index-AbC_1.js", headers={"Accept-Encoding": takes})
    assert answer.content == SCRIPT
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name",
    [
        "gone.js",
        "notes.txt",
        "..%2findex.html",
        "%2e%2e/stamp.txt",
        ".hidden.js",
        "index-AbC_1.js.gz",
        "a%00.js",
    ],
)
def test_nothing_else_is_given_away(browser: TestClient, name: str) -> None:
    assert browser.get(f"/assets/{name}").status_code in (404, 422)


def test_without_a_built_page_the_door_says_how_to_build_it(house: House, tmp_path: Path) -> None:
    door = replace(a_door(house.world, house.scratch, SETTINGS), page=tmp_path / "none")
    answer = TestClient(create_app(door), base_url=HOST).get("/")
    assert answer.status_code == 503
    assert "script/page" in answer.json()["detail"]


def test_screens_and_assets_are_no_part_of_the_described_api(house: House) -> None:
    assert not {*SCREENS, "/assets/{name}"} & set(house.app.openapi()["paths"])
