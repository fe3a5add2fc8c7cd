"""The bulk data of an instance: values too long for its metadata (PS3.18 section 10.4.1.1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.bulk import locate
from porion.dicom.header import read_header
from porion.services.errors import NotFound, must
from porion.services.retrieve import held_at

if TYPE_CHECKING:
    from typing import BinaryIO

    from porion.dicom.bulk import Extent
    from porion.services.ports import Porion
    from porion.services.retrieve import Place
    from porion.services.search_rows import HeldInstance


@dataclass(frozen=True, slots=True)
class Bulk:
    """A value and where it lies in the archived file of its instance."""

    held: HeldInstance
    extent: Extent


def bulk_at(porion: Porion, actor: Actor, place: Place, path: str) -> Bulk:
    """The value at a path of one instance; see :func:`porion.dicom.bulk.locate`."""
    (held, *_) = held_at(porion, actor, place)
    with porion.archive.contents(actor.clinic_id, held.instance.digest) as data:
        extent = locate(data, read_header(data, habits=held.habits), path)
    if extent is None:
        raise NotFound("The instance has no bulk data there.")
    return Bulk(held, extent)


def open_bulk(porion: Porion, actor: Actor, bulk: Bulk) -> BinaryIO:
    """The archived file that holds the value, for the caller to close."""
    must(actor, Action.SEE_IMAGES)
    return porion.archive.open(actor.clinic_id, bulk.held.instance.digest)
