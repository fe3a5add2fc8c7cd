"""Porion's certificates, found in the data directory."""

from __future__ import annotations

from porion.cli.settings import Settings
from porion.dimse.tls import Identity
from porion.store.certificates import Certificates


def certificates_of(settings: Settings) -> Certificates:
    """The certificates' directory of that data directory."""
    return Certificates(settings.data / "certificates")


def identity_of(settings: Settings) -> Identity:
    """Porion's certificate, as DICOM over TLS needs it."""
    held = certificates_of(settings)
    return Identity(*held.server, held.authority)
