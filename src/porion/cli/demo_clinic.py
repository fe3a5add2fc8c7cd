"""The demo's clinic in a data directory: register, devices, somebody who may log in, a morning's images."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import Dataset

from porion.clinic.permissions import Actor, Role
from porion.emulator.devices import UNITS, Visit, images
from porion.emulator.people import ISSUER, Person
from porion.services.accounts import change_user, create_user, list_users
from porion.services.devices import DeviceChange, add_device, edit_device, list_devices
from porion.services.errors import Conflict
from porion.services.import_files import import_found
from porion.services.import_patients import RegisterRow, import_patients
from porion.services.incoming import Incoming
from porion.services.patients import list_patients
from porion.services.ports import Porion
from porion.services.rights import Right
from porion.services.schedule import Wanted, WantedStep, schedule

_MOST_PATIENTS = 1_000
_DOMAIN = "@demo.example"


@dataclass(frozen=True, slots=True)
class LogIn:
    """Who may log in to the demo."""

    email: str
    password: str


def settle(porion: Porion, actor: Actor, place: Path, crowd: Sequence[Person]) -> None:
    """Register the patients and let the devices in; Conflict when the directory belongs to a real clinic."""
    _must_be_ours(porion, actor, place, len(crowd))
    rows = [RegisterRow(number, person.registered) for number, person in enumerate(crowd, 1)]
    import_patients(porion, actor, rows)
    known = {device.ae_title for device in list_devices(porion, actor)}
    for unit in UNITS:
        if unit.title not in known:
            added = add_device(porion, actor, unit.title, "127.0.0.1/32", unit.name)
            if unit.worklist:
                edit_device(porion, actor, added.id, DeviceChange(rights=[Right.WORKLIST]))


def book(porion: Porion, actor: Actor, coming: Iterable[Visit]) -> int:
    """Schedule the visits of which devices learn from their worklist; how many there were."""
    numbers = {
        one.value: patient.id
        for patient in list_patients(porion, actor, words=None, limit=_MOST_PATIENTS)
        for one in patient.identifiers
    }
    booked = 0
    for visit in coming:
        if visit.by_worklist and visit.person.number in numbers:
            wanted = Wanted(
                patient_id=numbers[visit.person.number],
                starts_at=visit.at.replace(tzinfo=None),
                steps=(WantedStep(visit.program.category),),
                station_ae=visit.unit.title,
            )
            schedule(porion, actor, wanted)
            booked += 1
    return booked


def _must_be_ours(porion: Porion, actor: Actor, place: Path, most: int) -> None:
    registered = list_patients(porion, actor, words=None, limit=most + 1)
    strangers = [p for p in registered if ISSUER not in {one.issuer for one in p.identifiers}]
    users = [user for user in list_users(porion, actor) if not user.email.endswith(_DOMAIN)]
    if strangers or users:
        raise Conflict(f"{place} belongs to a clinic: the demo takes a directory of its own (--data).")


def new_administrator(porion: Porion, actor: Actor) -> LogIn:
    """An administrator with a password that nobody can guess; those of earlier demos end."""
    before = list_users(porion, actor)
    name = f"admin-{len(before) + 1}" if before else "admin"
    log_in = LogIn(f"{name}{_DOMAIN}", secrets.token_urlsafe(12))
    create_user(porion, actor, log_in.email, Role.ADMIN, log_in.password)
    for user in before:
        change_user(porion, actor, user.id, active=False)
    return log_in


def bring_in(porion: Porion, actor: Actor, morning: Iterable[Visit], slices: int) -> Counter[str]:
    """Import what the devices make of the visits, as files; how many had which outcome."""
    found = (_file(visit, made) for visit in morning for made in images(visit, slices))
    return Counter(outcome.outcome.value for outcome in import_found(porion, actor, "demo", found))


def _file(visit: Visit, made: Dataset) -> Incoming:
    out = BytesIO()
    made.save_as(out, enforce_file_format=True)
    content = out.getvalue()

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield BytesIO(content)

    return Incoming(f"{visit.unit.title}/{made.SOPInstanceUID}.dcm", len(content), opened)
