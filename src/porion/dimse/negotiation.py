"""What Porion accepts: the SOP classes and transfer syntaxes, and the answer to each presentation context."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pydicom.uid import UID_dictionary

from porion.dimse.protocol.items import ContextAnswer, ProposedContext, RoleSelection
from porion.services.rights import Right

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

VERIFICATION = "1.2.840.10008.1.1"
STORAGE_COMMITMENT = "1.2.840.10008.1.20.1"
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
UNCOMPRESSED = (IMPLICIT_LITTLE, "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")

PATIENT_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.1.1"
PATIENT_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.1.2"
PATIENT_ROOT_GET = "1.2.840.10008.5.1.4.1.2.1.3"
STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3"
MODALITY_WORKLIST = "1.2.840.10008.5.1.4.31"
PERFORMED_STEP = "1.2.840.10008.3.1.2.3.3"
# Services that only a device with that right is offered (PS3.4 table C.3-1 and C.6.2, section K.6).
NEEDS_RIGHT: Mapping[str, Right] = {
    PATIENT_ROOT_FIND: Right.QUERY,
    STUDY_ROOT_FIND: Right.QUERY,
    PATIENT_ROOT_MOVE: Right.RETRIEVE,
    STUDY_ROOT_MOVE: Right.RETRIEVE,
    PATIENT_ROOT_GET: Right.RETRIEVE,
    STUDY_ROOT_GET: Right.RETRIEVE,
    MODALITY_WORKLIST: Right.WORKLIST,
}
# Services that every approved device is offered beside storage.
OFFERED_TO_ALL = (VERIFICATION, STORAGE_COMMITMENT, PERFORMED_STEP)
# PS3.4 tables C.5.1.1-1 and C.5.2.1-1: relational queries and retrievals; combined date and time matching.
# Fuzzy names and time zones (the third and fourth byte) are not offered.
_OFFERED_BEYOND: Mapping[str, bytes] = {
    PATIENT_ROOT_FIND: bytes((1, 1)),
    STUDY_ROOT_FIND: bytes((1, 1)),
    PATIENT_ROOT_MOVE: bytes((1,)),
    STUDY_ROOT_MOVE: bytes((1,)),
    PATIENT_ROOT_GET: bytes((1,)),
    STUDY_ROOT_GET: bytes((1,)),
}

# Data sets that are deflated as a whole can be bombs, and those of the network go into the spool unread.
DEFLATED = {
    "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian",
    "1.2.840.10008.1.2.4.95": "JPIP Referenced Deflate",
    "1.2.840.10008.1.2.4.205": "JPIP HTJ2K Referenced Deflate",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}
# Encodings of mail, of web services and of a retired medium, and real-time video: none of an association.
NOT_FOR_ASSOCIATIONS = (
    "1.2.840.10008.1.2.6.1",
    "1.2.840.10008.1.2.6.2",
    "1.2.840.10008.1.20",
    "1.2.840.10008.1.2.7.1",
    "1.2.840.10008.1.2.7.2",
    "1.2.840.10008.1.2.7.3",
)

# The standard's storage classes are numbered below this; those of editions to come will be, too.
_STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1."

# Of PS3.6 2024d, after the edition that pydicom knows.
_NEWER_SYNTAXES = {
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
}

# PS3.8 table 9-18.
ACCEPTED, USER_REJECTION, ABSTRACT_SYNTAX_NOT_SUPPORTED, TRANSFER_SYNTAXES_NOT_SUPPORTED = 0, 1, 3, 4
WHY_NOT = {
    USER_REJECTION: "the device does not have the right to it",
    ABSTRACT_SYNTAX_NOT_SUPPORTED: "Porion does not offer this service",
    TRANSFER_SYNTAXES_NOT_SUPPORTED: "none of its transfer syntaxes is accepted",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What all presentation contexts of a request come to.

    ``accepted`` has abstract and transfer syntax by number, ``told`` for people: the abstract syntax, what
    was accepted or None, why not.
    """

    all: tuple[ContextAnswer, ...]
    accepted: Mapping[int, tuple[str, str]]
    told: tuple[tuple[str, str | None, str], ...]


@cache
def storage_classes() -> dict[str, str]:
    """Every storage SOP class of PS3.6 table A-1, retired ones too: UID and name."""
    return {uid: row[0] for uid, row in UID_dictionary.items() if _is_storage(row[0], row[1])}


@cache
def storage_syntaxes() -> dict[str, str]:
    """The transfer syntaxes in which data sets are taken, and kept as they come: UID and name."""
    refused = {*DEFLATED, *NOT_FOR_ASSOCIATIONS}
    rows = {uid: row[0] for uid, row in UID_dictionary.items() if row[1] == "Transfer Syntax"}
    return {uid: name for uid, name in (rows | _NEWER_SYNTAXES).items() if uid not in refused}


def _is_storage(name: str, kind: str) -> bool:
    # A directory of a medium and a promise to keep are no instances.
    others = ("Media Storage Directory", "Storage Commitment")
    return kind == "SOP Class" and "Storage" in name and not name.startswith(others)


def answer(
    proposed: ProposedContext, *, unknown_classes: bool, rights: Collection[str] = ()
) -> ContextAnswer:
    """Accept the first transfer syntax that fits: the sender's order is its preference.

    ``unknown_classes`` takes SOP classes that no edition of the standard knows as storage. ``rights`` are
    those of the device.
    """
    taken = _taken(proposed.abstract_syntax, unknown_classes=unknown_classes)
    if not taken:
        return ContextAnswer(proposed.number, ABSTRACT_SYNTAX_NOT_SUPPORTED, IMPLICIT_LITTLE)
    if NEEDS_RIGHT.get(proposed.abstract_syntax, "") not in ("", *rights):
        return ContextAnswer(proposed.number, USER_REJECTION, IMPLICIT_LITTLE)
    for syntax in proposed.transfer_syntaxes:
        if syntax in taken:
            return ContextAnswer(proposed.number, ACCEPTED, syntax)
    return ContextAnswer(proposed.number, TRANSFER_SYNTAXES_NOT_SUPPORTED, IMPLICIT_LITTLE)


@lru_cache(maxsize=16)
def answer_all(
    proposed: tuple[ProposedContext, ...],
    *,
    unknown_classes: bool,
    rights: tuple[str, ...],
    storage_only: bool = False,
) -> Answers:
    """The answers to a whole request; remembered, as a device asks for the same each time.

    ``storage_only`` is for a node that sends on our request: it may store and nothing else. For the rest
    see :func:`answer`.
    """
    answers = tuple(answer(one, unknown_classes=unknown_classes, rights=rights) for one in proposed)
    if storage_only:
        answers = tuple(_only_storage(one, asked) for one, asked in zip(answers, proposed, strict=True))
    asked = {one.number: one.abstract_syntax for one in proposed}
    accepted = {
        one.number: (asked[one.number], one.transfer_syntax) for one in answers if one.result == ACCEPTED
    }
    told = tuple(
        (asked[one.number], accepted.get(one.number, ("", None))[1], WHY_NOT.get(one.result, ""))
        for one in answers
    )
    return Answers(answers, accepted, told)


def _only_storage(answer: ContextAnswer, asked: ProposedContext) -> ContextAnswer:
    if asked.abstract_syntax == VERIFICATION or asked.abstract_syntax in storage_classes():
        return answer
    return ContextAnswer(answer.number, USER_REJECTION, IMPLICIT_LITTLE)


def _taken(abstract_syntax: str, *, unknown_classes: bool) -> Sequence[str] | dict[str, str]:
    if abstract_syntax in OFFERED_TO_ALL or abstract_syntax in NEEDS_RIGHT:
        return UNCOMPRESSED
    unheard_of = abstract_syntax not in UID_dictionary
    taken = unheard_of and (unknown_classes or abstract_syntax.startswith(_STORAGE_ROOT))
    return storage_syntaxes() if taken or abstract_syntax in storage_classes() else ()


def answer_roles(roles: Sequence[RoleSelection], rights: Collection[str] = ()) -> tuple[RoleSelection, ...]:
    """The requestor may be SCU, which is what it is anyway; as SCP it takes instances that it gets by C-GET.

    PS3.7 section D.3.3.4. Only a device that may retrieve is SCP of storage, and nobody of anything else.
    """
    gets = Right.RETRIEVE in rights
    return tuple(
        RoleSelection(
            role.sop_class_uid,
            scu=role.scu,
            scp=role.scp and gets and role.sop_class_uid in storage_classes(),
        )
        for role in roles
    )


def answer_beyond(proposed: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """By SOP class, what was proposed and is offered of its extended negotiation (PS3.7 D.3.3.5)."""
    return {
        uid: bytes(min(pair) for pair in zip(asked, _OFFERED_BEYOND[uid], strict=False))
        for uid, asked in proposed
        if uid in _OFFERED_BEYOND
    }
