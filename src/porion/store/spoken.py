"""Words by which people are looked for: every spelling of their names, and their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.clinic.folding import fold
from porion.dicom.person import PersonName
from porion.dicom.query import name_key, name_text
from porion.services.claims import claim_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from porion.services.records import Json

# An index takes only so much: PS3.5 allows 64 characters in a component group and in an ID.
_LONGEST = 200


def search_text(parts: Iterable[str], ids: Iterable[str]) -> str:
    """All the words, each behind a space, for a column that :func:`has_begun` looks into."""
    written = {word for part in parts for way in foldings(part) for word in way}
    written.update(value.casefold() for value in ids)
    return "".join(f" {word}" for word in sorted(written))


def shown_keys(groups: Sequence[str], ids: Sequence[str]) -> Json:
    """The columns by which DICOM queries find a person: the name as it is compared, and the Patient ID."""
    return {"dicom_name": name_key(groups)[:_LONGEST], "dicom_id": (ids[0] if ids else "")[:_LONGEST]}


def patient_keys_of(identifiers: Sequence[Json], name: Json) -> Json:
    """The same columns of a patient's row."""
    return shown_keys([name_text(PersonName(**name))], [one["value"] for one in identifiers])


def claim_keys(claim: Json) -> Json:
    """The same columns for a claimed identity, and its words."""
    said = claim_of(claim)
    groups = [name_text(group) for group in (said.name, said.ideographic, said.phonetic)]
    ids = [identifier.value for identifier in said.identifiers]
    words = [part for group in groups for part in group.split("^")]
    return {**shown_keys(groups, ids), "search": search_text(words, ids)}


def foldings(text: str) -> set[tuple[str, ...]]:
    """Every way in which people type the words: ü as u and as ue, and as they stand."""
    folded = fold(text)
    return {way for way in (folded.plain, folded.spelled, tuple(text.casefold().split())) if way}


def beginnings(word: str) -> list[tuple[str, ...]]:
    """What stands in such a column where a word begins with this one, escaped for LIKE: all of any way."""
    return [tuple(f" {escaped(part)}" for part in way) for way in sorted(foldings(word))]


def escaped(text: str) -> str:
    """Text in which LIKE finds nothing special."""
    for mark in ("\\", "%", "_"):
        text = text.replace(mark, f"\\{mark}")
    return text


def has_begun(column: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    """Whether the words in the column have one that begins with this one, in any of its spellings."""
    ways = (sa.and_(*(column.like(f"%{begun}%", escape="\\") for begun in way)) for way in beginnings(word))
    return sa.or_(sa.false(), *ways)
