"""``porion device`` and ``porion network``."""

from __future__ import annotations

from tests.cli.desk import Desk


def test_a_device_from_the_first_word_to_the_last(desk: Desk) -> None:
    added = desk.do("device", "add", "PAN1", "--address", "10.0.0.0/24", "--name", "Pan", "--json").document
    assert (added["aeTitle"], added["address"], added["state"]) == ("PAN1", "10.0.0.0/24", "approved")
    assert desk.do("device", "block", "PAN1").out == "PAN1 at 10.0.0.0/24 is blocked.\n"
    approved = desk.do("device", "approve", added["id"], "--address", "10.0.0.5", "--json").document
    assert (approved["state"], approved["address"]) == ("approved", "10.0.0.5/32")
    edited = desk.do("device", "edit", "PAN1", "--name", "Panoramic", "--port", 104, "--json").document
    assert (edited["name"], edited["port"]) == ("Panoramic", 104)
    shown = desk.do("device", "list").out
    assert "Panoramic" in shown
    assert added["id"] in shown
    assert [row["id"] for row in desk.do("device", "list", "--json").lines] == [added["id"]]


def test_mistakes_are_sentences(desk: Desk) -> None:
    assert desk.run("device", "approve", "NOBODY").err == "There is no device NOBODY.\n"
    assert desk.run("device", "add", "PAN1", "--address", "here").status == 2
    assert desk.run("device", "add", "PAN1").status == 2


def test_the_network_is_set_up(desk: Desk) -> None:
    assert "this machine only" in desk.do("network", "show").out
    told = desk.do(
        "network", "set", "--ae-title", "ORTHO", "--listen", "192.168.1.5:11112", "--json"
    ).document
    assert (told["aeTitle"], told["listen"]) == ("ORTHO", "192.168.1.5:11112")
    assert "192.168.1.5:11112" in desk.do("network", "show").out
    assert desk.run("network", "set", "--listen", "8.8.8.8:104").status == 2


def test_rights_are_given_and_taken_one_by_one(desk: Desk) -> None:
    desk.do("device", "add", "VIEWER", "--address", "10.0.0.5")
    given = desk.do("device", "allow", "VIEWER", "retrieve", "query", "--json").document
    assert given["rights"] == ["query", "retrieve"]
    left = desk.do("device", "deny", "VIEWER", "retrieve", "--json").document
    assert left["rights"] == ["query"]
    refused = desk.run("device", "allow", "VIEWER", "everything")
    assert (refused.status, refused.err.split(":")[0]) == (2, "There is no right 'everything'")
