"""The metadata of instances in the DICOM JSON Model, and the bulk data that they point to.

PS3.18 sections 10.4.1.1.2 and 10.4.1.1.5. What an archived file says never changes, so its document is
made once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from porion.dicom.header import read_header
from porion.dicom.json_model import BULK_AT, to_metadata
from porion.services.retrieve import held_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.clinic.permissions import Actor
    from porion.dicom.habits import Habits
    from porion.services.ports import Archive, Porion
    from porion.services.retrieve import Place
    from porion.services.search_rows import HeldInstance


@dataclass(frozen=True, slots=True)
class Documents:
    """The metadata of what is at a place, and a name that stays the same as long as they do."""

    held: Sequence[HeldInstance]
    pieces: Iterator[bytes]

    @property
    def state(self) -> str:
        """What the documents are made of."""
        return ",".join(one.instance.digest for one in self.held)


def metadata_at(porion: Porion, actor: Actor, place: Place, base: str) -> Documents:
    """The documents of all instances there; ``base`` is the address before ``/studies``."""
    found = held_at(porion, actor, place)
    return Documents(found, (_document(porion, actor, held, base) for held in found))


def _document(porion: Porion, actor: Actor, held: HeldInstance, base: str) -> bytes:
    made = _made(_Source(actor.clinic_id, held.instance.digest, held.habits, porion.archive))
    return made.replace(BULK_AT.encode(), f"{address_of(held, base)}/bulkdata/".encode())


@dataclass(frozen=True, slots=True)
class _Source:
    """What a document is made of."""

    clinic_id: str
    digest: str
    habits: Habits
    archive: Archive = field(compare=False)


# Some 8 kB each.
@lru_cache(maxsize=4096)
def _made(source: _Source) -> bytes:
    with source.archive.contents(source.clinic_id, source.digest) as data:
        document = to_metadata(read_header(data, habits=source.habits))
    # A lone surrogate is no text that JSON can carry.
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def address_of(held: HeldInstance, base: str) -> str:
    """Where an instance is fetched."""
    return (
        f"{base}/studies/{held.study_uid}/series/{held.series_uid}/instances/{held.instance.sop_instance_uid}"
    )
