"""``porion worklist``: what is scheduled."""

from __future__ import annotations

from tests.cli.desk import Desk


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
