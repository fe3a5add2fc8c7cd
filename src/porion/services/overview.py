"""How things stand: what waits, what was done today, and whether everything works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from porion.clinic.permissions import Action, Actor
from porion.services.diagnosis import Finding, Severity, system_findings
from porion.services.errors import must

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.services.ports import Porion
    from porion.services.records import DeviceRow
    from porion.services.system_facts import SystemFacts

_FRESH = timedelta(days=1)


class OverviewRows(Protocol):
    """Counts and marks of one clinic."""

    def waiting(self) -> tuple[int, datetime | None]:
        """How many items with images wait, and since when the first one does."""

    def linked_since(self, moment: datetime) -> int:
        """How many links were made since then and were not taken back."""

    def newest_arrival(self) -> datetime | None:
        """When the newest image came in."""

    def told_since(self, number: int, most: int) -> Sequence[tuple[str, str]]:
        """Action and kind of object of the links of the audit chain after a number, the newest ``most``."""


@dataclass(frozen=True, slots=True)
class Overview:
    """``health`` is the worst of ``findings``; ``devices_waiting`` counts those that ask to be let in."""

    waiting: int
    oldest_waiting: datetime | None
    linked_today: int
    newest_arrival: datetime | None
    devices_waiting: int
    health: Severity
    findings: tuple[Finding, ...]


def see_overview(porion: Porion, actor: Actor, facts: SystemFacts, today: datetime) -> Overview:
    """How things stand; ``today`` is the moment at which the asker's day began."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        waiting, oldest = tx.overview.waiting()
        linked = tx.overview.linked_since(today)
        newest = tx.overview.newest_arrival()
        devices = tx.devices.all()
    now = porion.now()
    found = (*system_findings(facts, now), *_devices(devices, now))
    return Overview(
        waiting=waiting,
        oldest_waiting=oldest,
        linked_today=linked,
        newest_arrival=newest,
        devices_waiting=sum(device.state == "waiting" for device in devices),
        health=min((one.severity for one in found), key=list(Severity).index, default=Severity.OK),
        findings=found,
    )


def _devices(devices: Sequence[DeviceRow], now: datetime) -> Iterator[Finding]:
    for device in devices:
        recent = device.last_error_at is not None and now - device.last_error_at < _FRESH
        if device.state == "approved" and device.last_error and recent:
            name = device.name or device.ae_title
            yield Finding(Severity.WARNING, name, device.last_error, "An administrator can diagnose it.")
