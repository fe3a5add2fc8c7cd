"""``porion feed``: HL7 messages from files, and what became of all messages."""

from __future__ import annotations

from pathlib import Path

from tests.cli.desk import Desk
from tests.hl7.messages import adt


def test_messages_of_a_file_are_applied_and_listed(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "adt.hl7"
    file.write_bytes(adt("A28", "1") + adt("A31", "2", name="Neu^Anna", sent="20260102120000"))
    rehearsed = desk.do("feed", "apply", str(file), "--dry-run", "--json").lines
    assert [one["code"] for one in rehearsed] == ["AA", "AA"]
    assert desk.do("patients", "list", "--json").lines == []

    said = desk.do("feed", "apply", str(file)).out

    assert f"{file} 1: AA  New in the register." in said
    assert [one["family"] for one in desk.do("patients", "list", "--json").lines] == ["Neu"]
    listed = desk.do("feed", "list", "--json").lines
    assert [(one["messageId"], one["outcome"]) for one in listed] == [("2", "updated"), ("1", "added")]
    assert "KIS|PRAXIS" in desk.do("feed", "list").out


def test_a_refused_message_is_told_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "adt.hl7"
    file.write_bytes(adt(pid="") + b"")
    said = desk.run("feed", "apply", str(file), "--json")
    assert said.status == 1
    assert "no ID" in said.out


def test_a_file_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    said = desk.run("feed", "apply", str(tmp_path / "none.hl7"))
    assert said.status == 2
    assert "cannot be read" in said.err
