"""How each device's worklist queries are answered, and what became of the latest ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.device_values import character_set_of
from porion.services.devices import see_device
from porion.services.errors import Invalid, must
from porion.services.rights import Right
from porion.services.trail import record, show
from porion.services.worklist_records import ProfileRow, QueryRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion
    from porion.services.records import DeviceRow, Json

STATIONS = ("asked", "own", "all")
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Traced:
    """A device, how its queries are answered, and the latest of them."""

    device: DeviceRow
    profile: ProfileRow
    queries: Sequence[QueryRow]

    @property
    def may_ask(self) -> bool:
        """Whether an administrator gave the device the right to its worklist."""
        return Right.WORKLIST in self.device.rights


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What is changed of a profile; None leaves it as it is."""

    stations: str | None = None
    character_set: str | None = None
    days_back: int | None = None
    days_ahead: int | None = None


def trace_worklist(porion: Porion, actor: Actor, which: str, limit: int = 20) -> Traced:
    """What a device asked, newest first, and why it got what it got."""
    must(actor, Action.SEE_DEVICES)
    device = see_device(porion, actor, which)
    with porion.store.read(actor.clinic_id) as tx:
        profile = tx.worklist.profile(device.id) or ProfileRow(device.id)
        queries = tx.worklist.queries(device.id, limit)
    # Keys may name a patient.
    show(porion, actor, "worklist queries shown", ("device", device.id))
    return Traced(device, profile, queries)


def set_profile(porion: Porion, actor: Actor, which: str, change: ProfileChange) -> ProfileRow:
    """Change how a device's worklist queries are answered."""
    must(actor, Action.MANAGE_DEVICES)
    changes = _changes(change)
    device = see_device(porion, actor, which)
    with porion.store.write(actor.clinic_id) as tx:
        held = tx.worklist.profile(device.id) or ProfileRow(device.id)
        row = replace(held, **changes)
        tx.worklist.save_profile(row)
        record(porion, tx, actor.name, "worklist profile changed", ("device", device.id), asdict(row))
    return row


def _changes(change: ProfileChange) -> Json:
    changes: Json = {}
    if change.stations is not None:
        if change.stations not in STATIONS:
            raise Invalid(f"A device gets the steps of stations as {', '.join(STATIONS)}: choose one.")
        changes["stations"] = change.stations
    if change.character_set is not None:
        changes["character_set"] = character_set_of(change.character_set)
    for name in ("days_back", "days_ahead"):
        days = getattr(change, name)
        if days is not None:
            if not 0 <= days <= MOST_DAYS:
                raise Invalid(f"{days} days are too many or too few: 0 to {MOST_DAYS}.")
            changes[name] = days
    return changes
