"""The clinic's own authority."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from porion.services.errors import NotFound
from porion.store.certificates import AUTHORITY_LIFE, CERTIFICATE_LIFE, Certificates

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_authority_is_made_once_and_signs_the_rest(tmp_path: Path) -> None:
    held = Certificates(tmp_path / "c")
    first = held.make_server(["192.168.1.5", "porion.clinic.example"], NOW)
    authority = held.authority.read_bytes()
    second = held.make_server(["192.168.1.5"], NOW)
    device = held.make_device("PAN 1", NOW, out=tmp_path / "for-pan")
    assert held.authority.read_bytes() == authority
    assert first.fingerprint != second.fingerprint
    assert {one.name: one.expires for one in held.all()} == {
        "Porion clinic authority": NOW + AUTHORITY_LIFE,
        "Porion": NOW + CERTIFICATE_LIFE,
        "PAN 1": NOW + CERTIFICATE_LIFE,
    }
    signer = x509.load_pem_x509_certificate(authority)
    for one in (second, device):
        x509.load_pem_x509_certificate(one.path.read_bytes()).verify_directly_issued_by(signer)
    assert {path.name for path in (tmp_path / "for-pan").iterdir()} == {
        "authority.crt",
        "device-PAN_1.crt",
        "device-PAN_1.key",
    }


def test_keys_are_for_nobody_else(tmp_path: Path) -> None:
    held = Certificates(tmp_path / "c")
    held.make_server(["localhost"], NOW)
    assert held.root.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in held.root.iterdir())


def test_without_an_authority_nobody_has_a_certificate(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="certificates init"):
        Certificates(tmp_path).make_device("PAN1", NOW)
