"""What an administrator writes about a device."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from porion.services.device_values import character_set_of, dap_unit_of, fingerprint_of, port_of, span_of
from porion.services.errors import Invalid


@pytest.mark.parametrize(
    ("read", "written", "meant"),
    [
        (span_of, "10.0.0.7", "10.0.0.7/32"),
        (span_of, "::ffff:10.0.0.7", "10.0.0.7/32"),
        (character_set_of, "iso_ir 144", "ISO_IR 144"),
        (character_set_of, "utf-8", "ISO_IR 192"),
        (character_set_of, " ", ""),
        (dap_unit_of, " mGy·cm² ", "mGy·cm²"),
        (dap_unit_of, "", ""),
        (fingerprint_of, "AB:" * 31 + "AB", "ab" * 32),
        (fingerprint_of, "", None),
    ],
)
def test_it_is_read_as_it_is_meant(read: Callable[[str], str], written: str, meant: str) -> None:
    assert read(written) == meant


def test_no_port_is_a_port_of_nothing() -> None:
    assert (port_of(0), port_of(104)) == (None, 104)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (span_of, "the surgery"),
        (character_set_of, "ISO 2022 IR 87"),
        (character_set_of, "cyrillic"),
        (dap_unit_of, "mSv"),
        (fingerprint_of, "ab"),
        (port_of, 70_000),
    ],
)
def test_what_it_cannot_be_is_refused(read: Callable[[object], object], written: object) -> None:
    with pytest.raises(Invalid):
        read(written)
