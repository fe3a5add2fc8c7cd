"""``porion worklist``: what is scheduled."""

from __future__ import annotations

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.dicom.encode import element, elements, sequence
from porion.dicom.scheduled import STEP
from porion.dimse.protocol.commands import Field
from porion.services.devices import list_devices
from porion.services.worklist_answers import Asker, answer_worklist
from tests.cli.desk import Desk
from tests.dimse.fake_pacs import a_pacs
from tests.services.test_remote_worklist import a_remote_step, answering


def test_steps_are_scheduled_listed_and_cancelled(desk: Desk) -> None:
    patient = desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    words = (
        "worklist",
        "add",
        patient,
        "--at",
        "2026-03-02T08:00",
        "--template",
        "initial-orthodontic-records",
    )
    steps = desk.do(*words, "--json").lines
    assert [step["dicomModality"] for step in steps] == ["PX", "DX", "DX"]
    listed = desk.do("worklist", "--date", "2026-03-02", "--json").lines
    assert [step["id"] for step in listed] == [step["id"] for step in steps]
    assert listed[0]["patient"]["family"] == "Beispiel"
    shown = desk.do("worklist").out
    assert "Lateral cephalogram" in shown
    assert "Beispiel, Anna" in shown
    assert "is cancelled" in desk.do("worklist", "cancel", steps[0]["stepId"]).out
    assert desk.do("worklist", "reschedule", steps[0]["id"], "--json").document["state"] == "scheduled"
    assert "is completed" in desk.do("worklist", "complete", steps[0]["id"]).out
    assert desk.do("worklist", "--from", "2026-03-03", "--json").lines == []
    assert desk.do("worklist", "--date", "today", "--json").lines == []


def test_one_step_at_one_device(desk: Desk) -> None:
    patient = desk.add_patient("Beispiel", "Anna")
    words = (
        "worklist",
        "add",
        patient,
        "--at",
        "2026-03-02T08:00",
        "--category",
        "CBCT",
        "--device",
        "CBCT1",
    )
    (step,) = desk.do(*words, "--accession", "A-1", "--requested-by", "Dr. Wert", "--json").lines
    assert (step["accessionNumber"], step["stationAe"], step["requestedBy"]) == ("A-1", "CBCT1", "Dr. Wert")
    assert (
        "CBCT1"
        in desk.do(
            "worklist", "add", patient, "--at", "2026-03-02", "--category", "CBCT", "--device", "CBCT1"
        ).out
    )


def test_what_makes_no_sense_is_told(desk: Desk) -> None:
    patient = desk.add_patient("Beispiel", "Anna")
    said = desk.run("worklist", "add", patient, "--at", "2026-03-02")
    assert said.status != 0
    assert "--category" in said.err
    assert desk.run("worklist", "cancel", "none").status != 0
    assert "no day" in desk.run("worklist", "--date", "yesterday").err


def test_what_a_device_asked_is_traced_and_how_it_is_answered_is_set(desk: Desk) -> None:
    desk.do("device", "add", "PAN1", "--address", "127.0.0.1")
    said = desk.do("worklist", "trace", "PAN1").out
    assert "may not ask for its worklist" in said
    assert "has not asked" in said
    assert desk.do("worklist", "trace", "PAN1", "--json").lines == []
    told = desk.do("worklist", "profile", "PAN1", "--stations", "own", "--days-ahead", "3").out
    assert "Stations: own" in told
    assert "3 days ahead" in told
    row = desk.do("worklist", "profile", "PAN1", "--character-set", "latin1", "--json").document
    assert (row["stations"], row["characterSet"], row["daysAhead"]) == ("own", "ISO_IR 100", 3)
    assert desk.run("worklist", "profile", "PAN1", "--stations", "none").status == 2
    assert desk.do("worklist", "performed", "--json").lines == []
    assert "scheduled step" in desk.do("worklist", "performed").out


def test_a_trace_says_why_in_sentences(desk: Desk) -> None:
    desk.do("device", "add", "PAN1", "--address", "127.0.0.1")
    asked = element("ScheduledProcedureStepStartDate", "20260302")
    query = elements([sequence(STEP, elements([asked]))])
    with at_the_desk(read_settings(desk.data)) as (porion, actor):
        device = list_devices(porion, actor)[0]
        answer_worklist(porion, Asker(actor.clinic_id, device.id, "PAN1"), query)
    said = desk.do("worklist", "trace", "PAN1").out
    assert "answers: 0, asked: ScheduledProcedureStepStartDate=20260302" in said
    assert "It asks for 2026-03-02." in said


def test_a_remote_worklist_is_shown_beside_ours(desk: Desk) -> None:
    desk.add_patient("Beispiel", "Anna", "2012-04-03", "P-1")
    with a_pacs({Field.C_FIND_RQ: answering(a_remote_step())}) as pacs:
        desk.do(
            "node", "add", "RIS", "--aet", "RIS", "--address", f"127.0.0.1:{pacs.port}", "--allow-loopback"
        )
        words = ("worklist", "--date", "2026-03-02", "--node", "RIS")
        (step,) = desk.do(*words, "--json").lines
        assert (step["node"], step["stepId"], step["match"]["grade"]) == ("RIS", "X-1", "certain")
        shown = desk.do(*words).out
        assert "Beispiel, Anna" in shown
    failed = desk.run(*words, "--json")
    assert failed.status == 8
    assert "RIS" in failed.err
