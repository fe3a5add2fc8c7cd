"""DICOM over TLS by the BCP 195 RFC 8996, 9325 profile (PS3.15 B.12): TLS 1.2 and 1.3, both sides known."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# RFC 9325 section 4.2: forward secrecy and authenticated encryption; TLS 1.3 has nothing else.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM"


@dataclass(frozen=True, slots=True)
class Identity:
    """Files in PEM: our certificate, its key, and the clinic's authority, which signs everybody's."""

    certificate: Path
    key: Path
    authority: Path


def server_context(identity: Identity) -> ssl.SSLContext:
    """For the side that listens: whoever connects must show a certificate of the clinic's authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return _prepared(context, identity)


def client_context(identity: Identity) -> ssl.SSLContext:
    """For the side that connects; addresses are not in devices' certificates, so names are not compared."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    return _prepared(context, identity)


def _prepared(context: ssl.SSLContext, identity: Identity) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(identity.certificate, identity.key)
        context.load_verify_locations(identity.authority)
    except (OSError, ssl.SSLError) as error:
        raise Invalid(
            f"The certificates below {identity.certificate.parent} cannot be used: {error}."
            " Make them with `porion certificates init`."
        ) from error
    return context


def fingerprint(sock: object) -> str | None:
    """The SHA-256 fingerprint of the certificate that the peer showed, in lower-case hexadecimal."""
    shown = sock.getpeercert(binary_form=True) if isinstance(sock, ssl.SSLSocket) else None
    return hashlib.sha256(shown).hexdigest() if shown else None


# OpenSSL's reasons, and what a technician does about them.
_TOLD: Mapping[str, str] = {
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": (
        "It showed no certificate: give the device the one that `porion certificates device` made for it."
    ),
    "NO_SHARED_CIPHER": "It offers no cipher that is safe today (RFC 9325): update its TLS settings.",
    "UNSUPPORTED_PROTOCOL": "It speaks an old TLS: at least version 1.2 is needed.",
    "VERSION_TOO_LOW": "It speaks an old TLS: at least version 1.2 is needed.",
    "TLSV1_ALERT_UNKNOWN_CA": "It does not trust Porion's certificate: give it the clinic's authority.",
    "SSLV3_ALERT_BAD_CERTIFICATE": "It refuses Porion's certificate.",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": (
        "It does not know Porion's certificate: give the device the clinic's authority."
    ),
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": (
        "It says that Porion's certificate has expired: renew it with `porion certificates init`, or correct"
        " the device's clock."
    ),
    "WRONG_VERSION_NUMBER": "It spoke plain DICOM, or something else, to the TLS port: turn TLS on there.",
    "HTTP_REQUEST": "It spoke HTTP to the port of DICOM over TLS.",
    "UNEXPECTED_EOF_WHILE_READING": "It closed the connection within the handshake.",
}
# OpenSSL's X509_V_ERR_… numbers.
_NOT_VERIFIED: Mapping[int, str] = {
    7: "An authority that is not the clinic's signed its certificate.",
    9: "Its certificate is not valid yet: are the clocks right?",
    10: "Its certificate has expired: make a new one with `porion certificates device`.",
    18: "It signed its certificate itself: the clinic's authority must have signed it.",
    19: "An authority that is not the clinic's signed its certificate.",
    20: "An authority that is not the clinic's signed its certificate.",
}


def told(error: ssl.SSLError) -> str:
    """What went wrong in a handshake, as a sentence about the device."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _NOT_VERIFIED.get(
            error.verify_code, f"Its certificate is not accepted: {error.verify_message}."
        )
    return _TOLD.get(
        error.reason or "", f"The TLS handshake failed ({error.reason or 'no reason was given'})."
    )
