"""A clinic's DICOM network: its AE title and where Porion listens. Nothing is open until an admin says so."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.ae_titles import read_title
from porion.services.errors import Conflict, Invalid, NotFound, must
from porion.services.records import NetworkRow
from porion.services.trail import record, show

if TYPE_CHECKING:
    from porion.services.ports import Porion, Transaction

OUR_TITLE = "PORION"
USUAL_PORTS = (8040, 11112)
"""HTTP and DICOM, unless something else is set up."""

_NAME = re.compile(r"([A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class NetworkChange:
    """What an administrator changes; None leaves it as it is."""

    ae_title: str | None = None
    listen: str | None = None
    tls_listen: str | None = None
    accept_unknown_classes: bool | None = None


def network_of(tx: Transaction, clinic_id: str) -> NetworkRow | None:
    """The clinic's network, or None as long as nobody set it up."""
    return next((row for row in tx.networks.all() if row.clinic_id == clinic_id), None)


def our_title(tx: Transaction, clinic_id: str) -> str:
    """The AE title under which the clinic is called."""
    row = network_of(tx, clinic_id)
    return row.ae_title if row else OUR_TITLE


def clinic_called(tx: Transaction, called: str) -> str | None:
    """The clinic that answers to an AE title."""
    return next((clinic_id for clinic_id, title, _ in titles(tx) if title == called), None)


def titles(tx: Transaction) -> list[tuple[str, str, NetworkRow | None]]:
    """Every clinic, the first one first, with its AE title and its network if somebody set that up."""
    rows = {row.clinic_id: row for row in tx.networks.all()}
    clinics = [(clinic_id, rows.get(clinic_id)) for clinic_id in _clinics(tx)]
    return [(clinic_id, row.ae_title if row else OUR_TITLE, row) for clinic_id, row in clinics]


def see_network(porion: Porion, actor: Actor) -> NetworkRow:
    """The clinic's network as it is set up, or as it is without any set-up."""
    must(actor, Action.SEE_DEVICES)
    with porion.store.read(actor.clinic_id) as tx:
        return network_of(tx, actor.clinic_id) or NetworkRow(actor.clinic_id, porion.now())


def set_network(porion: Porion, actor: Actor, change: NetworkChange) -> NetworkRow:
    """Set the network up; addresses hold from the next start on, the title at once."""
    must(actor, Action.MANAGE_DEVICES)
    with porion.store.write(actor.clinic_id) as tx:
        before = network_of(tx, actor.clinic_id) or NetworkRow(actor.clinic_id, porion.now())
        after = replace(
            before,
            updated_at=porion.now(),
            ae_title=before.ae_title if change.ae_title is None else read_title(change.ae_title),
            listen=before.listen if change.listen is None else plain_address(change.listen),
            tls_listen=before.tls_listen if change.tls_listen is None else _address(change.tls_listen),
            accept_unknown_classes=before.accept_unknown_classes
            if change.accept_unknown_classes is None
            else change.accept_unknown_classes,
        )
        other = clinic_called(tx, after.ae_title)
        if other not in (None, actor.clinic_id):
            raise Conflict(f"Another clinic of this Porion is called {after.ae_title} already.")
        tx.networks.save(after)
        detail = {
            "aeTitle": after.ae_title,
            "listen": after.listen,
            "tlsListen": after.tls_listen,
            "acceptUnknownClasses": after.accept_unknown_classes,
        }
        record(porion, tx, actor.name, "network set up", ("clinic", actor.clinic_id), detail)
        return after


def note_certificate(porion: Porion, actor: Actor, name: str, fingerprint: str) -> None:
    """A certificate was made: the audit trail has its fingerprint."""
    must(actor, Action.MANAGE_DEVICES)
    show(porion, actor, "certificate made", ("certificate", fingerprint), {"name": name})


def listens_beyond_this_machine(address: str) -> bool:
    """Whether a HOST:PORT can be reached from other machines."""
    host = address.rpartition(":")[0].strip("[]")
    if not host or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def plain_address(address: str) -> str:
    """An address for DICOM without TLS: anybody between could read it, so none of the internet's."""
    host = _address(address).rpartition(":")[0].strip("[]")
    try:
        public = ipaddress.ip_address(host or "127.0.0.1").is_global
    except ValueError:
        public = False
    if public:
        raise Invalid(f"{address} is an address of the internet: listen there with TLS only.")
    return address


def _address(text: str) -> str:
    if not text:
        return ""
    host, _, port = text.rpartition(":")
    if not _is_host(host) or not port.isascii() or not port.isdecimal() or not 0 < int(port) <= 65_535:
        raise Invalid(f"{text} is no address: write HOST:PORT, such as 192.168.1.10:11112.")
    return text


def _is_host(text: str) -> bool:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return bool(_NAME.fullmatch(text))
    return True


def network_ports(porion: Porion) -> tuple[int, ...]:
    """The ports at which this Porion listens, as far as its network was set up."""
    with porion.store.read("") as tx:
        rows = tx.networks.all()
    set_up = (address for row in rows for address in (row.listen, row.tls_listen) if address)
    return (*USUAL_PORTS, *(int(address.rpartition(":")[2]) for address in set_up))


def the_first_clinic(tx: Transaction) -> str:
    """The clinic that hears of what nobody can be assigned to."""
    return _clinics(tx)[0]


def _clinics(tx: Transaction) -> list[str]:
    clinics = tx.accounts.clinics()
    if not clinics:
        raise NotFound("There is no clinic yet: start Porion once.")
    return [clinic_id for clinic_id, _ in clinics]
