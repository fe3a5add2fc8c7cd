"""What was decided about an image: whose it is, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import NotFound, must
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion
    from porion.services.records import DecisionRow


def see_history(porion: Porion, actor: Actor, image_id: str) -> Sequence[DecisionRow]:
    """The decisions about an image and about the item it belongs to, oldest first."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        image = tx.imaging.image(image_id)
        if image is None:
            raise NotFound(f"There is no image {image_id} in this clinic.")
        found = [*tx.inbox.decisions_of(image.item_id), *tx.inbox.decisions_on_image(image_id)]
    show(porion, actor, "history shown", ("image", image_id))
    return sorted(found, key=lambda row: row.id)
