"""Forty addresses that no remote node may have, and some that it may."""

from __future__ import annotations

import pytest

from porion.cli.remotes import addresses_of
from porion.services.errors import Invalid
from porion.services.node_addresses import pinned, web_parts
from tests.asked import remotes

# What the system makes of the spelling is judged, so each is resolved as it would be.
FORBIDDEN = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "0.0.0.0", "0", "127.1", "127.0.1",
    "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0x7f.1",
    "::1", "::", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0.0.0.0", "::127.0.0.1",
    "2002:7f00:1::", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "169.254.169.254", "169.254.0.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::", "fe80::1",
    "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "224.0.0.1", "ff02::1", "255.255.255.255",
    "240.0.0.1", "::ffff:224.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", FORBIDDEN)
def test_an_address_that_is_nobodys_node_is_refused(host: str) -> None:
    with pytest.raises(Invalid):
        pinned(addresses_of, host, 104, may_be_local=False, encrypted=True, our_ports=(11112,))


@pytest.mark.parametrize("host", ["169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"])
def test_even_whoever_may_be_local_is_no_metadata_service(host: str) -> None:
    with pytest.raises(Invalid):
        pinned(addresses_of, host, 104, may_be_local=True, encrypted=True)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("10.0.0.1", "10.0.0.1"),
        ("fd12:3456::1", "fd12:3456::1"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("100.64.0.1", "100.64.0.1"),
    ],
)
def test_a_node_of_the_clinics_own_network_is_pinned_to_its_address(host: str, address: str) -> None:
    assert pinned(addresses_of, host, 104, may_be_local=False, encrypted=False) == address


def test_this_machine_is_allowed_by_name() -> None:
    assert pinned(addresses_of, "127.0.0.1", 4242, may_be_local=True, encrypted=False) == "127.0.0.1"


def test_one_forbidden_address_among_those_of_a_name_is_enough() -> None:
    rebinding = remotes({"pacs.example": ["192.168.1.5", "127.0.0.1"]})
    with pytest.raises(Invalid, match=r"127\.0\.0\.1 is this machine"):
        pinned(rebinding.resolve, "pacs.example", 104, may_be_local=False, encrypted=False)


def test_a_name_is_resolved_once_and_its_address_is_kept() -> None:
    answers = iter([["192.168.1.5"], ["127.0.0.1"]])
    found = pinned(lambda _host: next(answers), "pacs.example", 104, may_be_local=False, encrypted=False)
    assert found == "192.168.1.5"


def test_our_own_port_is_told() -> None:
    with pytest.raises(Invalid, match="port 11112 is Porion's own"):
        pinned(addresses_of, "127.0.0.1", 11112, may_be_local=False, encrypted=False, our_ports=(11112,))


def test_an_address_of_the_internet_is_asked_over_tls_only() -> None:
    with pytest.raises(Invalid, match="TLS only"):
        pinned(addresses_of, "8.8.8.8", 104, may_be_local=False, encrypted=False)
    assert pinned(addresses_of, "8.8.8.8", 104, may_be_local=False, encrypted=True) == "8.8.8.8"


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(Invalid, match="not known"):
        pinned(remotes().resolve, "pacs.example", 104, may_be_local=False, encrypted=False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://h/x", "h/x", "http://", "https://user:pw@h/x", "https://h/x?y", "https://h/x#y",
        "http://h:99999/x", "file:///etc/passwd", "http://[::1/x",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        web_parts(url)


def test_a_web_address_has_its_usual_port() -> None:
    assert web_parts("https://pacs.example/dicom-web") == ("pacs.example", 443, True)
    assert web_parts("http://192.168.1.5:8042/dicom-web") == ("192.168.1.5", 8042, False)
