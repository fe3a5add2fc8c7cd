"""What the tests of the services begin with: patients, items that wait, and people with a role."""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydicom.dataset import Dataset

from porion.clinic.patient import Patient
from porion.clinic.permissions import GRANTS, Actor, Role
from porion.dicom.person import Identifier, PersonName
from porion.services.decide import LinkRequest, link
from porion.services.inbox import ItemView, list_inbox
from porion.services.patients import add_patient
from porion.services.records import DecisionRow
from porion.store.schema import METADATA
from tests.dicom.raw_elements import explicit, in_file
from tests.world import World, bring

ANNA = Patient("", PersonName("Beispiel", "Anna"), date(2012, 4, 3), "F", (Identifier("P-1", "CLINIC"),))
BERTA = Patient("", PersonName("Muster", "Berta"), date(2011, 5, 6), "F", (Identifier("P-2", "CLINIC"),))
LOOKED = ("name", "birthDate")


def somebody(world: World, role: Role) -> Actor:
    """A person with that role."""
    return Actor(f"{role}@clinic.example", world.clinic_id, GRANTS[role])


def register(world: World, patient: Patient = ANNA) -> Patient:
    """Add a patient."""
    return add_patient(world.porion, world.actor, patient)


def waiting(world: World, *files: Dataset | bytes) -> ItemView:
    """Bring files in; the youngest item that waits."""
    bring(world, *files)
    return inbox(world)[-1]


def inbox(world: World, state: str = "pending") -> list[ItemView]:
    """The items in a state, oldest first."""
    return list(list_inbox(world.porion, world.actor, state=state))


def link_to(world: World, view: ItemView, patient: Patient | None, **asked: Any) -> DecisionRow:
    """Link an item after having looked at name and birth date."""
    asked = {"verified": LOOKED, "snapshot": view.snapshot, **asked}
    request = LinkRequest(view.item.id, patient.id if patient else None, **asked)
    return link(world.porion, world.actor, request)


def counts(world: World) -> dict[str, int]:
    """How many instances are in each state, states without any left out."""
    with world.porion.store.read(world.clinic_id) as tx:
        return {state: count for state, count in tx.imaging.state_counts().items() if count}


def dump(world: World, *, without: tuple[str, ...] = ("audit", "clinics")) -> dict[str, list[Any]]:
    """Every row of every table but those named."""
    with world.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(sa.select(table))))
            for name, table in METADATA.tables.items()
            if name not in without
        }


def a_raw_image(number: int, values: dict[int, tuple[str, bytes]]) -> bytes:
    """A panoramic from elements as they stand, for what no library agrees to write."""
    usual = {
        0x00080016: ("UI", b"1.2.840.10008.5.1.4.1.1.1.1"),
        0x00080018: ("UI", b"1.2.3.%d" % number),
        0x00080060: ("CS", b"PX"),
        0x0020000D: ("UI", b"1.2.4"),
        0x0020000E: ("UI", b"1.2.5"),
        0x00280010: ("US", b"\4\0"),
        0x00280011: ("US", b"\4\0"),
    }
    elements = {**usual, **values}
    padded = {tag: (vr, value + b" " * (len(value) % 2)) for tag, (vr, value) in elements.items()}
    return in_file(*(explicit(tag, *padded[tag]) for tag in sorted(padded)))


def signatures(kind: type) -> dict[str, list[str]]:
    """The public methods of a class and the names of their parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: list(inspect.signature(method).parameters) for name, method in found if not name.startswith("_")
    }
