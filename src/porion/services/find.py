"""Answer a device's query (PS3.4 annex C): what the clinic holds, with the register's demographics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.elements import Elements
from porion.dicom.header import read_header
from porion.services.errors import Conflict, NotFound, must
from porion.services.find_answers import answer_to
from porion.services.find_keys import MOST_ANSWERS
from porion.services.search_rows import Found, FoundPerson, Level
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.services.find_keys import Asked
    from porion.services.ports import Porion

# The first answers come quickly; later ones share the cost of a transaction.
_FIRST_PAGE, _PAGE = 50, 500

Matches = list[tuple[str, str]]


class TooManyAnswers(Conflict):
    """More match a query than one is answered with."""


def find(porion: Porion, actor: Actor, asked: Asked, title: str) -> Iterator[Elements]:
    """Data sets of the answers, read page by page; each page leaves its link before it is shown.

    ``title`` is our AE title. TooManyAnswers before the first one when they are more than
    :data:`~porion.services.find_keys.MOST_ANSWERS`.
    """
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        matches = list(tx.search.matching(asked.wanted))
    if len(matches) > MOST_ANSWERS:
        raise TooManyAnswers(f"More than {MOST_ANSWERS} match: narrow the query.")
    if not matches:
        show(porion, actor, "query answered", ("clinic", actor.clinic_id), {"answers": 0})
    for page in _pages(matches):
        found = _told(porion, actor, asked, page)
        _leave_link(porion, actor, asked.level, found)
        for one in found:
            yield answer_to(asked.identifier, one, asked.level, title, _Header(porion, actor, one))


def _pages(matches: Matches) -> Iterator[Matches]:
    start, end = 0, _FIRST_PAGE
    while start < len(matches):
        yield matches[start:end]
        start, end = end, end + _PAGE


def _told(porion: Porion, actor: Actor, asked: Asked, page: Matches) -> Sequence[Found | FoundPerson]:
    with porion.store.read(actor.clinic_id) as tx:
        if asked.level is Level.PATIENT:
            return tx.search.people(asked.wanted, page)
        return tx.search.told(asked.wanted, page)


def _leave_link(porion: Porion, actor: Actor, level: Level, found: Sequence[Found | FoundPerson]) -> None:
    studies = sorted({one.study.study_instance_uid for one in found if isinstance(one, Found)})
    detail = {"level": level.name.lower(), "answers": len(found), "studies": studies}
    show(porion, actor, "query answered", ("clinic", actor.clinic_id), detail)


class _Header:
    """Reads the data set of the instance that was found, or of the first below; nothing when it is lost."""

    def __init__(self, porion: Porion, actor: Actor, found: Found | FoundPerson) -> None:
        self._porion, self._actor, self._found = porion, actor, found

    def __call__(self) -> Elements:
        found = self._found
        if not isinstance(found, Found):
            return Elements()
        with self._porion.store.read(self._actor.clinic_id) as tx:
            first = tx.search.held(
                found.study.study_instance_uid,
                found.series.series_instance_uid if found.series else None,
                found.instance.sop_instance_uid if found.instance else None,
                1,
            )
        try:
            return self._read(first[0].instance.digest) if first else Elements()
        except NotFound:
            return Elements()

    def _read(self, digest: str) -> Elements:
        with self._porion.archive.contents(self._actor.clinic_id, digest) as data:
            return read_header(data).data_set
