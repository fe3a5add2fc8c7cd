"""``porion serve --hl7``: the door for another system's messages."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from porion.cli.addresses import read_address
from porion.cli.feed_part import feed_door
from porion.hl7.mllp import framed
from porion.services.errors import Invalid
from tests.cli.desk import Desk
from tests.cli.server import serving
from tests.hl7.messages import adt
from tests.hl7.sender import sending


def test_without_a_word_only_this_machine_may_connect() -> None:
    host, port, peers = feed_door("127.0.0.1:2575", [])
    assert (host, port) == ("127.0.0.1", 2575)
    assert [str(one) for one in peers] == ["127.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("address", "peers", "words"),
    [
        ("0.0.0.0:2575", [], "which"),
        ("127.0.0.1:2575", ["his house"], "range of addresses"),
        ("x", [], "HOST:PORT"),
    ],
)
def test_a_door_for_everybody_is_not_opened(address: str, peers: list[str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        feed_door(address, peers)


def test_a_feed_alone_needs_to_know_where(desk: Desk) -> None:
    said = desk.run("serve", "feed")
    assert said.status == 2
    assert "--hl7 127.0.0.1:2575" in said.err


def test_a_network_takes_named_peers() -> None:
    assert [str(one) for one in feed_door("0.0.0.0:2575", ["192.168.1.20/32"])[2]] == ["192.168.1.20/32"]


def test_a_running_porion_takes_messages(tmp_path: Path) -> None:
    with serving(tmp_path, "--hl7", "127.0.0.1:0", workers=2) as server:
        _, port = read_address(str((server.told("ready") or {})["hl7"]), "")
        with sending(port) as sender:
            sender.send(framed(adt("A28", "7")))
            heard = sender.hear()
        assert heard == ("AA", "7", "New in the register.")
        assert server.end(signal.SIGTERM) == (0, "")
    assert [one["family"] for one in Desk(tmp_path).do("patients", "list", "--json").lines] == ["Beispiel"]
