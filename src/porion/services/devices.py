"""Devices that send to us: who is let in, who waits for approval, and how each one is doing."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from porion.clinic.permissions import Action, Actor
from porion.services.ae_titles import read_title
from porion.services.device_values import (
    character_set_of,
    dap_unit_of,
    fingerprint_of,
    port_of,
    span_of,
)
from porion.services.errors import Conflict, NotFound, PorionError, must
from porion.services.network import the_first_clinic, titles
from porion.services.records import DeviceRow, FailureRow, Json
from porion.services.rights import rights_of
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from porion.services.ports import Porion, Transaction
    from porion.services.remote_records import ExpectedRow

MOST_WAITING = 200
MOST_FAILURES = 500
# The same refusal is written once in a while: a device may try every second.
_NOTED_ANEW = timedelta(seconds=5)
_MOST_CONTEXTS = 128
_LONGEST_NAME = 100
DOCTOR = "PORION-DOCTOR"
"""Who knocks at our own door to see whether it opens: from this machine that is no stranger to be listed."""


class Refusal(StrEnum):
    """Why a knock was turned away."""

    CALLED_UNKNOWN = "called AE title unknown"
    CALLING_UNKNOWN = "calling AE title unknown"
    WAITING = "waiting for approval"
    BLOCKED = "blocked"
    ADDRESS = "another address"
    CERTIFICATE = "another certificate"


@dataclass(frozen=True, slots=True)
class Knock:
    """One association request. ``asked`` are abstract syntaxes, each with its transfer syntaxes."""

    calling: str
    called: str
    address: str
    tls: bool
    certificate: str | None
    implementation: str
    asked: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A knock of an approved device, or of a node that sends what was ``expected`` of it and nothing else."""

    clinic_id: str
    device: DeviceRow
    accept_unknown_classes: bool = False
    expected: tuple[ExpectedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A knock that was not let in, and why in words."""

    why: Refusal
    sentence: str


@dataclass(frozen=True, slots=True)
class Visit:
    """How one association went. ``contexts``: abstract syntax, accepted transfer syntax or None, why not."""

    stored: int
    failed: int
    bytes: int
    error: str | None
    contexts: tuple[tuple[str, str | None, str], ...]


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What an administrator changes of a device; None leaves it as it is, an empty text takes it away."""

    name: str | None = None
    address: str | None = None
    port: int | None = None
    certificate: str | None = None
    character_set: str | None = None
    dap_unit: str | None = None
    rights: Sequence[str] | None = None


def admit(porion: Porion, knock: Knock) -> Admitted | TurnedAway:
    """Whether a knock is an approved device's: by AE title, address range and certificate.

    Whoever is turned away is noted for the administrator; if that fails, it is turned away all the same.
    """
    with porion.store.read("") as tx:
        clinics = titles(tx)
    called = next((one for one in clinics if one[1] == knock.called), None)
    home, title, network = called or clinics[0]
    with porion.store.read(home) as tx:
        known = tx.devices.titled(knock.calling)
        found = _judged(knock, known, called=called is not None)
        # A known device's association asks the database for no more: some devices open one an image.
        if isinstance(found, DeviceRow):
            unknown_classes = bool(network and network.accept_unknown_classes)
            return Admitted(home, found, accept_unknown_classes=unknown_classes)
        expected = tx.remote.expected_from(knock.calling, porion.now())
    asked = tuple(row for row in expected if _within(knock.address, row.address))
    if asked and found not in (Refusal.CALLED_UNKNOWN, Refusal.BLOCKED):
        return Admitted(home, _sender(porion, knock), expected=asked)
    sentence = _sentence(found, knock, known, title)
    if knock.calling == DOCTOR and _within(knock.address, "127.0.0.0/8"):
        return TurnedAway(found, sentence)
    with suppress(PorionError):
        near = next((row for row in known if _within(knock.address, row.address)), None)
        _note(porion, home, knock, sentence, near)
    return TurnedAway(found, sentence)


def _sender(porion: Porion, knock: Knock) -> DeviceRow:
    """A node that sends on our request, as a device of no row."""
    now = porion.now()
    return DeviceRow("", knock.calling, knock.address, "", "approved", now, now)


def _judged(knock: Knock, known: Sequence[DeviceRow], *, called: bool) -> DeviceRow | Refusal:
    near = {row.state: row for row in known if _within(knock.address, row.address)}
    approved = [row for row in known if row.state == "approved" and _within(knock.address, row.address)]
    if not called:
        return Refusal.CALLED_UNKNOWN
    if "blocked" in near:
        return Refusal.BLOCKED
    if approved:
        return _bearer(knock.certificate, approved) or Refusal.CERTIFICATE
    if any(row.state == "approved" for row in known):
        return Refusal.ADDRESS
    return Refusal.WAITING if "waiting" in near else Refusal.CALLING_UNKNOWN


def _bearer(certificate: str | None, approved: Sequence[DeviceRow]) -> DeviceRow | None:
    # A wider range without a certificate is no way around the one that is registered.
    if certificate is None and any(row.certificate for row in approved):
        return None
    return next((row for row in approved if row.certificate == certificate), None)


def _sentence(why: Refusal, knock: Knock, known: Sequence[DeviceRow], title: str) -> str:
    ranges = ", ".join(row.address for row in known if row.state == "approved")
    match why:
        case Refusal.CALLED_UNKNOWN:
            return f"It called {knock.called!r}; Porion's AE title is {title!r}. Correct it on the device."
        case Refusal.BLOCKED:
            return f"{knock.calling} is blocked."
        case Refusal.CERTIFICATE if not knock.tls:
            return f"{knock.calling} has a certificate and came without TLS: send it to the TLS port."
        case Refusal.CERTIFICATE:
            return f"{knock.calling} showed a certificate that is not registered for it: approve it anew."
        case Refusal.ADDRESS:
            return f"{knock.calling} is approved for {ranges}, but this came from {knock.address}."
        case _:
            return f"{knock.calling} at {knock.address} is not approved yet."


def _within(address: str, span: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(span)
    except (ValueError, TypeError):
        return False


def _note(porion: Porion, clinic_id: str, knock: Knock, sentence: str, row: DeviceRow | None) -> None:
    now = porion.now()
    if row and not _worth_noting(porion, knock, sentence, row):
        return
    asked = {
        "called": knock.called,
        "implementation": knock.implementation[:64],
        "tls": knock.tls,
        "certificate": knock.certificate,
        "contexts": [
            {"abstractSyntax": a, "transferSyntaxes": list(t)} for a, t in knock.asked[:_MOST_CONTEXTS]
        ],
    }
    changes: Json = {"asked": asked, "last_error": sentence, "last_error_at": now, "last_seen": now}
    with porion.store.write(clinic_id) as tx:
        if row is None or not tx.devices.update(row.id, changes):
            _add_waiting(porion, tx, knock, changes)


def _worth_noting(porion: Porion, knock: Knock, sentence: str, row: DeviceRow) -> bool:
    last = row.last_error_at
    if last is None or porion.now() - last >= _NOTED_ANEW:
        return True
    # Another reason is news, but whoever calls another title each time must not write each time.
    return row.last_error != sentence and porion.limiter(f"knock {knock.address}")


def _add_waiting(porion: Porion, tx: Transaction, knock: Knock, changes: Json) -> None:
    # Names cost a hostile peer nothing; what is written down of one address is bounded in time.
    if not porion.limiter(f"knock {knock.address}"):
        return
    address = str(ipaddress.ip_network(knock.address))
    title = knock.calling[:16]
    same = [row for row in tx.devices.titled(title) if row.address == address]
    if same:  # Another association of the same device was quicker.
        tx.devices.update(same[0].id, changes)
        return
    waiting = tx.devices.waiting()
    for oldest in waiting[: max(0, len(waiting) - MOST_WAITING + 1)]:
        tx.devices.remove(oldest.id)
    row = DeviceRow(
        id=porion.new_id(),
        ae_title=title,
        address=address,
        name="",
        state="waiting",
        created_at=porion.now(),
        updated_at=porion.now(),
        first_seen=porion.now(),
    )
    tx.devices.add(replace(row, **changes))
    record(porion, tx, title, "device waits for approval", ("device", row.id), {"address": address})


def note_visit(porion: Porion, clinic_id: str, device_id: str, visit: Visit) -> None:
    """Add what an association came to; those that end together share a transaction."""
    porion.store.together(clinic_id, (device_id, visit, porion.now()), _note_visits)


def _note_visits(tx: Transaction, ended: Sequence[tuple[str, Visit, datetime]]) -> None:
    for device_id in dict.fromkeys(one for one, _, _ in ended):
        row = tx.devices.get(device_id)
        if row is not None:
            visits = [(visit, at) for one, visit, at in ended if one == device_id]
            tx.devices.update(device_id, _added_up(row, visits))


def _added_up(row: DeviceRow, visits: Sequence[tuple[Visit, datetime]]) -> Json:
    last, seen = visits[-1]
    contexts = [
        {"abstractSyntax": abstract, "accepted": accepted, "why": why}
        for abstract, accepted, why in last.contexts[:_MOST_CONTEXTS]
    ]
    changes: Json = {
        "last_seen": seen,
        "first_seen": row.first_seen or visits[0][1],
        "stored": row.stored + sum(visit.stored for visit, _ in visits),
        "failed": row.failed + sum(visit.failed for visit, _ in visits),
        "bytes": row.bytes + sum(visit.bytes for visit, _ in visits),
        "asked": {"contexts": contexts},
    }
    for visit, at in visits:
        if visit.error:
            changes |= {"last_error": visit.error, "last_error_at": at}
    return changes


def note_failure(porion: Porion, address: str, *, tls: bool, reason: str) -> None:
    """Keep what failed before anybody said a name: the newest, and of one address not too many at a time."""
    if not porion.limiter(f"failure {address}"):
        return
    with porion.store.read("") as tx:
        clinic_id = the_first_clinic(tx)
    with porion.store.write(clinic_id) as tx:
        newest = next(iter(tx.devices.failures(1)), None)
        now = porion.now()
        said = newest and (newest.address, newest.reason) == (address, reason)
        if said and newest and now - newest.at < _NOTED_ANEW:
            return
        tx.devices.add_failure(FailureRow(porion.new_id(), now, address, tls, reason), MOST_FAILURES)


def list_devices(porion: Porion, actor: Actor) -> Sequence[DeviceRow]:
    """The clinic's devices, those that wait for approval first."""
    must(actor, Action.SEE_DEVICES)
    with porion.store.read(actor.clinic_id) as tx:
        return sorted(tx.devices.all(), key=lambda row: row.state != "waiting")


def see_device(porion: Porion, actor: Actor, which: str) -> DeviceRow:
    """A device by its identifier, or by an AE title that only one device has."""
    must(actor, Action.SEE_DEVICES)
    with porion.store.read(actor.clinic_id) as tx:
        return _one(tx, which)


def add_device(
    porion: Porion, actor: Actor, ae_title: str, address: str, name: str, port: int | None = None
) -> DeviceRow:
    """Add an approved device before it has knocked."""
    must(actor, Action.MANAGE_DEVICES)
    now = porion.now()
    row = DeviceRow(
        id=porion.new_id(),
        ae_title=read_title(ae_title),
        address=span_of(address),
        name=name[:_LONGEST_NAME],
        state="approved",
        created_at=now,
        updated_at=now,
        port=port_of(port),
    )
    with porion.store.write(actor.clinic_id) as tx:
        same = next((held for held in tx.devices.titled(row.ae_title) if held.address == row.address), None)
        if same is not None and same.state != "waiting":
            raise Conflict(f"There is a device {row.ae_title} at {row.address} already: it is {same.state}.")
        if same is not None:
            tx.devices.remove(same.id)
        tx.devices.add(row)
        record(porion, tx, actor.name, "device added", ("device", row.id), _detail(row))
    return row


def approve_device(porion: Porion, actor: Actor, which: str, address: str | None = None) -> DeviceRow:
    """Let a device in: from the address that it came from, unless another range is given.

    The certificate that it showed is registered with it.
    """
    return _change(porion, actor, which, "device approved", lambda row: _approved(row, address))


def _approved(row: DeviceRow, address: str | None) -> Json:
    certificate = row.asked.get("certificate") or row.certificate
    span = span_of(address) if address else row.address
    return {"state": "approved", "address": span, "certificate": certificate, "last_error": None}


def block_device(porion: Porion, actor: Actor, which: str) -> DeviceRow:
    """Turn a device away from now on."""
    return _change(porion, actor, which, "device blocked", lambda _row: {"state": "blocked"})


def edit_device(porion: Porion, actor: Actor, which: str, change: DeviceChange) -> DeviceRow:
    """Change what is known of a device."""
    changes: Json = {}
    if change.name is not None:
        changes["name"] = change.name[:_LONGEST_NAME]
    if change.address is not None:
        changes["address"] = span_of(change.address)
    if change.port is not None:
        changes["port"] = port_of(change.port)
    if change.certificate is not None:
        changes["certificate"] = fingerprint_of(change.certificate)
    if change.character_set is not None:
        changes["character_set"] = character_set_of(change.character_set)
    if change.dap_unit is not None:
        changes["dap_unit"] = dap_unit_of(change.dap_unit)
    if change.rights is not None:
        changes["rights"] = rights_of(change.rights)
    row = _change(porion, actor, which, "device changed", lambda _row: changes)
    if change.port is not None:  # What could not be answered for want of it need not wait for its next try.
        with porion.store.write(actor.clinic_id) as tx:
            tx.commitments.hasten(row.id, porion.now())
    return row


def _change(porion: Porion, actor: Actor, which: str, action: str, to: Any) -> DeviceRow:
    must(actor, Action.MANAGE_DEVICES)
    with porion.store.write(actor.clinic_id) as tx:
        before = _one(tx, which)
        changes = {**to(before), "updated_at": porion.now()}
        after = replace(before, **changes)
        twins = [row for row in tx.devices.titled(after.ae_title) if row.address == after.address]
        if any(row.id != after.id for row in twins):
            raise Conflict(f"There is another device {after.ae_title} at {after.address}.")
        tx.devices.update(before.id, changes)
        record(porion, tx, actor.name, action, ("device", before.id), _detail(after))
        return after


def _one(tx: Transaction, which: str) -> DeviceRow:
    row = tx.devices.get(which)
    if row is not None:
        return row
    titled = tx.devices.titled(which)
    if not titled:
        raise NotFound(f"There is no device {which}.")
    if len(titled) > 1:
        raise Conflict(f"{len(titled)} devices are called {which}: name one by its identifier in the list.")
    return titled[0]


def _detail(row: DeviceRow) -> Json:
    return {
        "aeTitle": row.ae_title,
        "address": row.address,
        "state": row.state,
        "port": row.port,
        "certificate": row.certificate,
        "characterSet": row.character_set,
        "dapUnit": row.dap_unit,
        "rights": row.rights,
    }
