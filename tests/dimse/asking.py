"""A clinic that answers queries, and somebody who asks."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset

from porion.clinic.patient import Patient
from porion.dimse.negotiation import STUDY_ROOT_FIND
from porion.services.devices import DeviceChange, edit_device
from tests.builders import data_set
from tests.dimse.house import House
from tests.services.scenes import ANNA, link_to, register, waiting
from tests.world import World

PENDING, PENDING_WITHOUT, CANCEL, SUCCESS = 0xFF00, 0xFF01, 0xFE00, 0
NOT_FITTING = 0xA900


def allow(world: World, *rights: str, title: str = "PAN1", **more: Any) -> None:
    """Give a device exactly these rights."""
    edit_device(world.porion, world.actor, title, DeviceChange(rights=rights, **more))


def linked(world: World, *files: Dataset, patient: Patient = ANNA) -> Patient:
    """Bring images in and link them to a patient who is registered for it."""
    registered = register(world, patient)
    link_to(world, waiting(world, *files), registered)
    return registered


def ask(
    house: House, level: str = "STUDY", model: str = STUDY_ROOT_FIND, calling: str = "PAN1", **keys: Any
) -> tuple[int, list[Dataset]]:
    """Ask over one association: the last status, and the answers."""
    with house.association(model, calling=calling) as held:
        assert held.is_established
        found = list(held.send_c_find(data_set(QueryRetrieveLevel=level, **keys), model))
    assert {status.Status for status, _ in found[:-1]} <= {PENDING, PENDING_WITHOUT}
    return int(found[-1][0].Status), [answer for _, answer in found[:-1] if answer is not None]
