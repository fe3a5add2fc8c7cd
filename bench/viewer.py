"""Seconds from opening a volume to three drawn planes, on this machine without a graphics card.

``python -m bench.viewer [SIZE] [ROUNDS]``: a cone-beam volume of SIZE cubed (400) in Debian's Chromium, drawn
by the processor. Beside it in the same run stands what the browser needs at the least: to fetch the same
pixels and do nothing with them. Needs the page to be built (script/page).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from porion.emulator.people import people
from porion.emulator.phantoms import volume
from porion.emulator.phantoms.anatomy import anatomy
from tests.builders import a_cbct_slice, file_bytes
from tests.peers.viewing import Clinic, a_browser, a_clinic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SIZE, ROUNDS = 400, 3

# Kept by the page itself, so that what drives it costs nothing: when the last slice had been drawn.
_WATCH = """
window.drawn = new Promise((done) => {
  const look = () => document.querySelector('[data-complete=true]')
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : requestAnimationFrame(look);
  look();
});
"""
_AT_REST = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_FETCH = """async (address) => {
  const began = performance.now();
  const reader = (await fetch(address)).body.getReader();
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
  return [(performance.now() - began) / 1000, bytes];
}"""


def slices(size: int) -> Iterator[Any]:
    """Both jaws, drawn coarsely and enlarged to the size, with the noise of a detector."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 30, (size, size))
    head = anatomy(people(1, 2026)[5].seed, 14)
    for n, small in enumerate(volume.axial(head, size)):
        index = np.arange(size) * len(small) // size
        grey = np.clip(small[np.ix_(index, index)] + np.roll(noise, n, axis=1), 0, 4095).astype("<u2")
        yield a_cbct_slice(n, Rows=size, Columns=size, PixelData=grey.tobytes())


def filled(clinic: Clinic, folder: Path, size: int) -> str:
    """The volume's identifier, once it is in the clinic."""
    for n, made in enumerate(slices(size)):
        (folder / f"{n}.dcm").write_bytes(file_bytes(made))
    clinic.desk.do("import", str(folder))
    return str(clinic.get("/api/imaging/images")["items"][0]["id"])


def opened(page: Page, address: str) -> float:
    """Seconds from asking for the page to the planes being drawn."""
    page.goto("about:blank")
    page.evaluate(_AT_REST)  # the volume before may still be drawn in 3D
    page.goto(address, wait_until="commit")
    return float(page.evaluate("() => window.drawn")) / 1000


def main(size: int = SIZE, rounds: int = ROUNDS) -> None:
    """Print what was measured."""
    with (
        tempfile.TemporaryDirectory() as place,
        a_browser() as browser,
        a_clinic(browser, Path(place) / "data") as clinic,
    ):
        folder = Path(place) / "slices"
        folder.mkdir()
        image = filled(clinic, folder, size)
        page, url = clinic.page, clinic.server.url
        page.set_default_timeout(300_000)
        page.goto(url)
        fetched, size_of_it = page.evaluate(_FETCH, f"/api/imaging/images/{image}/frames")
        page.add_init_script(_WATCH)
        took = [opened(page, f"{url}/images/{image}") for _ in range(rounds)]
    print(f"{size} x {size} x {size}, {size_of_it / 2**20:.0f} MiB")
    print(f"fetched and thrown away   {fetched:6.2f} s")
    print(f"opened the first time     {took[0]:6.2f} s")
    if took[1:]:
        print(f"opened again, median      {statistics.median(took[1:]):6.2f} s")
    print(f"times the bare fetch      {min(took) / fetched:6.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
