"""The device doctor: facts in, findings out, in sentences that a technician can act on."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.devices import see_device
from porion.services.errors import must
from porion.services.network import network_of, our_title
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.services.ports import Porion
    from porion.services.records import DeviceRow, FailureRow, ImageRow, NetworkRow
    from porion.services.system_facts import SystemFacts

_IMAGES = 20
_CLOCK_AHEAD, _CLOCK_BEHIND = timedelta(minutes=2), timedelta(minutes=45)
_SILENT = timedelta(days=14)
_RECENT = timedelta(days=7)
_BACKLOG = timedelta(minutes=5)
_EXPIRES_SOON = timedelta(days=30)
_LEAST_FREE = 0.05


class Severity(StrEnum):
    """How bad it is, the worst first."""

    FAULT = "fault"
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a device or a part of Porion, and what to do."""

    severity: Severity
    about: str
    sentence: str
    advice: str = ""


def diagnose_device(porion: Porion, actor: Actor, which: str) -> list[Finding]:
    """What keeps a device from sending, or its images from being right."""
    device = see_device(porion, actor, which)
    with porion.store.read(actor.clinic_id) as tx:
        title = our_title(tx, actor.clinic_id)
        network = network_of(tx, actor.clinic_id)
        failures = tx.devices.failures(100)
        images = tx.imaging.newest_from(device.ae_title, _IMAGES)
    show(porion, actor, "device diagnosed", ("device", device.id))
    now = porion.now()
    found = [
        *_state(device),
        *_titles(device, title),
        *_reach(device, network),
        *_contexts(device),
        *_failures(device, failures, now),
        *_clock(device, images),
        *_characters(device, images),
        *_quirks(device),
        *_contact(device, now),
    ]
    return _sorted(found) or [Finding(Severity.OK, device.ae_title, "Nothing is wrong with it.")]


def diagnose_system(porion: Porion, actor: Actor, facts: SystemFacts) -> list[Finding]:
    """What is wrong with Porion itself: its door, its disk, its queue, its certificates."""
    must(actor, Action.SEE_DEVICES)
    with porion.store.read(actor.clinic_id) as tx:
        waiting = tx.devices.waiting()
        failures = tx.devices.failures(100)
    now = porion.now()
    found = [*system_findings(facts, now), *_strangers(failures, now)]
    if waiting:
        names = ", ".join(row.ae_title for row in waiting[:5])
        found.append(
            Finding(
                Severity.WARNING,
                "devices",
                f"Waiting for approval: {names}{', ...' if len(waiting) > 5 else ''}.",
                "Approve those that are yours: `porion device approve AET`.",
            )
        )
    return _sorted(found) or [Finding(Severity.OK, "Porion", "Nothing is wrong with Porion itself.")]


def system_findings(facts: SystemFacts, now: datetime) -> list[Finding]:
    """What the machine's facts say, the worst first."""
    return _sorted([*_door(facts), *_disk(facts), *_backlog(facts, now), *_certificates(facts, now)])


def _sorted(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: list(Severity).index(one.severity))


def _fault(device: DeviceRow, sentence: str, advice: str) -> Finding:
    return Finding(Severity.FAULT, device.ae_title, sentence, advice)


def _state(device: DeviceRow) -> Iterator[Finding]:
    if device.state == "waiting":
        advice = f"If it is yours: `porion device approve {device.ae_title}`."
        yield _fault(device, device.last_error or "It waits for approval.", advice)
    elif device.state == "blocked":
        yield _fault(device, "It is blocked: nothing of it is taken.", "Approve it if that was a mistake.")
    elif device.last_error:
        when = f" ({device.last_error_at:%Y-%m-%d %H:%M} UTC)" if device.last_error_at else ""
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            f"What went wrong last{when}: {device.last_error}",
            "See below.",
        )


def _titles(device: DeviceRow, title: str) -> Iterator[Finding]:
    called = device.asked.get("called")
    if called is None or called == title:
        return
    if called == device.ae_title:
        why = "it called itself: its own title and Porion's are the same on the device, or swapped"
    elif called.casefold() == title.casefold():
        why = "capital and small letters differ, and AE titles are compared letter by letter"
    else:
        why = "that is not Porion's AE title"
    yield _fault(
        device, f"It called {called!r}: {why}.", f"Enter {title!r} as the called AE title on the device."
    )


def _reach(device: DeviceRow, network: NetworkRow | None) -> Iterator[Finding]:
    span = ipaddress.ip_network(device.address)
    if not span.is_loopback and not (network and (network.listen or network.tls_listen)):
        yield _fault(
            device,
            f"It is at {device.address}, and Porion listens on this machine only.",
            "Set the network up, then restart: `porion network set --listen ADDRESS:11112`.",
        )
    if device.certificate and not (network and network.tls_listen):
        yield _fault(
            device,
            "It has a certificate, and Porion does not listen for TLS.",
            "`porion network set --tls-listen ADDRESS:2762`, then restart.",
        )


def _contexts(device: DeviceRow) -> Iterator[Finding]:
    contexts = [one for one in device.asked.get("contexts", ()) if "accepted" in one]
    refused = [one for one in contexts if one["accepted"] is None]
    if not refused:
        return
    named = "; ".join(f"{one['abstractSyntax']}: {one['why']}" for one in refused[:5])
    if len(refused) == len(contexts):
        yield _fault(
            device,
            f"Nothing that it proposed was accepted ({named}).",
            "Let it send uncompressed or in a JPEG format; deflated transfer syntaxes are never taken.",
        )
    else:
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            f"{len(refused)} of the {len(contexts)} things that it proposed were refused ({named}).",
            "That matters only if images are missing.",
        )


def _failures(device: DeviceRow, failures: Sequence[FailureRow], now: datetime) -> Iterator[Finding]:
    span = ipaddress.ip_network(device.address)
    for one in failures:
        if now - one.at < _RECENT and ipaddress.ip_address(one.address) in span:
            where = "the TLS port" if one.tls else "the DICOM port"
            yield Finding(
                Severity.WARNING,
                device.ae_title,
                f"From {one.address} at {where}, {one.at:%Y-%m-%d %H:%M} UTC: {one.reason}",
                "If it is this device, that is why nothing arrives.",
            )
            return


def _clock(device: DeviceRow, images: Sequence[ImageRow]) -> Iterator[Finding]:
    # Devices write local time without saying which: that of this machine is taken for theirs.
    lags = [
        one.received_at.astimezone().replace(tzinfo=None) - datetime.fromisoformat(one.acquired_at)
        for one in images
        if one.acquired_at and "T" in one.acquired_at
    ]
    if not lags:
        return
    least = min(lags)
    if least < -_CLOCK_AHEAD:
        yield _fault(
            device,
            f"Its clock is ahead by {_span(-least)}: an image was made after it had arrived.",
            "Set the device's clock, or its time zone; let it use the clinic's time server.",
        )
    elif least > _CLOCK_BEHIND and len(lags) > 2:
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            f"Its images come {_span(least)} after they were made, or its clock is behind by that.",
            "Compare its clock with this machine's.",
        )


def _characters(device: DeviceRow, images: Sequence[ImageRow]) -> Iterator[Finding]:
    lies = {
        problem["reason"]
        for one in images
        for problem in one.problems
        if problem.get("tag") == "(0008,0005)" or "character set" in problem["reason"]
    }
    if lies:
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            f"Its text is not in the character set that it states: {'; '.join(sorted(lies)[:3])}.",
            "Names were repaired as far as that is certain. Set the device to UTF-8 (ISO_IR 192), or "
            f"tell Porion what it writes: porion device edit {device.ae_title} --character-set ISO_IR 100.",
        )


def _quirks(device: DeviceRow) -> Iterator[Finding]:
    most = sorted(device.quirks.items(), key=lambda one: -one[1])[:5]
    if most:
        told = "; ".join(f"{kind} ({count} times)" for kind, count in most)
        yield Finding(Severity.OK, device.ae_title, f"Read otherwise than it was written: {told}.")


def _contact(device: DeviceRow, now: datetime) -> Iterator[Finding]:
    if device.state != "approved":
        return
    if device.last_seen is None:
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            "It has never called.",
            "Let it send an echo: wrong address or port, or a firewall in between, leave no other trace.",
        )
    elif now - device.last_seen > _SILENT:
        yield Finding(
            Severity.WARNING,
            device.ae_title,
            f"It has not called since {device.last_seen:%Y-%m-%d}.",
            "Is it on?",
        )


def _door(facts: SystemFacts) -> Iterator[Finding]:
    for address, why in facts.listening:
        if why is not None:
            yield Finding(
                Severity.FAULT,
                "DICOM door",
                f"Nobody takes DICOM at {address}: {why}",
                "Is `porion serve` running? Is the port another program's?",
            )


def _disk(facts: SystemFacts) -> Iterator[Finding]:
    if facts.distrusted:
        yield Finding(
            Severity.FAULT,
            "disk",
            f"It is not trusted any more: {facts.distrusted}. Devices are turned away, nothing is indexed.",
            "Look at the disk, then restart `porion serve`: what was acknowledged waits in the spool.",
        )
    if facts.free < _LEAST_FREE * facts.total:
        yield Finding(
            Severity.FAULT,
            "disk",
            f"Only {facts.free >> 20} MiB of {facts.total >> 30} GiB are free on the data directory's disk.",
            "Make room: senders are turned away when it is full.",
        )


def _backlog(facts: SystemFacts, now: datetime) -> Iterator[Finding]:
    oldest = facts.oldest_in_spool
    if oldest is not None and now - oldest > _BACKLOG:
        yield Finding(
            Severity.FAULT,
            "worker",
            f"What came over the network has been waiting for {_span(now - oldest)} to be indexed.",
            "Is the worker running? Its log says what it waits for.",
        )


def _certificates(facts: SystemFacts, now: datetime) -> Iterator[Finding]:
    for name, expires in facts.certificates:
        if expires < now:
            yield Finding(
                Severity.FAULT, "certificates", f"The certificate of {name} has expired.", "Make a new one."
            )
        elif expires - now < _EXPIRES_SOON:
            yield Finding(
                Severity.WARNING,
                "certificates",
                f"The certificate of {name} expires on {expires:%Y-%m-%d}.",
                "Make a new one.",
            )


def _strangers(failures: Sequence[FailureRow], now: datetime) -> Iterator[Finding]:
    recent = [one for one in failures if now - one.at < _RECENT]
    if recent:
        newest = recent[0]
        yield Finding(
            Severity.WARNING,
            "network",
            f"{len(recent)} connections failed in a week; the last from {newest.address}: {newest.reason}",
            "A port scanner, or a device that is set up wrongly.",
        )


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours" if minutes < 2880 else f"{round(minutes / 1440)} days"
