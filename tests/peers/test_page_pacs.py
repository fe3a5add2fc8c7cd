"""The screen that asks PACS in a real browser: found, retrieved, stopped, told in words, sent on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from porion.dimse.protocol.commands import Field
from tests.builders import a_cbct_series, a_panoramic
from tests.dimse.fake_pacs import Over, Script, Talk, a_pacs
from tests.peers.pacs import Pacs, a_dcmqrscp
from tests.peers.screens import PATIENCE, Clinic, a_browser, a_clinic, axe_finds, settled
from tests.peers.test_page_hostile import UNSEEN, VALUES, harmless
from tests.services.test_query import a_study, answering

pytestmark = pytest.mark.peer("chromium")
expect.set_options(timeout=PATIENCE)

VOLUME = {"PatientName": "Muster^Berta", "PatientID": "P-2", "PatientBirthDate": "20110506"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@pytest.fixture(scope="module")
def clinic(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with a_clinic(browser, tmp_path_factory.mktemp("pacs"), studies=0) as made:
        yield made


@pytest.fixture(scope="module")
def pacs(tmp_path_factory: pytest.TempPathFactory, clinic: Clinic) -> Iterator[Pacs]:
    """DCMTK's PACS with a panoramic and a volume."""
    porion = int(str((clinic.server.told("ready") or {})["dicom"]).rpartition(":")[2])
    images = [a_panoramic(1, StudyDescription="Control"), *a_cbct_series(4, **VOLUME)]
    with a_dcmqrscp(tmp_path_factory.mktemp("dcmqrscp"), images, porion) as running:
        yield running


@pytest.fixture
def page(clinic: Clinic) -> Iterator[Page]:
    """The screen, with no node and no rule of an earlier test."""
    opened = clinic.page("/settings")
    for listed in ("forwarding/rules", "retrieval-rules", "nodes"):
        for one in clinic.get(opened, f"/api/imaging/{listed}")["items"]:
            row = one.get("rule", one)
            assert opened.request.delete(f"{clinic.server.url}/api/imaging/{listed}/{row['id']}").ok
    yield opened
    opened.context.close()


def a_node(clinic: Clinic, page: Page, port: int, name: str = "PACS", **more: Any) -> None:
    body = {"name": name, "aeTitle": "PACS", "host": "127.0.0.1", "port": port, "mayBeLocal": True, **more}
    answer = page.request.post(f"{clinic.server.url}/api/imaging/nodes", data=body)
    assert answer.ok, answer.text()


def ask(clinic: Clinic, page: Page, **fields: str) -> None:
    """Fill in the question and ask with the keyboard."""
    page.goto(f"{clinic.server.url}/pacs")
    name = page.get_by_label("Name", exact=True)
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    name.press("Enter")


def over(page: Page) -> Locator:
    """The answers, when all nodes have ended."""
    expect(page.get_by_role("status").filter(has_text="Done.")).to_be_visible()
    return page.get_by_role("region", name="Answers")


@pytest.mark.peer("dcmqrscp")
def test_a_study_is_found_retrieved_and_waits_in_the_inbox(clinic: Clinic, page: Page, pacs: Pacs) -> None:
    anna = {"family": "Beispiel", "given": "Anna", "birthDate": "2012-04-03", "sex": "F"}
    anna_id = page.request.post(f"{clinic.server.url}/api/patients", data=anna).json()["id"]
    a_node(clinic, page, pacs.port)
    ask(clinic, page, Name="Beispiel, A")
    row = over(page).get_by_role("row").filter(has_text="Control")
    expect(row).to_contain_text("Beispiel, Anna")
    expect(row).to_contain_text("not here")
    expect(row.get_by_role("link", name="Beispiel, Anna")).to_have_attribute("href", f"/patients/{anna_id}")
    expect(row).to_contain_text("probable")
    page.get_by_role("button", name="Choose all that is missing here").press("Enter")
    page.get_by_role("button", name="Retrieve one study").press("Enter")
    expect(row).to_contain_text("all 1 of 1")
    page.get_by_role("link", name="What came waits in the inbox").click()
    expect(page.locator(".claimed-name")).to_have_text("Beispiel, Anna")
    page.go_back()
    # What was asked and answered is still there.
    expect(page.get_by_role("row").filter(has_text="Control")).to_contain_text("all 1 of 1")


@pytest.mark.peer("dcmqrscp")
def test_one_series_of_a_study_is_retrieved(clinic: Clinic, page: Page, pacs: Pacs) -> None:
    a_node(clinic, page, pacs.port)
    ask(clinic, page, Name="Muster", Patient_ID="P-?")
    row = over(page).get_by_role("row").filter(has_text="Muster, Berta").first
    row.get_by_role("button", name="Series: Muster, Berta").press("Enter")
    series = page.get_by_role("table", name="Series").get_by_role("row")
    expect(series).to_have_count(1)
    series.get_by_role("button", name="Retrieve this series").press("Enter")
    expect(series).to_contain_text("all 4 of 4")
    images = clinic.get(page, "/api/imaging/images?limit=50")["items"]
    assert len([one for one in images if one["modality"] == "CBCT"]) == 1


def silent(ended: threading.Event) -> Script:
    """Answers once, and then nothing until it is cancelled or left."""

    def script(talk: Talk) -> None:
        talk.pending(a_study(1))
        with suppress(Over):
            talk.wait()
        ended.set()

    return script


def test_a_question_is_stopped_and_the_node_with_it(clinic: Clinic, page: Page) -> None:
    ended = threading.Event()
    with a_pacs({Field.C_FIND_RQ: silent(ended)}) as fake:
        a_node(clinic, page, fake.port)
        ask(clinic, page, Name="Beispiel")
        expect(page.get_by_role("status").filter(has_text="Asking … one answer")).to_be_visible()
        page.get_by_role("button", name="Stop").press("Enter")
        expect(page.get_by_role("status").filter(has_text="Stopped. one answer")).to_be_visible()
        expect(page.get_by_text("was not heard to the end")).to_be_visible()
        assert ended.wait(60)


def test_whoever_goes_elsewhere_stops_the_node(clinic: Clinic, page: Page) -> None:
    ended = threading.Event()
    with a_pacs({Field.C_FIND_RQ: silent(ended)}) as fake:
        a_node(clinic, page, fake.port)
        ask(clinic, page, Name="Beispiel")
        expect(page.get_by_role("row").filter(has_text="Beispiel, Anna")).to_be_visible()
        page.get_by_role("link", name="Jobs", exact=True).click()
        assert ended.wait(60)
        page.get_by_role("link", name="PACS", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Stopped. one answer")).to_be_visible()


def test_how_each_node_ended_is_said_in_words(clinic: Clinic, page: Page) -> None:
    many = [a_study(number) for number in range(300)]
    with (
        a_pacs({Field.C_FIND_RQ: answering(*many)}) as full,
        a_pacs({Field.C_FIND_RQ: answering(a_study(1), last=0xA700)}) as broken,
        a_pacs({Field.C_FIND_RQ: answering(a_study(301, ModalitiesInStudy="PX"))}) as fine,
    ):
        for name, node in (("Full", full), ("Broken", broken), ("Fine", fine), ("Left", fine)):
            a_node(clinic, page, node.port, name)
        a_node(clinic, page, 1, "Away")
        page.goto(f"{clinic.server.url}/pacs")
        page.get_by_label("Left", exact=True).uncheck()
        page.get_by_role("button", name="Ask").press("Enter")
        ended = over(page).get_by_role("listitem")
    expect(ended.filter(has_text="Full")).to_contain_text("200 answers and it has more: narrow the question")
    expect(ended.filter(has_text="Broken")).to_contain_text("A700H")
    expect(ended.filter(has_text="Away")).to_contain_text("cannot be reached")
    expect(ended.filter(has_text="Away").get_by_role("link")).to_have_attribute("href", "/devices")
    expect(ended.filter(has_text="Fine")).to_have_text("✓ Fine: one answer")
    expect(ended.filter(has_text="Left")).to_have_count(0)
    expect(page.locator("table.answers tbody tr")).to_have_count(202)
    expect(page.get_by_role("row").filter(has_text="Fine")).to_contain_text("OPG PX")


def by_level(studies: list[Any], series: list[Any]) -> Script:
    def script(talk: Talk) -> None:
        answering(*(series if b"SERIES" in talk.identifier else studies))(talk)

    return script


def hostile() -> list[Any]:
    made = []
    for number in range(40):
        own = VALUES[number * 5 : number * 5 + 5]
        texts = {
            "PatientName": own[0].replace("=", "≡").replace("^", ""),
            "PatientID": own[1][:60],
            "StudyDescription": own[2][:60],
            "SeriesDescription": own[3][:60],
            "AccessionNumber": own[4][:16],
        }
        ids = {"SeriesInstanceUID": f"1.3.{number}", "SpecificCharacterSet": "ISO_IR 192"}
        made.append(a_study(number, PatientBirthDate="", **ids, **texts))
    return made


def test_what_a_node_answers_is_data_whatever_it_says(clinic: Clinic, page: Page) -> None:
    with a_pacs({Field.C_FIND_RQ: by_level(hostile(), hostile())}) as fake:
        a_node(clinic, page, fake.port, "<img src=x onerror=window.hit=1>")
        ask(clinic, page)
        over(page)
        rows = page.locator("table.answers > tbody > tr")
        expect(rows).to_have_count(40)
        harmless(page)
        page.locator("table.answers button[aria-expanded]").first.press("Enter")
        expect(page.get_by_role("table", name="Series").get_by_role("row")).to_have_count(40)
        harmless(page)
        seen = page.locator("table.answers").inner_text()
        labels = page.locator("table.answers [aria-label]").evaluate_all(
            "found => found.map(one => one.getAttribute('aria-label')).join('')"
        )
    assert not UNSEEN & set(labels)
    for sign in ("⟨U+202E⟩", "⟨U+200B⟩", "⟨U+000B⟩", "⟨U+E0041⟩", "<svg onload=window.hit=1>"):
        assert sign in seen


def test_a_retrieve_is_stopped_in_its_row_and_can_be_tried_again(clinic: Clinic, page: Page) -> None:
    with a_pacs({Field.C_FIND_RQ: answering(a_study(77))}) as fake:
        a_node(clinic, page, fake.port)
        ask(clinic, page)
        row = over(page).get_by_role("row").filter(has_text="Beispiel, Anna")
    row.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Retrieve one study").press("Enter")
    row.get_by_role("button", name="Stop").press("Enter")
    expect(row).to_contain_text("stopped")
    expect(page.get_by_role("status").filter(has_text="One did not end well.")).to_be_visible()
    expect(row.get_by_role("button", name="Try again")).to_be_visible()
    # It counts as missing again.
    page.get_by_role("button", name="Choose all that is missing here").press("Enter")
    expect(row.get_by_role("checkbox")).to_be_checked()


def test_rules_are_added_switched_and_removed(clinic: Clinic, page: Page) -> None:
    a_node(clinic, page, 11199, "Archive")
    page.goto(f"{clinic.server.url}/pacs")
    page.get_by_role("button", name="Add a forwarding rule").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the rule").fill("Volumes")
    dialog.get_by_label("Modality").select_option("CBCT")
    dialog.get_by_role("button", name="Add a forwarding rule").press("Enter")
    sent = page.get_by_role("region", name="Sent on by itself")
    row = sent.get_by_role("row").filter(has_text="Volumes")
    expect(row).to_contain_text("CBCT, when a person has linked it")
    expect(row).to_contain_text("0 waiting, 0 sent, 0 given up")
    row.get_by_role("checkbox", name="on: Volumes").press("Space")
    expect(row.get_by_role("checkbox", name="on: Volumes")).not_to_be_checked()

    page.get_by_role("button", name="Add a retrieval rule").press("Enter")
    dialog.get_by_label("Name of the rule").fill("nightly")
    dialog.get_by_label("How many years back").fill("3")
    dialog.get_by_label("CEPH").check()
    dialog.get_by_role("button", name="Add a retrieval rule").press("Enter")
    nightly = (
        page.get_by_role("region", name="Fetched by itself").get_by_role("row").filter(has_text="nightly")
    )
    expect(nightly).to_contain_text("of the last 3 years CEPH")
    nightly.get_by_role("button", name="What it would fetch").press("Enter")
    expect(dialog).to_contain_text("0 studies")
    page.keyboard.press("Escape")
    nightly.get_by_role("checkbox", name="on: nightly").press("Space")
    expect(nightly.get_by_role("checkbox", name="on: nightly")).not_to_be_checked()
    assert not clinic.get(page, "/api/imaging/retrieval-rules")["items"][0]["enabled"]
    for one in (row, nightly):
        one.get_by_role("button", name="Remove").press("Enter")
        expect(one).to_have_count(0)


def test_a_node_is_edited(clinic: Clinic, page: Page) -> None:
    a_node(clinic, page, 11199, "Archive", token="secret", dicomweb="http://127.0.0.1:9/dicom-web")
    page.goto(f"{clinic.server.url}/devices")
    page.get_by_role("button", name="Edit Archive").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Port")).to_have_value("11199")
    dialog.get_by_label("Name", exact=True).fill("Old archive")
    dialog.get_by_label("Port").fill("11198")
    dialog.get_by_label("worklists").uncheck()
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("PACS 127.0.0.1:11198")).to_be_visible()
    (node,) = clinic.get(page, "/api/imaging/nodes")["items"]
    assert (node["name"], node["hasToken"], node["uses"]) == (
        "Old archive",
        True,
        ["query", "retrieve", "forward"],
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_among_answers_rules_and_forms(clinic: Clinic, page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    studies = [a_study(1), a_study(2, PatientName="Xu^Wei", PatientBirthDate="")]
    with a_pacs({Field.C_FIND_RQ: by_level(studies, [a_study(1, SeriesInstanceUID="1.9")])}) as fake:
        a_node(clinic, page, fake.port)
        a_node(clinic, page, 1, "Away")
        rule = {"name": "On", "node": "PACS"}
        for listed in ("forwarding/rules", "retrieval-rules"):
            assert page.request.post(f"{clinic.server.url}/api/imaging/{listed}", data=rule).ok
        ask(clinic, page)
        over(page)
        page.locator("table.answers button[aria-expanded]").first.press("Enter")
        expect(page.get_by_role("table", name="Series").get_by_role("row")).to_have_count(1)
        settled(page)
        assert axe_finds(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Add a forwarding rule").press("Enter")
        assert axe_finds(page) == []
