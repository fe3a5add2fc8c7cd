"""A small picture of an image: what lists, the inbox and the gallery show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import NotFound, must
from porion.services.front import front_of
from porion.services.pixel_ports import Held, Rendering
from porion.services.trail import show

if TYPE_CHECKING:
    from porion.services.ports import Porion

THUMBNAIL = 256


def see_picture(porion: Porion, actor: Actor, image_id: str, size: int = THUMBNAIL) -> bytes:
    """A JPEG that fits into a square of ``size`` pixels; of a volume its slice in the middle.

    Unshowable when the pixels cannot be decoded.
    """
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        image = tx.imaging.image(image_id)
        middle = front_of(tx, image) if image else None
    if middle is None:
        raise NotFound(f"There is no image {image_id} in this clinic.")
    show(porion, actor, "picture shown", ("image", image_id), lasting=True)
    held = Held(actor.clinic_id, middle.digest)
    if size <= THUMBNAIL:
        return porion.pixels.thumbnail(held)
    return porion.pixels.rendered(held, Rendering(frame=(middle.frames + 1) // 2, size=(size, size)))
