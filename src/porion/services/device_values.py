"""What an administrator writes about a device, checked; Invalid says what to write instead."""

from __future__ import annotations

import ipaddress

from porion.dicom.charset import defined_term
from porion.dicom.units import unit_factor
from porion.services.errors import Invalid


def span_of(text: str) -> str:
    """An address or a range as CIDR."""
    try:
        span = ipaddress.ip_network(text.strip(), strict=False)
        # Who comes over IPv6 from an IPv4 address is known by the latter.
        mapped = getattr(span.network_address, "ipv4_mapped", None)
        return f"{mapped}/{span.prefixlen - 96}" if mapped and span.prefixlen >= 96 else str(span)
    except ValueError:
        raise Invalid(
            f"{text} is neither an address nor a range: write 192.168.1.20 or 192.168.1.0/24."
        ) from None


def port_of(port: int | None) -> int | None:
    """A port; None for 0, which takes it away."""
    if port is not None and not 0 <= port <= 65_535:
        raise Invalid(f"{port} is no port.")
    return port or None


def fingerprint_of(text: str) -> str | None:
    """A SHA-256 fingerprint in plain hexadecimal digits; None for an empty text."""
    plain = text.replace(":", "").strip().lower()
    if plain and (len(plain) != 64 or set(plain) - set("0123456789abcdef")):
        raise Invalid("A certificate is registered by its SHA-256 fingerprint: 64 hexadecimal digits.")
    return plain or None


def character_set_of(text: str) -> str:
    """The defined term of the set in which a device really writes; empty: as its files say."""
    term = defined_term(text) if text.strip() else ""
    if term is None:
        raise Invalid(f"{text} is no character set of DICOM: write ISO_IR 100 or ISO_IR 192, for instance.")
    return term


def dap_unit_of(text: str) -> str:
    """The unit of a device's dose-area products; empty: dGy·cm², as the standard says."""
    if text.strip() and unit_factor("dap_mgycm2", text) is None:
        raise Invalid(f"{text} is no unit of a dose-area product: write mGy.cm2 or Gy.m2, for instance.")
    return text.strip()
