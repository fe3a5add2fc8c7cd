"""A clinic's page in Debian's Chromium: signed in, with images that were drawn for the test."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from pydicom.dataset import Dataset

from tests.builders import file_bytes
from tests.cli.desk import Desk
from tests.cli.server import Server, serving

CHROMIUM = "/usr/bin/chromium"
# No network but this machine's; a graphics card is not needed.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
PATIENCE = 120_000  # ms: a busy machine without a graphics card draws slowly
_EMAIL, _PASSWORD = "viewer@clinic.example", "correct horse battery"

Grey: TypeAlias = npt.NDArray[np.uint8]
Place: TypeAlias = tuple[float, float]


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, with everything drawn by the processor."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Clinic:
    """A served Porion and somebody who looks at its page; ``said`` is what the console heard."""

    desk: Desk
    server: Server
    page: Page
    said: list[str]

    def get(self, path: str) -> Any:
        """An answer of the API."""
        return self.page.request.get(self.server.url + path).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """An answer to a change."""
        return self.page.request.post(self.server.url + path, data=body).json()

    def bring(self, *made: Dataset) -> list[str]:
        """Import data sets; the identifiers of the images that they are, in their order."""
        found = []
        for number, one in enumerate(made):
            file = {"name": f"{number}.dcm", "mimeType": "application/dicom", "buffer": file_bytes(one)}
            answer = self.page.request.post(
                f"{self.server.url}/api/imaging/dicom/import", multipart={"file": file}
            )
            found.append(answer.json()["outcomes"][0]["imageId"])
        return list(dict.fromkeys(found))

    def open(self, image_id: str) -> Viewer:
        """The viewer on an image, once it is drawn or has said why not."""
        self.page.goto(f"{self.server.url}/images/{image_id}")
        self.page.locator(".viewer-shown, .viewer-trouble, [data-complete=true]").first.wait_for(
            timeout=PATIENCE
        )
        return Viewer(self.page)


@contextmanager
def a_clinic(browser: Browser, data: Path) -> Iterator[Clinic]:
    """An empty clinic that is served, and an administrator who has signed in."""
    desk = Desk(data)
    words = ("user", "create", "--email", _EMAIL, "--role", "admin", "--password-stdin")
    desk.do(*words, typed=f"{_PASSWORD}\n")
    with serving(data) as server:
        context = browser.new_context(viewport={"width": 900, "height": 640})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        said: list[str] = []
        page.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        signed_in = page.request.post(
            f"{server.url}/api/session", data={"email": _EMAIL, "password": _PASSWORD}
        )
        assert signed_in.ok, signed_in.text()
        yield Clinic(desk, server, page, said)
        context.close()


@dataclass(frozen=True)
class Viewer:
    """What a person does in the viewer, and what they see."""

    page: Page

    def press(self, key: str) -> None:
        """Press a key, and let the page draw."""
        self.page.keyboard.press(key)
        self.draw()

    def draw(self) -> None:
        """Wait until the browser has drawn twice."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def canvas(self, cell: str = "") -> Locator:
        """A view's drawing."""
        inside = f"[data-cell={cell}] " if cell else ""
        return self.page.locator(f"{inside}.viewer-canvas").first

    def seen(self, cell: str = "") -> Grey:
        """What a view shows, as grey values from black (0) to white (255)."""
        shot = self.canvas(cell).screenshot(timeout=PATIENCE)
        return np.asarray(Image.open(io.BytesIO(shot)).convert("L"))

    def colour_at(self, across: float, down: float) -> tuple[int, int, int]:
        """Red, green and blue at a share of the view's width and height."""
        shot = Image.open(io.BytesIO(self.canvas().screenshot(timeout=PATIENCE))).convert("RGB")
        red, green, blue = np.asarray(shot)[int(shot.height * down), int(shot.width * across)]
        return int(red), int(green), int(blue)

    def seen_when(self, holds: Any, cell: str = "") -> Grey:
        """What a view shows as soon as that holds of it; what it shows at last where it never does."""
        for _ in range(60):
            seen = self.seen(cell)
            if holds(seen):
                break
            self.draw()
        return seen

    def drag(self, start: Place, *way: Place, cell: str = "") -> None:
        """Press the mouse at a place of a view, in pixels from its corner, and let go at the last one."""
        box = self.canvas(cell).bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + start[0], box["y"] + start[1])
        mouse.down()
        for x, y in way:
            mouse.move(box["x"] + x, box["y"] + y, steps=5)
        mouse.up()
        self.draw()

    def measurements(self) -> str:
        """What has been measured, in words."""
        listed = self.page.locator(".viewer-measurements").first
        listed.wait_for()
        return listed.inner_text()

    def basis(self) -> str:
        """What the scale rests on, in words."""
        return self.page.locator(".viewer-basis").first.inner_text()


def bright_spots(seen: Grey, above: int = 200) -> list[Place]:
    """The middles of the separate bright spots of a picture, from left to right."""
    columns = np.flatnonzero((seen > above).any(axis=0))
    if columns.size == 0:
        return []
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1)
    return [_middle(seen, group, above) for group in groups]


def _middle(seen: Grey, columns: npt.NDArray[np.intp], above: int) -> Place:
    rows = np.flatnonzero((seen[:, columns] > above).any(axis=1))
    return float(columns.mean()), float(rows.mean())
