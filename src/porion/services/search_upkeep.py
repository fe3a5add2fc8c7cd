"""Rows from before all search keys were kept get them, from the archived headers, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.header import read_header
from porion.services.errors import NotFound
from porion.services.searched import NOTHING_SAID, searched_facts

if TYPE_CHECKING:
    from porion.services.arrival import SearchedFacts
    from porion.services.ports import Porion
    from porion.services.search_rows import HeldInstance

_AT_A_TIME = 200


def bring_search_up(porion: Porion) -> None:
    """Make the keys that are missing, in steps that others can write between."""
    with porion.store.read("") as tx:
        clinics = [clinic_id for clinic_id, _ in tx.accounts.clinics()]
    for clinic_id in clinics:
        while _name_some(porion, clinic_id):
            pass
        while _read_some(porion, clinic_id):
            pass


def _name_some(porion: Porion, clinic_id: str) -> bool:
    with porion.store.read(clinic_id) as tx:
        if not tx.search.has_unnamed():
            return False
    with porion.store.write(clinic_id) as tx:
        return tx.search.name_people(_AT_A_TIME) > 0


def _read_some(porion: Porion, clinic_id: str) -> bool:
    with porion.store.read(clinic_id) as tx:
        unread = tx.search.unread(_AT_A_TIME)
    read = {series_id: _facts(porion, clinic_id, held) for series_id, held in unread.items()}
    if read:
        with porion.store.write(clinic_id) as tx:
            for series_id, facts in read.items():
                tx.search.save_searched(series_id, facts)
    return bool(read)


def _facts(porion: Porion, clinic_id: str, held: HeldInstance | None) -> SearchedFacts:
    if held is None:  # All that came under it is in conflict with other instances.
        return NOTHING_SAID
    try:
        with porion.archive.contents(clinic_id, held.instance.digest) as data:
            return searched_facts(read_header(data, habits=held.habits))
    except NotFound:
        # The archive has lost the file; that is told elsewhere, and must not be tried at every start.
        return NOTHING_SAID
