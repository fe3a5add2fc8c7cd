"""``porion forward``."""

from __future__ import annotations

from tests.cli.desk import Desk


def test_a_rule_from_the_first_word_to_the_last(desk: Desk) -> None:
    desk.do("node", "add", "Archive", "--aet", "PACS", "--address", "192.168.7.9:104")
    added = desk.do("forward", "add", "On", "--to", "Archive", "--source", "PAN1", "--json").document
    assert (added["name"], added["source"], added["verifiedOnly"]) == ("On", "PAN1", True)
    assert "goes to Archive" in desk.do("forward", "add", "All", "--to", "Archive", "--unverified").out
    shown = desk.do("forward", "list").out
    assert "PAN1, verified" in shown
    assert "everything at once" in shown
    rows = desk.do("forward", "list", "--json").lines
    assert [(row["name"], row["node"], row["counts"]["waiting"]) for row in rows] == [
        ("All", "Archive", 0),
        ("On", "Archive", 0),
    ]
    assert desk.do("forward", "status", "--json").lines == []
    assert "instance" in desk.do("forward", "status").out
    assert desk.do("forward", "off", "On").out == "On rests.\n"
    assert "PAN1, verified (off)" in desk.do("forward", "list").out
    assert "sends what waits" in desk.do("forward", "on", "On").out
    assert desk.do("forward", "retry", "On").out == "0 wait again.\n"
    assert desk.do("forward", "remove", "On").out == "On sends nothing on any more.\n"
    assert len(desk.do("forward", "list", "--json").lines) == 1


def test_mistakes_are_sentences(desk: Desk) -> None:
    assert "There is no remote node nowhere" in desk.run("forward", "add", "On", "--to", "nowhere").err
    assert "There is no rule Off" in desk.run("forward", "remove", "Off").err
    assert desk.run("forward", "status", "--state", "lost").status == 2
