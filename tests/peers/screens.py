"""A clinic's page in Debian's Chromium: a demo-like clinic, and somebody who set it up through the page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from porion.http.door import BUILT_PAGE
from tests.cli.desk import Desk
from tests.cli.server import Server, serving

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds: a busy machine takes its time."""

EMAIL, PASSWORD = "anna@clinic.example", "correct horse battery"
WIDE = {"width": 1360, "height": 800}
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = "(room) => axe.run(room, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
# The viewer is asked by tests of its own, when it has drawn.
ROOM = ".image-room"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def must_be_built() -> None:
    """Skip where nobody built the page; CI has to."""
    if not (BUILT_PAGE / "index.html").exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("the page is not built: script/page builds it")


@dataclass(frozen=True)
class Clinic:
    """A served clinic, the browser, and where its page keeps who is signed in."""

    browser: Browser
    server: Server
    desk: Desk
    state: Path

    def page(self, path: str = "/inbox", **options: Any) -> Page:
        """The page at an address, signed in; ``said`` collects what its console heard."""
        chosen = {"viewport": WIDE, "locale": "en-GB", **options}
        context = self.browser.new_context(storage_state=str(self.state), **chosen)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(self.server.url + path)
        page.locator("header.frame").wait_for()
        return page

    def get(self, page: Page, path: str) -> Any:
        """An answer of the API to whoever is signed in on that page."""
        answer = page.request.get(self.server.url + path)
        assert answer.ok, answer.text()
        return answer.json()

    def waiting(self, page: Page) -> list[Any]:
        """What waits, as the API says it."""
        return list(self.get(page, "/api/imaging/pending?limit=200")["items"])


@contextmanager
def a_clinic(browser: Browser, data: Path, *, studies: int = 6) -> Iterator[Clinic]:
    """A clinic with patients and drawn images, set up by its one-time link through the page."""
    must_be_built()
    desk = Desk(data)
    desk.do("demo", "--no-serve", "--studies", studies, "--slices", 4, "--json")
    with serving(data) as server:
        state = data / "signed-in.json"
        context = browser.new_context(viewport=WIDE, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(str((server.told("setup") or {})["url"]))
        page.get_by_label("Name of the clinic").fill("Main Street")
        page.get_by_label("Your e-mail address").fill(EMAIL)
        page.get_by_label("A password").fill(PASSWORD)
        assert "token" not in page.url
        page.keyboard.press("Enter")
        page.locator("header.frame").wait_for()
        context.storage_state(path=str(state))
        context.close()
        yield Clinic(browser, server, desk, state)


def settled(page: Page) -> None:
    """Wait until a screen shows what it has to show."""
    page.locator("main h1").first.wait_for(state="attached")
    expect(page.get_by_text("Loading …")).to_have_count(0)


def axe_finds(page: Page, *, viewer: bool = False) -> list[tuple[str, list[str]]]:
    """What is hard to use on what the page shows, or in its viewer: each rule, and the first places."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(AXE_RUN, {"include" if viewer else "exclude": [[ROOM]]})["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
