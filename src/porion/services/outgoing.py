"""An instance that is to be handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from porion.services.search_rows import Found, Person


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An instance to be handed out, and whose it is."""

    study_instance_uid: str
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax: str
    digest: str
    person: Person


def outgoing(found: Found) -> Outgoing:
    """An instance that was found, as one to be handed out."""
    instance = found.instance
    if instance is None:
        raise Invalid("Only instances are handed out.")
    return Outgoing(
        study_instance_uid=found.study.study_instance_uid,
        sop_class_uid=instance.sop_class_uid,
        sop_instance_uid=instance.sop_instance_uid,
        transfer_syntax=instance.transfer_syntax,
        digest=instance.digest,
        person=found.person,
    )
