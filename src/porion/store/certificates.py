"""The clinic's own certificate authority, Porion's certificate and those of devices, as files."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from porion.services.errors import Invalid, NotFound
from porion.store.disk import told_in_words, write_durably

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AUTHORITY_LIFE, CERTIFICATE_LIFE = timedelta(days=3650), timedelta(days=730)
# A device whose clock is a little behind must not find that our certificate begins tomorrow.
_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as people need to see it; the fingerprint is SHA-256 in hexadecimal."""

    name: str
    path: Path
    expires: datetime
    fingerprint: str


class Certificates:
    """What lies in the certificates' directory; ``now`` is asked for each certificate made."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def authority(self) -> Path:
        """The authority's certificate: what devices have to trust."""
        return self.root / "authority.crt"

    @property
    def server(self) -> tuple[Path, Path]:
        """Porion's own certificate and its key."""
        return self.root / "porion.crt", self.root / "porion.key"

    def make_server(self, hosts: Sequence[str], now: datetime) -> Certificate:
        """Porion's certificate for the names and addresses under which devices reach it."""
        with told_in_words("The certificates cannot be written"):
            if not self.authority.exists():
                self._make_authority(now)
            certificate, key = self._issue("Porion", hosts, now, server=True)
            self._write("porion", certificate, key)
        return self._told(self.server[0])

    def make_device(self, ae_title: str, now: datetime, out: Path | None = None) -> Certificate:
        """A device's certificate and key, beside the authority that it has to trust."""
        if not self.authority.exists():
            raise NotFound("There is no authority yet: run `porion certificates init` first.")
        name = "".join(letter if letter.isalnum() else "_" for letter in ae_title)
        with told_in_words("The device's certificate cannot be written"):
            certificate, key = self._issue(ae_title, (), now, server=False)
            self._write(f"device-{name}", certificate, key)
            path = self.root / f"device-{name}.crt"
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                for made in (path, path.with_suffix(".key"), self.authority):
                    _write_private(out / made.name, made.read_bytes())
        return self._told(path)

    def all(self) -> list[Certificate]:
        """Every certificate, the authority first."""
        return [self._told(path) for path in sorted(self.root.glob("*.crt"))]

    def _make_authority(self, now: datetime) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Porion clinic authority")
        made = (
            _begun(name, name, key.public_key(), now, AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        self._write("authority", made, key)

    def _issue(
        self, name: str, hosts: Sequence[str], now: datetime, *, server: bool
    ) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        authority = x509.load_pem_x509_certificate(self.authority.read_bytes())
        signer = serialization.load_pem_private_key(self.authority.with_suffix(".key").read_bytes(), None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise Invalid(f"{self.authority.with_suffix('.key')} is no key of Porion's making.")
        key = ec.generate_private_key(ec.SECP256R1())
        # Porion is the client, too, when it answers a device.
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if server else [])]
        made = _begun(_name(name), authority.subject, key.public_key(), now, CERTIFICATE_LIFE)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(signs=False), critical=True)
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        if hosts:
            made = made.add_extension(
                x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False
            )
        return made.sign(signer, hashes.SHA256()), key

    def _write(self, name: str, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_private(self.root / f"{name}.key", secret)
        _write_private(self.root / f"{name}.crt", made.public_bytes(serialization.Encoding.PEM))

    def _told(self, path: Path) -> Certificate:
        read = x509.load_pem_x509_certificate(path.read_bytes())
        (name,) = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        fingerprint = read.fingerprint(hashes.SHA256()).hex()
        return Certificate(str(name.value), path, read.not_valid_after_utc, fingerprint)


def _write_private(path: Path, content: bytes) -> None:
    before = os.umask(0o077)
    try:
        write_durably(path, content)
    finally:
        os.umask(before)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + life)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
