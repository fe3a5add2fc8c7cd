"""Which addresses a remote node may have: not ours, not this machine's, not the cloud's own (SSRF).

A name is resolved once; what is connected to is the address that was judged, never the name again.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Resolve = Callable[[str], Sequence[str]]

# Metadata services of clouds outside of the link-local range: AWS over IPv6, Alibaba, Oracle.
_METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")))
# Prefixes that carry an IPv4 address inside (RFC 6052 NAT64, RFC 3056 6to4, RFC 4380 Teredo).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_HOW = "An administrator may allow it with --allow-loopback."


def pinned(
    resolve: Resolve,
    host: str,
    port: int,
    *,
    may_be_local: bool,
    encrypted: bool,
    our_ports: Collection[int] = (),
) -> str:
    """The address to connect to: the first that the name has; Invalid when any of them is forbidden.

    ``our_ports`` are those at which Porion itself listens: on this machine they are never a node's
    unless ``may_be_local``.
    """
    found = [_plain(one) for one in resolve(host)]
    if not found:
        raise Invalid(f"The name {host} is not known here.")
    for address in found:
        wrong = _what_is_wrong(address, port, may_be_local=may_be_local, our_ports=our_ports)
        if wrong:
            raise Invalid(f"{host} is no remote node: {wrong}")
        if address.is_global and not encrypted:
            raise Invalid(f"{host} is an address of the internet: ask it over TLS only.")
    return str(found[0])


def _what_is_wrong(address: Address, port: int, *, may_be_local: bool, our_ports: Collection[int]) -> str:
    if address in _METADATA or address.is_link_local:
        return f"{address} is where clouds keep their secrets, or an address without a network."
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        return f"{address} is nobody's address."
    if str(address) == "255.255.255.255":
        return "that is everybody's address."
    if address.is_loopback and not may_be_local:
        ours = f", and port {port} is Porion's own" if port in our_ports else ""
        return f"{address} is this machine{ours}. {_HOW}"
    return ""


def _plain(text: str) -> Address:
    """An address as the one that is really reached: IPv4 out of the wrappings that IPv6 has for it."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if inner is None and (address in _NAT64 or (address in _COMPATIBLE and int(address) > 1)):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def web_parts(url: str) -> tuple[str, int, bool]:
    """Host, port, and whether it is encrypted, of a DICOMweb base address; Invalid says what is wrong."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Invalid(f"{url} is no web address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid(f"{url} is no web address: write https://HOST/PATH.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Invalid("A DICOMweb base address has neither a user nor a query; a token is given by itself.")
    return parts.hostname, port, parts.scheme == "https"
