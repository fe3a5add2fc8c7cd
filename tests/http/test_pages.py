"""The pages before the page: no script, nothing from elsewhere, nothing of a visitor's as markup."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import pytest

from porion.http.pages import PAGE_HEADERS, landing_page, set_up_page, setup_page
from tests.http.house import House

HOSTILE = '"><script>alert(1)</script>'
PAGES = [
    landing_page(),
    setup_page("t"),
    setup_page(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    set_up_page(HOSTILE),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_nothing_that_its_policy_forbids(page: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in PAGE_HEADERS["Content-Security-Policy"]
    assert not re.search(r"<script|<img|<link|\son\w+=|\sstyle=|https?://", page)


def test_whatever_stands_in_the_link_is_shown_as_text(house: House) -> None:
    answer = house.nobody().get("/setup", params={"token": HOSTILE})
    assert "<script" not in answer.text
    assert "&quot;&gt;&lt;script&gt;" in answer.text


@pytest.mark.parametrize("path", ["/", "/setup?token=x"])
def test_pages_come_with_a_policy_of_their_own(house: House, path: str) -> None:
    headers = house.nobody().get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_the_landing_page_leads_to_the_description_of_the_api(house: House) -> None:
    (link,) = re.findall(r'href="([^"]+)"', house.nobody().get("/").text)
    assert house.nobody().get(link).json()["info"]["title"] == "Porion"
