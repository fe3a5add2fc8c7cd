"""Who may have an association: the answer to an A-ASSOCIATE-RQ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from porion.dicom.file_meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from porion.dicom.habits import Habits
from porion.dimse import negotiation
from porion.dimse.door import Peer
from porion.dimse.protocol.items import APPLICATION_CONTEXT, UserInformation
from porion.dimse.protocol.pdus import AssociateAccept, AssociateReject, AssociateRequest
from porion.services.devices import Admitted, Knock, Refusal, admit
from porion.services.errors import PorionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.dimse.door import Door

log = structlog.get_logger("porion.dimse")

# PS3.8 table 9-21: result, source, reason.
NOT_OUR_APPLICATION = AssociateReject(1, 1, 2)
CALLING_NOT_RECOGNIZED = AssociateReject(1, 1, 3)
CALLED_NOT_RECOGNIZED = AssociateReject(1, 1, 7)
CONGESTED = AssociateReject(2, 3, 1)
NO_ROOM = AssociateReject(2, 3, 2)


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of a connection before anybody said a name."""

    address: str
    tls: bool = False
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """An association that may be: the device, the answer, and the presentation contexts by number.

    ``extended`` is what was agreed on for a SOP class beyond that.
    """

    peer: Peer
    answer: AssociateAccept
    contexts: Mapping[int, tuple[str, str]]
    told: tuple[tuple[str, str | None, str], ...]
    extended: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def taken_by_the_peer(self) -> dict[int, tuple[str, str]]:
        """The contexts in which the peer itself takes instances: it is their SCP."""
        taken = {role.sop_class_uid for role in self.answer.user.roles if role.scp}
        return {number: one for number, one in self.contexts.items() if one[0] in taken}


def decide(
    door: Door, caller: Caller, request: AssociateRequest, has_room: Callable[[str], bool]
) -> Accepted | AssociateReject:
    """Accept or reject; ``has_room`` is asked last, with the device's identifier."""
    if request.application_context != APPLICATION_CONTEXT:
        return NOT_OUR_APPLICATION
    knock = _knock(caller, request)
    try:
        found = admit(door.porion, knock)
    except PorionError as error:
        log.warning("nobody can be admitted", kind=type(error).__name__)
        return CONGESTED
    if not isinstance(found, Admitted):
        log.info("turned away", calling=knock.calling, address=knock.address, why=found.why.value)
        return CALLED_NOT_RECOGNIZED if found.why is Refusal.CALLED_UNKNOWN else CALLING_NOT_RECOGNIZED
    if not has_room(found.device.id or knock.calling):
        log.warning("no room for another association", calling=knock.calling)
        return NO_ROOM
    return _accepted(door, found, knock, request)


def _knock(caller: Caller, request: AssociateRequest) -> Knock:
    return Knock(
        calling=request.calling,
        called=request.called,
        address=caller.address,
        tls=caller.tls,
        certificate=caller.certificate,
        implementation=request.user.implementation_version or request.user.implementation_class_uid,
        asked=tuple((one.abstract_syntax, one.transfer_syntaxes) for one in request.contexts),
    )


def _accepted(door: Door, found: Admitted, knock: Knock, request: AssociateRequest) -> Accepted:
    rights = tuple(found.device.rights)
    answers = negotiation.answer_all(
        request.contexts,
        unknown_classes=found.accept_unknown_classes,
        rights=rights,
        storage_only=bool(found.expected),
    )
    extended = negotiation.answer_beyond(request.user.extended)
    user = UserInformation(
        maximum_length=door.limits.lengths.data,
        implementation_class_uid=IMPLEMENTATION_CLASS_UID,
        implementation_version=IMPLEMENTATION_VERSION,
        roles=negotiation.answer_roles(request.user.roles, rights),
        extended=tuple(extended.items()),
    )
    return Accepted(
        peer=_peer(found, knock),
        answer=AssociateAccept(request.called, request.calling, answers.all, user),
        contexts=answers.accepted,
        told=answers.told,
        extended=extended,
    )


def _peer(found: Admitted, knock: Knock) -> Peer:
    return Peer(
        clinic_id=found.clinic_id,
        device_id=found.device.id,
        calling=knock.calling,
        called=knock.called,
        address=knock.address,
        tls=knock.tls,
        certificate=knock.certificate,
        implementation=knock.implementation,
        habits=Habits(found.device.character_set, found.device.dap_unit),
        rights=frozenset(found.device.rights),
        expected=found.expected,
    )
