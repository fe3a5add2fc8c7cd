"""Diagnostic reference levels: which ones a clinic goes by, it says itself, with who gave them.

They differ fourfold between countries, some have them by field of view or indication, and they are revised:
none holds silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from porion.clinic.dose_figures import Ages, ReferenceLevel
from porion.clinic.permissions import Action, Actor
from porion.services.errors import Invalid, NotFound, must
from porion.services.records import LevelRow
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.dicom.units import Quantity
    from porion.services.ports import Porion


def reference_levels(porion: Porion, actor: Actor) -> Sequence[tuple[str, ReferenceLevel]]:
    """The clinic's levels with their identifiers, by kind, quantity and age."""
    must(actor, Action.SEE_EXPOSURES)
    with porion.store.read(actor.clinic_id) as tx:
        return [(row.id, _level(row)) for row in tx.exposures.levels()]


def set_reference_level(porion: Porion, actor: Actor, level: ReferenceLevel) -> tuple[str, ReferenceLevel]:
    """Let a level hold from now on, in the place of the one for the same kind, quantity and age.

    Invalid when it is no dose, or nobody is named who gave it.
    """
    must(actor, Action.SET_LEVELS)
    if not (level.value.is_finite() and level.value > 0):
        raise Invalid("A reference level is a dose above zero.")
    if not level.source.strip():
        raise Invalid("Say who gave the reference level, and when: somebody will ask.")
    row = LevelRow(
        porion.new_id(), level.category, level.quantity, level.ages, level.value, level.source.strip()
    )
    with porion.store.write(actor.clinic_id) as tx:
        tx.exposures.set_level(row)
        said = {**_level(row)._asdict(), "value": str(row.value)}
        record(porion, tx, actor.name, "reference level set", ("reference level", row.id), said)
    return row.id, _level(row)


def remove_reference_level(porion: Porion, actor: Actor, level_id: str) -> None:
    """Hold medians against that level no more; NotFound when there is none."""
    must(actor, Action.SET_LEVELS)
    with porion.store.write(actor.clinic_id) as tx:
        if not tx.exposures.remove_level(level_id):
            raise NotFound(f"There is no reference level {level_id}.")
        record(porion, tx, actor.name, "reference level removed", ("reference level", level_id))


def _level(row: LevelRow) -> ReferenceLevel:
    return ReferenceLevel(row.category, cast("Quantity", row.quantity), Ages(row.ages), row.value, row.source)
