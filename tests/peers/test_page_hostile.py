"""Two hundred hostile values in every screen: none is executed, none hides what it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pydicom.dataset import Dataset

from tests.builders import a_panoramic, file_bytes
from tests.peers.screens import PATIENCE, Clinic, a_browser, a_clinic

pytestmark = pytest.mark.peer("chromium")
expect.set_options(timeout=PATIENCE)

_SHAPES = (
    "<script>window.hit=1</script>{n}",
    '"><img src=x onerror=window.hit=1>{n}',
    "<svg onload=window.hit=1>{n}",
    "javascript:window.hit=1//{n}",
    "{{{{constructor.constructor('window.hit=1')()}}}}{n}",
    "<a href=javascript:window.hit=1>open</a>{n}",
    "<iframe srcdoc='<script>parent.hit=1</script>'>{n}",
    "<style>*{{display:none}}</style>{n}",
    '=HYPERLINK("http://evil.example";"{n}")',
    "+cmd|' /C calc'!A{n}",
    "@SUM(1+1)*{n}",
    "abc\u202etxt.exe{n}",
    "\u2066left\u2069 and \u200fright{n}",
    "zero\u200bwidth\ufeff{n}",
    "a\x1b[31mred{n}",
    "two\x0blines{n}",
    "' OR 1=1 --{n}",
    "${{7*7}}<%= 7*7 %>{n}",
    "\u0000null{n}".replace("\u0000", "\x01"),
    "\U000e0041tag{n}",
)  # fmt: skip
VALUES = [shape.format(n=n) for n, shape in enumerate(islice(cycle(_SHAPES), 200))]
UNSEEN = set("\u202e\u2066\u2069\u200f\u200b\ufeff\x1b\x0b\x01\U000e0041")


def hostile_images() -> list[Dataset]:
    """Twenty panoramics whose texts are the two hundred values; ten each."""
    made = []
    for number in range(20):
        own = VALUES[number * 10 : number * 10 + 10]
        texts = {
            "PatientName": own[0].replace("=", "≡").replace("^", ""),
            "PatientID": own[1][:60],
            "StudyDescription": own[2][:60],
            "SeriesDescription": own[3][:60],
            "ProtocolName": own[4][:60],
            "InstitutionName": own[5][:60],
            "StationName": own[6][:16],
            "OperatorsName": own[7].replace("=", "≡"),
            "PatientComments": own[8],
            "ImageComments": own[9],
        }
        one = a_panoramic(500 + number, SpecificCharacterSet="ISO_IR 192", **texts)
        made.append(one)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@pytest.fixture(scope="module")
def clinic(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with a_clinic(browser, tmp_path_factory.mktemp("hostile"), studies=0) as made:
        page = made.page()
        for number, one in enumerate(hostile_images()):
            file = {
                "name": f"{VALUES[number][:40]}.dcm".replace("/", "_"),
                "mimeType": "a/b",
                "buffer": file_bytes(one),
            }
            answer = page.request.post(
                f"{made.server.url}/api/imaging/dicom/import",
                multipart={"file": file},  # type: ignore[dict-item]
            )
            assert answer.ok, answer.text()
        page.context.close()
        yield made


def harmless(page: Page) -> None:
    """Nothing ran, nothing was let in as markup, and nothing that cannot be seen stands in the page."""
    assert page.evaluate("window.hit") is None
    assert (
        page.locator("main script, main iframe, main svg[onload], main img[src=x], main style").count() == 0
    )
    assert page.locator("main a[href^='javascript']").count() == 0
    shown = page.locator("main").inner_text()
    assert not UNSEEN & set(shown), [hex(ord(one)) for one in UNSEEN & set(shown)]


def test_in_the_inbox(clinic: Clinic) -> None:
    page = clinic.page()
    items = clinic.waiting(page)
    assert len(items) == 20
    for _ in items:
        page.locator(".claimed-name").wait_for()
        harmless(page)
        page.keyboard.press("ArrowDown")
    page.context.close()


def test_in_the_tags_of_every_image(clinic: Clinic) -> None:
    page = clinic.page()
    seen = ""
    for item in clinic.waiting(page):
        page.goto(f"{clinic.server.url}/images/{item['images'][0]['id']}")
        page.get_by_role("tab", name="Tags").click()
        page.locator("table.tags tbody tr").nth(20).wait_for()
        harmless(page)
        seen += page.locator("table.tags").inner_text()
    page.context.close()
    for sign in ("⟨U+202E⟩", "⟨U+200B⟩", "<1B>", "⟨U+000B⟩", "⟨U+E0041⟩", "<svg onload=window.hit=1>"):
        assert sign in seen


@pytest.mark.parametrize(
    "screen", ["import", "patients", "worklist", "jobs", "pacs", "devices", "users", "audit", "settings"]
)
def test_on_every_other_screen(clinic: Clinic, screen: str) -> None:
    page = clinic.page(f"/{screen}")
    page.locator("main h1").first.wait_for()
    expect(page.get_by_text("Loading …")).to_have_count(0)
    harmless(page)
    page.context.close()


def test_in_the_register_and_a_patients_page(clinic: Clinic) -> None:
    page = clinic.page()
    for value in VALUES[:20:4]:
        body = {"family": value, "given": "Eve", "birthDate": "2012-04-03"}
        # What nobody can see is refused from the start.
        assert page.request.post(f"{clinic.server.url}/api/patients", data=body).status in (201, 422)
    for person in page.request.post(f"{clinic.server.url}/api/patients/search", data={"limit": 50}).json()[
        "items"
    ]:
        page.goto(f"{clinic.server.url}/patients/{person['id']}")
        page.locator("#who").wait_for()
        harmless(page)
    page.goto(f"{clinic.server.url}/patients/{quote(VALUES[1])}")
    page.get_by_role("alert").wait_for()
    harmless(page)
    page.context.close()


def test_a_download_is_an_attachment_under_a_name_of_ours(clinic: Clinic) -> None:
    page = clinic.page()
    image = clinic.waiting(page)[0]["images"][0]["id"]
    answer = page.request.get(f"{clinic.server.url}/api/imaging/images/{image}/file")
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    page.context.close()
