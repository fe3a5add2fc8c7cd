"""The viewer in Chromium without a graphics card: what is drawn, measured, calibrated, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Route
from pydicom.dataset import Dataset

from porion.emulator import devices, programs
from porion.emulator.people import people
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, an_intra_oral
from tests.peers.screens import axe_finds
from tests.peers.viewing import Clinic, Grey, Place, Viewer, a_browser, a_clinic, bright_spots

pytestmark = pytest.mark.peer("chromium")

ROWS, COLUMNS = 300, 400
LEFT, RIGHT, HEIGHT = 100, 300, 150
"""Two lead dots, 200 pixels apart."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def clinic(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with a_clinic(browser, tmp_path_factory.mktemp("viewer")) as clinic:
        yield clinic


def dots(**attributes: Any) -> dict[str, Any]:
    """Attributes and pixels of a grey picture with two white dots."""
    pixels = np.full((ROWS, COLUMNS), 1000, dtype="<u2")
    for column in (LEFT, RIGHT):
        pixels[HEIGHT - 5 : HEIGHT + 6, column - 5 : column + 6] = 4000
    return {"Rows": ROWS, "Columns": COLUMNS, "PixelData": pixels.tobytes(), **attributes}


def the_dots(seen: Grey) -> list[Place]:
    """Where they are seen; captions and what is asked for stand above and below."""
    top = int(len(seen) * 0.35)
    return [(x, y + top) for x, y in bright_spots(seen[top : int(len(seen) * 0.65)])]


def both_dots(seen: Grey) -> bool:
    """Whether they are drawn."""
    return len(the_dots(seen)) == 2


def between_the_dots(clinic: Clinic, image: str, key: str = "l") -> str:
    """Draw a line from one dot to the other; what the viewer says of it."""
    viewer = clinic.open(image)
    viewer.press(key)
    first, last = the_dots(viewer.seen_when(both_dots))
    viewer.drag(first, last)
    return viewer.measurements()


@pytest.fixture(scope="module")
def head(clinic: Clinic) -> str:
    """A whole volume of both jaws."""
    (image,) = clinic.bring(*a_volume(40, "head"))
    return image


def number(text: str) -> float:
    """The first number of a text."""
    found = re.search(r"\d+(\.\d+)?", text)
    assert found, text
    return float(found[0])


def a_volume(slices: int, key: str) -> list[Dataset]:
    """Both jaws, drawn, by a cone-beam unit that does not exist."""
    person = people(1, 2026)[5]
    habit = devices.CONE_BEAM.habits[0]
    visit = devices.Visit(
        devices.CONE_BEAM, programs.VOLUME, person, habit, datetime(2026, 3, 2, 11, tzinfo=UTC), key
    )
    return list(devices.images(visit, slices))


def test_millimetres_stand_where_the_scale_is_calibrated(clinic: Clinic) -> None:
    spacing = {"PixelSpacing": ["0.15", "0.15"], "PixelSpacingCalibrationType": "FIDUCIAL"}
    (image,) = clinic.bring(a_lateral_ceph(11, **dots(**spacing)))
    told = between_the_dots(clinic, image)
    assert number(told) == pytest.approx(200 * 0.15, rel=0.02), told
    assert "mm calibrated" in told


def test_pixels_stand_where_only_the_detector_is_known(clinic: Clinic) -> None:
    (image,) = clinic.bring(an_intra_oral(12, **dots(ImagerPixelSpacing=["0.04", "0.04"])))
    told = between_the_dots(clinic, image)
    assert number(told) == pytest.approx(200, rel=0.02), told
    assert "px uncalibrated" in told
    assert "mm" not in told
    assert clinic.page.locator(".viewer-basis").first.inner_text() == "detector plane, uncalibrated: px only"


def test_a_panoramic_says_that_its_lengths_are_not_reliable(clinic: Clinic) -> None:
    spacing = {"PixelSpacing": ["0.1", "0.1"], "ImagerPixelSpacing": ["0.13", "0.13"]}
    (image,) = clinic.bring(a_panoramic(13, **dots(**spacing)))
    told = between_the_dots(clinic, image)
    assert number(told) == pytest.approx(200 * 0.1, rel=0.02), told
    assert told.startswith("Length about ")
    assert "not reliable in a panoramic" in told


def test_a_spacing_of_zero_draws_all_the_same(clinic: Clinic) -> None:
    (image,) = clinic.bring(an_intra_oral(14, **dots(PixelSpacing=["0", "0"])))
    told = between_the_dots(clinic, image)
    assert "px no scale" in told


def test_a_picture_in_colour_is_drawn_in_colour(clinic: Clinic) -> None:
    pixels = np.zeros((ROWS, COLUMNS, 3), dtype=np.uint8)
    pixels[:, : COLUMNS // 2] = (220, 30, 30)
    colour = {"Rows": ROWS, "Columns": COLUMNS, "SamplesPerPixel": 3, "PlanarConfiguration": 0}
    bits = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PhotometricInterpretation": "RGB"}
    made = an_intra_oral(19, **colour, **bits)
    made.add_new(0x7FE00010, "OB", pixels.tobytes())
    (image,) = clinic.bring(made)
    viewer = clinic.open(image)
    red, *_ = viewer.colour_at(0.4, 0.5)
    assert red > 180
    assert max(viewer.colour_at(0.4, 0.5)[1:]) < 80
    assert max(viewer.colour_at(0.6, 0.5)) < 40


def test_compressed_frames_draw_the_same(clinic: Clinic) -> None:
    """Over a network frames come in HTJ2K, and are decoded in the browser's workers."""
    (image,) = clinic.bring(a_lateral_ceph(23, **dots()))
    native = clinic.open(image).seen_when(both_dots)
    native_syntax, wanted = "transferSyntax=1.2.840.10008.1.2.1", "transferSyntax=1.2.840.10008.1.2.4.201"
    asked: list[str] = []

    def over_a_network(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_(url=route.request.url.replace(native_syntax, wanted))

    clinic.page.route("**/frames?*", over_a_network)
    try:
        compressed = clinic.open(image).seen_when(both_dots)
    finally:
        clinic.page.unroute("**/frames?*")
    assert len(asked) == 1
    assert np.array_equal(native, compressed)


def test_a_ruler_of_known_length_becomes_the_scale_and_can_be_taken_back(clinic: Clinic) -> None:
    (image,) = clinic.bring(a_lateral_ceph(15, **dots()))
    between_the_dots(clinic, image, "k")
    page = clinic.page
    page.locator(".viewer-sheet input").fill("40")
    page.keyboard.press("Enter")
    page.locator("[data-basis=calibrated]").wait_for()
    assert "0.2 mm/px, calibrated with a ruler" in page.locator(".viewer-basis").first.inner_text()
    kept = clinic.get(f"/api/imaging/images/{image}")["pixelSpacing"]
    assert kept["basis"] == "calibrated"
    assert kept["mm"] == pytest.approx([0.2, 0.2], rel=0.02)
    assert number(between_the_dots(clinic, image)) == pytest.approx(40, rel=0.02)
    page.keyboard.press("k")
    page.get_by_role("button", name="Take this calibration back").click()
    page.locator("[data-basis=detector]").wait_for()


@pytest.fixture(scope="module")
def two_dates(clinic: Clinic) -> tuple[str, str]:
    """The earlier and the later of two cephalograms of one patient."""
    early, late = clinic.bring(
        a_lateral_ceph(16, study="early", AcquisitionDate="20240302", **dots()),
        a_lateral_ceph(17, study="late", AcquisitionDate="20260302", **dots()),
    )
    link_both(clinic, early, late)
    return early, late


def compared(clinic: Clinic, two_dates: tuple[str, str]) -> Viewer:
    """The viewer on two dates beside each other, both of them drawn."""
    early, late = two_dates
    viewer = clinic.open(late)
    clinic.page.get_by_label("Compare with").select_option(early)
    # Both, in whatever order they come: a picture that comes later shows itself whole again.
    clinic.page.locator(".viewer-shown").nth(1).wait_for()
    return viewer


def test_two_dates_lie_beside_each_other_and_zoom_together(
    clinic: Clinic, two_dates: tuple[str, str]
) -> None:
    viewer, page = compared(clinic, two_dates), clinic.page
    assert page.locator(".viewer-caption").all_inner_texts() == ["2026-03-02", "2024-03-02"]
    shown = page.locator(".viewer-shown")
    before = shown.all_inner_texts()
    viewer.press("+")
    page.locator(".viewer-shown", has_text="125 %").nth(1).wait_for()
    viewer.press("j")
    viewer.press("+")
    page.locator(".viewer-shown", has_text="156 %").wait_for()
    assert [text.rpartition("·")[2] for text in before] == [" 100 %", " 100 %"]
    assert page.locator(".viewer-shown", has_text="125 %").count() == 1


def link_both(clinic: Clinic, *images: str) -> None:
    """Both images are of one patient of the register, looked at and verified."""
    patient = clinic.desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    for image in images:
        item = clinic.get(f"/api/imaging/images/{image}")["pendingId"]
        looked = clinic.post("/api/imaging/dicom/match", {"pendingId": item})
        chosen = {"patientId": patient, "verified": ["name", "birthDate"], "snapshot": looked["snapshot"]}
        clinic.post("/api/imaging/dicom/match", {"pendingId": item, **chosen})


@pytest.mark.parametrize(("key", "changed"), [("i", "inverted"), ("h", "mirrored"), ("v", "mirrored")])
def test_a_picture_that_is_changed_says_so(clinic: Clinic, key: str, changed: str) -> None:
    (image,) = clinic.bring(a_lateral_ceph(18, **dots()))
    viewer = clinic.open(image)
    before = viewer.seen_when(both_dots)
    viewer.press(key)
    clinic.page.locator(".viewer-shown", has_text=changed).wait_for()
    viewer.press("Home")
    clinic.page.locator(".viewer-shown").filter(has_not_text=changed).wait_for()
    again = viewer.seen_when(both_dots)
    assert np.abs(again.astype(int) - before).mean() < 2


@pytest.mark.parametrize("short", [10, 0])
def test_pixels_that_cannot_be_shown_are_a_sentence_and_not_a_black_view(clinic: Clinic, short: int) -> None:
    broken = a_lateral_ceph(20 + short, **dots())
    broken.PixelData = broken.PixelData[:short]
    (image,) = clinic.bring(broken)
    clinic.open(image)
    assert "The pixels cannot be decoded. " in clinic.page.locator(".viewer-trouble p").inner_text()


def structured(seen: Grey) -> bool:
    """Whether there is something to see: dark, bright, and a good deal in between; below the captions."""
    below = seen[40:]
    dark, bright = (below < 25).mean(), (below > 120).mean()
    return bool(dark > 0.05 and bright > 0.005 and ((below > 30) & (below < 120)).mean() > 0.03)


def test_a_volume_is_drawn_in_three_planes_and_in_3d(clinic: Clinic, head: str) -> None:
    viewer = clinic.open(head)
    for cell in ("axial", "coronal", "sagittal", "solid"):
        seen = viewer.seen_when(structured, cell)
        assert structured(seen), f"{cell}: {np.histogram(seen, 8)[0]}"
    assert clinic.page.locator(".viewer-incomplete").count() == 0
    assert "no Hounsfield units" in clinic.page.locator(".viewer-status").inner_text()
    the_head_stands_upright(viewer.seen("coronal"))


def the_head_stands_upright(coronal: Grey) -> None:
    """The jaw below is narrower than the head above, and both halves are alike."""
    wide = (coronal > 60).sum(axis=1)
    filled = np.flatnonzero(wide)
    upper, lower = np.array_split(wide[filled[0] : filled[-1]], 2)
    assert upper.mean() > lower.mean()


def test_a_length_in_a_volume_is_in_millimetres_of_its_grid(clinic: Clinic) -> None:
    slices = a_cbct_series(40, study="dots", Rows=60, Columns=60)
    for made in slices[20:25]:
        pixels = np.full((60, 60), 500, dtype="<u2")
        pixels[28:32, 8:12] = pixels[28:32, 48:52] = 4000
        made.PixelData = pixels.tobytes()
    (image,) = clinic.bring(*slices)
    viewer = clinic.open(image)
    clinic.page.locator("[data-cell=axial]").dblclick()
    viewer.press("l")
    first, *_, last = bright_spots(
        viewer.seen_when(lambda seen: len(bright_spots(seen[40:], 235)) >= 2, "axial")[40:], 235
    )
    viewer.drag((first[0], first[1] + 40), (last[0], last[1] + 40), cell="axial")
    told = viewer.measurements()
    assert number(told) == pytest.approx(40 * 0.3, rel=0.05), told
    assert "mm volume grid" in told


def test_missing_slices_are_said_in_every_view(clinic: Clinic) -> None:
    slices = a_cbct_series(30, study="gaps")
    (image,) = clinic.bring(*slices[:10], *slices[14:])
    clinic.open(image)
    badges = clinic.page.locator(".viewer-incomplete").all_inner_texts()
    assert badges == ["Incomplete: 4 of 30 slices missing"] * 4


def test_the_panoramic_curve_unrolls_and_follows_its_points(clinic: Clinic, head: str) -> None:
    viewer = clinic.open(head)
    viewer.press("o")
    points = clinic.page.get_by_role("button", name=re.compile("Point . of the panoramic curve"))
    points.first.wait_for()
    before = viewer.seen_when(structured, "solid")
    assert structured(before), np.histogram(before, 8)[0]
    assert points.count() == 7
    teeth_along_the_middle(before)
    points.nth(3).focus()
    for _ in range(20):
        viewer.press("ArrowDown")
    after = viewer.seen_when(lambda seen: np.abs(seen.astype(int) - before).mean() > 2, "solid")
    assert np.abs(after.astype(int) - before).mean() > 2


def teeth_along_the_middle(panoramic: Grey) -> None:
    """The rows of the teeth are brighter than what is above and below them."""
    rows = panoramic[40:].mean(axis=1)
    height = len(rows)
    assert rows[int(height * 0.3) : int(height * 0.7)].max() > 1.15 * rows.mean()


def test_a_lateral_cephalogram_is_computed_from_a_volume(clinic: Clinic, head: str) -> None:
    viewer = clinic.open(head)
    clinic.page.get_by_label("Fourth view").select_option("ceph")
    seen = viewer.seen_when(structured, "solid")
    assert structured(seen), np.histogram(seen, 8)[0]
    # The face is to the right: the front teeth are the brightest, the neck is on the left.
    below = seen[40:]
    filled = np.flatnonzero((below > 40).sum(axis=0) > 20)
    bright = np.flatnonzero((below > 0.8 * below.max()).any(axis=0))
    assert bright.mean() > filled.mean()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_viewer(
    clinic: Clinic, two_dates: tuple[str, str], head: str, theme: Literal["light", "dark"]
) -> None:
    page, told = clinic.page, {}
    page.emulate_media(color_scheme=theme)
    between_the_dots(clinic, two_dates[1], "k")
    told["calibrating"] = axe_finds(page, viewer=True)
    compared(clinic, two_dates)
    told["two dates"] = axe_finds(page, viewer=True)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    told["help"] = axe_finds(page, viewer=True)
    assert structured(clinic.open(head).seen_when(structured, "axial"))
    told["volume"] = axe_finds(page, viewer=True)
    page.get_by_label("Fourth view").select_option("ceph")
    told["computed"] = axe_finds(page, viewer=True)
    assert {place: found for place, found in told.items() if found} == {}


def test_nothing_that_the_viewer_does_is_against_the_policy(clinic: Clinic) -> None:
    """Runs last: what the console heard of all tests in this file."""
    bad = [line for line in clinic.said if line.startswith(("error", "warning"))]
    assert [line for line in bad if "404" not in line and "422" not in line] == []
