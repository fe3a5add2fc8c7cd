"""A person in the clinic's register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from porion.dicom.person import Identifier, PersonName


@dataclass(frozen=True, slots=True)
class Patient:
    """A person in the register: ``aliases`` are previous or other names of the same person.

    ``version`` counts the edits; a decision made on an older version is stale.
    """

    id: str
    name: PersonName
    birth_date: date | None = None
    sex: str = ""
    identifiers: tuple[Identifier, ...] = ()
    aliases: tuple[PersonName, ...] = ()
    merged_into: str | None = None
    version: int = 1

    def __hash__(self) -> int:
        """By the identifier alone: who is equal has the same, and profiles are remembered by patient."""
        return hash(self.id)
