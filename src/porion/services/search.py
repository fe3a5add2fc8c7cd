"""Search studies, series and instances as DICOM viewers do (PS3.18 section 10.6, QIDO-RS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.header import read_header
from porion.dicom.query import OneOf
from porion.services.errors import NotFound, must
from porion.services.search_answers import answer_of, chosen, known_at
from porion.services.search_keys import condition, key_at, keyword_of, tag_path
from porion.services.search_rows import Condition, Level, Wanted
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.dicom.elements import Elements
    from porion.services.ports import Porion
    from porion.services.records import Json
    from porion.services.search_rows import Found

MOST = 5_000
"""How many answers are given at once; more are read with an offset."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, in the words of whoever asks.

    ``within`` are the UIDs that the address names, by keyword. ``keys`` map attributes (tag or keyword,
    dotted within sequences) to what they must be; an empty value asks for the attribute in the answer.
    """

    level: Level
    within: Mapping[str, str]
    keys: Sequence[tuple[str, str]]
    include: Sequence[str] = ()
    fuzzy: bool = False
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Data sets in the DICOM JSON Model, which keys were not looked at, and whether there are more."""

    data_sets: Sequence[Json]
    ignored: Sequence[str]
    more: bool


def search(porion: Porion, actor: Actor, question: Question, base: str) -> Answers:
    """What matches; ``base`` is the address before ``/studies`` for the Retrieve URLs."""
    must(actor, Action.SEE_IMAGES)
    conditions, asked, ignored = _read(question)
    most = min(MOST, question.most if question.most is not None else MOST)
    wanted = Wanted(question.level, tuple(conditions), question.skip, most + 1)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.search.find(wanted) if most else []
    told, more = found[:most], len(found) > most
    studies = sorted({one.study.study_instance_uid for one in told})
    show(porion, actor, "studies searched", ("clinic", actor.clinic_id), {"studies": studies})
    data_sets = [_answer(porion, actor, one, question, asked, base) for one in told]
    return Answers(data_sets, ignored, more and question.most is None)


def _read(question: Question) -> tuple[list[Condition], frozenset[str], list[str]]:
    """Conditions, the paths to be in the answers, and the keys that nothing can be done with."""
    conditions = [Condition(keyword, (OneOf((uid,)),)) for keyword, uid in question.within.items()]
    asked, ignored = set(), []
    for name, value in question.keys:
        path = tag_path(name)
        key = key_at(path, question.level) if path else None
        if path and not value.strip():
            asked.add(path)
        elif key is None:
            ignored.append(keyword_of(path) if path else name)
        elif value.strip() != "*":
            conditions.append(condition(key, value, fuzzy=question.fuzzy))
    included, unknown = _included(question)
    return conditions, frozenset(asked | included), [*ignored, *unknown]


def _included(question: Question) -> tuple[set[str], list[str]]:
    """The paths that are to be in the answers whatever they hold, and the names that mean nothing."""
    paths = {name: "all" if name == "all" else tag_path(name) for name in question.include}
    return {path for path in paths.values() if path}, [name for name, path in paths.items() if not path]


def _answer(
    porion: Porion, actor: Actor, found: Found, question: Question, asked: frozenset[str], base: str
) -> Json:
    answer = answer_of(found, question.within, base, asked)
    missing = {path for path in asked if path.partition(".")[0] not in answer}
    if "all" in missing or any(_tag(path) in known_at(question.level) for path in missing):
        header = _a_header(porion, actor, found)
        answer = {**chosen(header, missing, question.level), **answer}
    return dict(sorted(answer.items()))


def _tag(path: str) -> int:
    return int(path.partition(".")[0], 16)


def _a_header(porion: Porion, actor: Actor, found: Found) -> Elements:
    """The data set of the instance, or of the first one below."""
    with porion.store.read(actor.clinic_id) as tx:
        first = tx.search.held(
            found.study.study_instance_uid,
            found.series.series_instance_uid if found.series else None,
            found.instance.sop_instance_uid if found.instance else None,
            1,
        )
    if not first:
        raise NotFound("What was found has gone in the meantime: search again.")
    with porion.archive.contents(actor.clinic_id, first[0].instance.digest) as data:
        return read_header(data, habits=first[0].habits).data_set
