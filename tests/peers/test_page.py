"""Each screen of the page in a real browser, with a demo-like clinic; the inbox without a mouse."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pynetdicom import AE

from tests.builders import a_lateral_ceph, a_panoramic, file_bytes
from tests.peers.screens import EMAIL, PASSWORD, PATIENCE, Clinic, a_browser, a_clinic, axe_finds, settled

pytestmark = pytest.mark.peer("chromium")
expect.set_options(timeout=PATIENCE)
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@pytest.fixture(scope="module")
def clinic(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with a_clinic(browser, tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest.fixture
def page(clinic: Clinic) -> Iterator[Page]:
    opened = clinic.page()
    yield opened
    opened.context.close()


def a_zip(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def choose(page: Page, name: str, content: bytes) -> None:
    """Pick a file in the import screen."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(files=[file])  # type: ignore[list-item]


def test_signing_in_and_out(clinic: Clinic, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")
    nobody = context.new_page()
    nobody.set_default_timeout(PATIENCE)
    nobody.goto(f"{clinic.server.url}/patients")
    nobody.get_by_label("E-mail address").fill(EMAIL)
    nobody.get_by_label("Password").fill("not the password")
    nobody.keyboard.press("Enter")
    expect(nobody.get_by_role("alert")).to_be_visible()
    nobody.get_by_label("Password").fill(PASSWORD)
    nobody.keyboard.press("Enter")
    expect(nobody.get_by_role("heading", name="Patients")).to_be_visible()
    nobody.get_by_role("button", name="Sign out").click()
    expect(nobody.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_the_inbox_is_worked_by_keyboard_alone_and_every_decision_is_taken_back(
    clinic: Clinic, page: Page
) -> None:
    before = clinic.waiting(page)
    certain = next(one for one in before if one["candidates"] and one["candidates"][0]["grade"] == "certain")
    page.locator(".waiting-item").first.wait_for()
    for _ in range(before.index(certain)):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".waiting-item[aria-current]")).to_have_attribute("href", f"/inbox/{certain['id']}")
    page.keyboard.press("1")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Link")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Linked to")).to_be_visible()
    expect(page.locator(f".waiting-item[href='/inbox/{certain['id']}']")).to_have_count(0)
    assert certain["id"] not in {one["id"] for one in clinic.waiting(page)}
    page.keyboard.press("z")
    expect(page.locator(".waiting-item")).to_have_count(len(before))
    assert [one["id"] for one in clinic.waiting(page)] == [one["id"] for one in before]


def test_a_key_rejects_and_another_takes_it_back(clinic: Clinic, page: Page) -> None:
    before = clinic.waiting(page)
    page.locator(".waiting-item").first.wait_for()
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".waiting-item")).to_have_count(len(before) - 1)
    page.keyboard.press("z")
    expect(page.locator(".waiting-item")).to_have_count(len(before))


def test_keys_that_are_typed_decide_nothing(clinic: Clinic, page: Page) -> None:
    before = clinic.waiting(page)
    page.keyboard.press("/")
    page.keyboard.type("rrz1tnnr")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert clinic.waiting(page) == before


def test_what_arrives_is_there_without_a_reload(clinic: Clinic, page: Page) -> None:
    other = clinic.page("/import")
    count = len(clinic.waiting(page))
    expect(page.locator(".waiting-item")).to_have_count(count)
    choose(other, "new.zip", a_zip(("a.dcm", file_bytes(a_panoramic(51, PatientName="Neu^Nora")))))
    expect(page.locator(".waiting-item")).to_have_count(count + 1)
    other.context.close()


def test_every_line_of_the_evidence_has_a_name_in_words(clinic: Clinic, page: Page) -> None:
    seen = set()
    for pending in (one for one in clinic.waiting(page) if one["candidates"]):
        fields = [line["field"] for line in pending["candidates"][0]["evidence"]]
        page.goto(f"{clinic.server.url}/inbox/{pending['id']}")
        lines = page.locator(".candidate").first.get_by_role("rowheader")
        expect(lines).to_have_count(len(fields))
        seen |= set(zip(fields, lines.all_inner_texts(), strict=True))
    assert "reading" in {field for field, _ in seen}
    assert not [field for field, words in seen if field == words]


def test_the_weights_are_in_sight_on_a_small_screen_however_a_name_is_read(clinic: Clinic) -> None:
    page = clinic.page(viewport={"width": 1200, "height": 720})
    seen, cut = set(), []
    for pending in (one for one in clinic.waiting(page) if one["candidates"]):
        fields = [line["field"] for line in pending["candidates"][0]["evidence"]]
        seen.update(fields)
        page.goto(f"{clinic.server.url}/inbox/{pending['id']}")
        first = page.locator(".candidate").first
        expect(first.get_by_role("columnheader", name="Weight")).to_be_visible()
        room, table = first.bounding_box(), first.get_by_role("table").bounding_box()
        assert room is not None
        assert table is not None
        if table["x"] + table["width"] > room["x"] + room["width"]:
            cut.append(fields)
    page.context.close()
    assert "reading" in seen
    assert cut == []


def test_what_speaks_for_and_against_a_patient_is_said_in_german(clinic: Clinic) -> None:
    page = clinic.page(locale="de-DE")
    foreign, told, english = 0, [], set()
    for pending in (one for one in clinic.waiting(page) if one["candidates"]):
        vetoes = [veto for candidate in pending["candidates"] for veto in candidate["vetoes"]]
        page.goto(f"{clinic.server.url}/inbox/{pending['id']}")
        expect(page.locator(".candidate").first.get_by_role("columnheader", name="Gewicht")).to_be_visible()
        expect(page.locator(".vetoes li")).to_have_count(len(vetoes))
        foreign += page.locator(".candidates [lang=en]").count()
        told += page.locator(".vetoes li").all_inner_texts()
        english |= {veto["sentence"] for veto in vetoes}
    page.context.close()
    assert told
    assert foreign == 0
    assert english.isdisjoint(line.removeprefix("✗ ") for line in told)


def test_a_new_patient_is_made_in_place(clinic: Clinic, page: Page) -> None:
    made = a_lateral_ceph(61, PatientName="Fremd^Frieda", PatientID="F-61", PatientBirthDate="20130607")
    answer = page.request.post(
        f"{clinic.server.url}/api/imaging/dicom/import",
        multipart={"file": {"name": "a.dcm", "mimeType": "application/dicom", "buffer": file_bytes(made)}},
    )
    image = clinic.get(page, f"/api/imaging/images/{answer.json()['outcomes'][0]['imageId']}")
    page.goto(f"{clinic.server.url}/inbox/{image['pendingId']}")
    expect(page.locator(".claimed-name")).to_have_text("Fremd, Frieda")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Family name")).to_have_value("Fremd")
    dialog.get_by_label("Name", exact=True).check()
    dialog.get_by_label("Birth date").last.check()
    dialog.get_by_role("button", name="Add and link").click()
    expect(page.get_by_role("status").filter(has_text="Linked to Fremd, Frieda")).to_be_visible()
    page.get_by_role("combobox").fill("Friedda Fremt")
    expect(page.get_by_role("option").first).to_contain_text("Fremd, Frieda")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fremd, Frieda")).to_be_visible()
    expect(page.locator(".slots .thumb")).to_have_count(1)
    expect(page.locator(".hollow")).to_have_count(5)


def test_a_zip_is_brought_in_and_each_file_has_its_outcome(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.server.url}/import")
    content = a_zip(
        ("folder/pan.dcm", file_bytes(a_panoramic(71, PatientName="Zip^Zora"))),
        ("folder/readme.txt", b"hello"),
        ("folder/broken.dcm", bytes(128) + b"DICM" + bytes(40)),
    )
    choose(page, "export.zip", content)
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("row").filter(has_text="pan.dcm")).to_contain_text("waits in the inbox")
    expect(table.get_by_role("row").filter(has_text="broken.dcm")).to_contain_text("kept aside")


def test_a_large_file_goes_on_where_the_connection_broke(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.server.url}/import")
    broken: list[str] = []
    offsets: list[int] = []

    def breaks(route: Route) -> None:
        if route.request.method == "PUT":
            offset = int(re.findall(r"offset=(\d+)", route.request.url)[0])
            if offset == 3 << 20 and not broken:
                broken.append(route.request.url)
                route.abort()
                return
            offsets.append(offset)
        route.continue_()

    page.route("**/api/imaging/uploads/*", breaks)
    page.route("**/api/imaging/uploads/*?*", breaks)
    made = a_panoramic(81, PatientName="Gross^Greta")
    choose(page, "large.zip", a_zip(("a.dcm", file_bytes(made)), ("padding.bin", bytes(9 << 20))))
    expect(page.get_by_role("table").get_by_role("row").filter(has_text="a.dcm")).to_contain_text("waits")
    assert len(broken) == 1
    assert offsets == [step << 20 for step in range(len(offsets))]


def test_a_device_that_knocks_is_approved(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.server.url}/devices")
    expect(page.get_by_role("heading", name="Where Porion listens")).to_be_visible()
    host, _, port = str((clinic.server.told("ready") or {})["dicom"]).rpartition(":")
    ae = AE("NEWPAN")
    ae.add_requested_context("1.2.840.10008.1.1")
    assert not ae.associate(host, int(port), ae_title="PORION").is_established
    wants = page.get_by_role("region", name="NEWPAN asks to be let in")
    expect(wants).to_be_visible()
    wants.get_by_role("button", name="Approve").press("Enter")
    expect(wants).to_have_count(0)
    association = ae.associate(host, int(port), ae_title="PORION")
    assert association.is_established
    association.release()
    page.get_by_role("link", name="NEWPAN").click()
    expect(page.get_by_role("heading", name="Diagnosis of NEWPAN")).to_be_visible()
    expect(page.locator(".device .findings li").first).to_be_visible()


def test_a_category_is_corrected_and_tags_are_read(page: Page, clinic: Clinic) -> None:
    image = clinic.waiting(page)[0]["images"][0]
    page.goto(f"{clinic.server.url}/images/{image['id']}")
    page.get_by_label("Correct it").select_option("TMJ")
    expect(page.get_by_text("said by")).to_be_visible()
    page.get_by_role("tab", name="Tags").click()
    page.get_by_label("Find in names").fill("patient's name")
    expect(page.locator("table.tags tbody tr").last).to_contain_text("(0010,0010)")
    page.get_by_role("tab", name="Decisions").click()
    expect(page.locator(".history li").last).to_contain_text("Category corrected")
    page.locator(".history").get_by_role("button", name="Undo").last.click()
    expect(page.locator(".history li").last).to_contain_text("Undone")
    assert clinic.get(page, f"/api/imaging/images/{image['id']}")["category"] == image["category"]


def test_doses_of_the_clinic_are_shown_held_against_a_level_and_taken_out(clinic: Clinic) -> None:
    page = clinic.page("/exposures")
    told = clinic.get(page, "/api/exposures/figures")
    groups = page.locator("section.card").filter(has=page.get_by_role("heading", level=2))
    expect(groups).to_have_count(len(told["groups"]) + 1)
    expect(page.get_by_role("status").first).to_contain_text(f"{told['exposures']} exposures")
    group, spread = next((one, one["spreads"][0]) for one in told["groups"] if one["spreads"])
    page.get_by_role("button", name="Enter a reference level").click()
    form = page.get_by_role("dialog")
    form.get_by_label("What").select_option(group["category"])
    form.get_by_label("Quantity").select_option(spread["quantity"])
    form.get_by_label("Reference level").fill("0.001")
    form.get_by_label("Who gave it, and when").fill("An authority, 2019")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    level = page.get_by_role("row").filter(has_text="An authority, 2019")
    expect(level).to_contain_text("0.001")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Table without names").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == told["exposures"] + 1
    page.get_by_label("To", exact=True).fill("1999-12-31")
    expect(page.get_by_text("Choose both days, the earlier one first.")).to_be_visible()
    expect(page.get_by_role("link", name="Table without names")).to_have_count(0)
    page.get_by_label("From", exact=True).fill("1999-01-01")
    expect(page.get_by_role("status").first).to_contain_text("No exposure from")
    level.get_by_role("button", name="Remove").click()
    expect(level).to_have_count(0)
    page.context.close()


def test_the_page_speaks_german_and_keeps_its_colours(page: Page, clinic: Clinic) -> None:
    german = clinic.page("/settings", locale="de-DE", color_scheme="dark")
    expect(german.get_by_role("heading", name="Einstellungen")).to_be_visible()
    assert german.locator("html").get_attribute("lang") == "de"
    assert german.locator("html").get_attribute("data-theme") == "dark"
    german.get_by_label("Sprache").select_option("en")
    expect(german.get_by_role("heading", name="Settings")).to_be_visible()
    german.get_by_label("Colours").select_option("light")
    german.reload()
    expect(german.get_by_role("heading", name="Settings")).to_be_visible()
    assert german.locator("html").get_attribute("data-theme") == "light"
    german.context.close()


SCREENS = [
    "inbox",
    "patients",
    "import",
    "worklist",
    "exposures",
    "jobs",
    "pacs",
    "devices",
    "users",
    "audit",
    "settings",
]


def addresses(clinic: Clinic, page: Page) -> list[str]:
    """Every screen, a patient and an image among them."""
    found = page.request.post(f"{clinic.server.url}/api/patients/search", data={"limit": 1}).json()
    image = clinic.waiting(page)[0]["images"][0]["id"]
    return [*(f"/{screen}" for screen in SCREENS), f"/patients/{found['items'][0]['id']}", f"/images/{image}"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(clinic: Clinic, theme: str) -> None:
    page = clinic.page("/settings", color_scheme=theme)
    told: list[tuple[str, str, list[str]]] = []
    for address in addresses(clinic, page):
        page.goto(clinic.server.url + address)
        settled(page)
        told += [(address, *one) for one in axe_finds(page)]
    page.context.close()
    assert told == []


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 820, "height": 1180}])
def test_nothing_is_wider_than_a_phone_or_a_tablet(clinic: Clinic, size: dict[str, int]) -> None:
    page = clinic.page("/settings", viewport=size)
    wider = []
    for address in addresses(clinic, page):
        page.goto(clinic.server.url + address)
        settled(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wider.append(address)
    page.context.close()
    assert wider == []


def test_a_full_inbox_is_usable_before_200_kilobytes_have_come(browser: Browser, tmp_path: Path) -> None:
    with a_clinic(browser, tmp_path, studies=24) as full:
        _counts_its_bytes(full)


def _counts_its_bytes(clinic: Clinic) -> None:
    context = clinic.browser.new_context(storage_state=str(clinic.state))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    came: dict[str, tuple[str, float]] = {}
    network.on(
        "Network.responseReceived", lambda one: came.update({one["requestId"]: (one["response"]["url"], 0)})
    )
    network.on(
        "Network.loadingFinished",
        lambda one: came.update(
            {one["requestId"]: (came.get(one["requestId"], ("", 0))[0], one["encodedDataLength"])}
        ),
    )
    page.goto(f"{clinic.server.url}/inbox")
    page.locator(".waiting-item").first.wait_for()
    page.keyboard.press("t")
    expect(page.locator(".ticks input:checked")).to_have_count(1)
    # A picture of an X-ray is what was asked for, and comes when the inbox can be used already.
    counted = {url: size for url, size in came.values() if "/picture" not in url}
    waiting = clinic.waiting(page)
    for _ in waiting:
        page.keyboard.press("ArrowDown")
        page.locator(".waiting-item[aria-current]").wait_for()
    expect(page.locator(".waiting-item")).to_have_count(len(waiting))
    context.close()
    assert len(waiting) > 15
    assert not [url for url in counted if "Viewer" in url]
    assert sum(counted.values()) < MOST_BYTES, json.dumps(counted, indent=1)
