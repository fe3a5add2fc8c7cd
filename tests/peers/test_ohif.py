"""OHIF opens what we hold, out of our DICOMweb and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.builders import a_cbct_series, a_panoramic, uid
from tests.http.house import a_house
from tests.peers.ohif import a_browser, beside, built_files, drawn
from tests.peers.web import served
from tests.world import bring

ROWS, COLUMNS = 200, 400
SIDE = 64
# Horizontal bars of ever more grey: a viewer that mixes up rows, columns or bytes shows something else.
PANORAMIC = np.repeat(np.linspace(0, 4000, ROWS, dtype=np.uint16), COLUMNS)


def a_volume() -> list[object]:
    slices = a_cbct_series(SIDE)
    grid = np.hypot(*np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j])
    for n, one in enumerate(slices):
        one.Rows = one.Columns = SIDE
        one.PixelData = ((1.5 - grid) * (1000 + 20 * n)).astype(np.uint16).tobytes()
    return list(slices)


@pytest.mark.timeout(600)
@pytest.mark.peer("chromium")
def test_ohif_lists_studies_and_opens_a_panoramic_and_a_volume(tmp_path: Path) -> None:
    built = built_files()
    house = a_house(tmp_path)
    image = a_panoramic(Rows=ROWS, Columns=COLUMNS, PixelData=PANORAMIC.tobytes())
    bring(house.world, image, *a_volume())  # type: ignore[arg-type]
    with served(house, beside(built)) as door, a_browser(tmp_path) as (page, elsewhere):
        page.goto(f"{door.url}/")
        expect(page.get_by_text("Beispiel").first).to_be_visible(timeout=120_000)
        page.goto(f"{door.url}/viewer?StudyInstanceUIDs={uid('study-1')}")
        assert max(high for _, high, _ in drawn(page, 60)) > 200
        page.goto(f"{door.url}/viewer?StudyInstanceUIDs={uid('study-cbct')}")
        drawn(page, 30)
        expect(page.get_by_text(f"(1/{SIDE})").first).to_be_visible(timeout=60_000)
        assert elsewhere == []
