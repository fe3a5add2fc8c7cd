"""Remote nodes over DICOM's own protocol: see :class:`porion.services.remote_ports.Dimse`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from porion.dicom.identifiers import identifier_bytes
from porion.dimse.asking import ask
from porion.dimse.fetching import FIND, GET, MOVE, PATIENT_ROOT, STUDY_ROOT, get, move
from porion.dimse.negotiation import UNCOMPRESSED, VERIFICATION
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.requestor import Proposal, associated
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from porion.dicom.elements import Elements
    from porion.dimse.requestor import Requestor
    from porion.dimse.tls import Identity
    from porion.services.records import Json
    from porion.services.remote_ports import Counts, Question, Sink, Target, Wanted

WORKLIST = "1.2.840.10008.5.1.4.31"
_ABILITIES: Mapping[str, tuple[str, ...]] = {
    "find": (STUDY_ROOT + FIND, PATIENT_ROOT + FIND),
    "findPatients": (PATIENT_ROOT + FIND,),
    "move": (STUDY_ROOT + MOVE,),
    "get": (STUDY_ROOT + GET,),
    "worklist": (WORKLIST,),
    "store": ("1.2.840.10008.5.1.4.1.1.1.1",),
}


@dataclass(frozen=True, slots=True)
class DimseNodes:
    """``identity`` is asked for our certificate when a node wants TLS."""

    identity: Callable[[], Identity]

    def abilities(self, target: Target) -> Json:
        """What the node accepts, each None or why not; an echo goes first."""
        asked = {uid for uids in _ABILITIES.values() for uid in uids}
        proposals = [Proposal(uid, UNCOMPRESSED) for uid in (VERIFICATION, *sorted(asked))]
        try:
            with associated(target, proposals, self.identity) as requestor:
                accepted = {abstract for abstract, _ in requestor.contexts.values()}
                context = requestor.context_of(VERIFICATION)
                if context is not None:
                    _echo(requestor, context)
        except NodeFailed as error:
            return {"echo": str(error), **dict.fromkeys(_ABILITIES, str(error))}
        echo = None if VERIFICATION in accepted else "It does not offer Verification (C-ECHO)."
        return {"echo": echo, **{name: _offered(uids, accepted) for name, uids in _ABILITIES.items()}}

    def find(self, target: Target, question: Question) -> Iterator[Elements]:
        """Answers to a C-FIND: patients by the patient root, the rest by whichever root there is."""
        roots = [STUDY_ROOT + FIND, PATIENT_ROOT + FIND]
        if question.level is Level.PATIENT:
            roots = roots[1:]
        keys = {"QueryRetrieveLevel": question.level.value, **question.keys}
        encode = partial(identifier_bytes, keys)
        return ask(target, roots, encode, self.identity, limit=question.limit, stop=question.stop)

    def ask(
        self, target: Target, sop_classes: Sequence[str], encode: Callable[[str], bytes], limit: int
    ) -> Iterator[Elements]:
        """Answers to any other C-FIND; ``encode`` writes the identifier in a transfer syntax."""
        return ask(target, sop_classes, encode, self.identity, limit=limit, stop=lambda: False)

    def get(self, target: Target, wanted: Wanted, sink: Sink, tell: Callable[[Counts], None]) -> Counts:
        """C-GET."""
        return get(target, wanted, sink, tell, self.identity)

    def move(self, target: Target, wanted: Wanted, tell: Callable[[Counts], None]) -> Counts:
        """C-MOVE to ourselves."""
        return move(target, wanted, tell, self.identity)


def _offered(uids: Sequence[str], accepted: set[str]) -> str | None:
    return None if accepted.intersection(uids) else "It does not offer this service to Porion."


def _echo(requestor: Requestor, context: int) -> None:
    echo = Command(field=Field.C_ECHO_RQ, message_id=1, affected_sop_class_uid=VERIFICATION)
    requestor.send(context, echo)
    answer = next(requestor.messages())
    if answer.command.field != Field.C_ECHO_RSP or answer.command.status != 0:
        raise NodeFailed(f"it answers the echo with status {answer.command.status}")
