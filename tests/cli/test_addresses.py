"""Addresses and listening sockets."""

from __future__ import annotations

import socket

import pytest

from porion.cli.addresses import listening, read_address, shown
from porion.services.errors import Conflict, Invalid


@pytest.mark.parametrize(
    ("text", "read"),
    [("127.0.0.1:0", ("127.0.0.1", 0)), (":104", ("127.0.0.1", 104)), ("[::1]:8040", ("::1", 8040))],
)
def test_an_address_is_a_host_and_a_port(text: str, read: tuple[str, int]) -> None:
    assert read_address(text, "x") == read


@pytest.mark.parametrize("text", ["", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":²"])
def test_what_is_none_is_told_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match=r"such as 127\.0\.0\.1:8040"):
        read_address(text, "127.0.0.1:8040")


def test_a_port_is_taken_once() -> None:
    first = listening("127.0.0.1", 0)
    port = first.getsockname()[1]
    assert shown("127.0.0.1", first) == f"127.0.0.1:{port}"
    with pytest.raises(Conflict, match=f"127.0.0.1:{port}"):
        listening("127.0.0.1", port)
    first.close()


def test_an_ipv6_address_is_shown_in_brackets() -> None:
    with listening("::1", 0) as held:
        assert shown("::1", held).startswith("[::1]:")


def test_an_answer_in_pieces_waits_for_nobody() -> None:
    with listening("127.0.0.1", 0) as held, socket.create_connection(held.getsockname()):
        accepted, _ = held.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
