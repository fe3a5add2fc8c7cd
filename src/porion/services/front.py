"""Which instance stands for an image in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porion.services.ports import Transaction
    from porion.services.records import ImageRow, InstanceRow


def front_of(tx: Transaction, image: ImageRow) -> InstanceRow | None:
    """The instance in the middle of a volume, the only one of other images; None when it is not there."""
    order = (image.volume or {}).get("order") or [image.instance_id or ""]
    uid = str(order[len(order) // 2]).partition("#")[0]
    found = tx.imaging.instances_by_uid([uid]).get(uid, ())
    return next((row for row in found if row.image_id == image.id), None)
