"""What an ADT message says of the register (HL7 v2.5.1 chapter 3)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date
from typing import TYPE_CHECKING

from porion.dicom.person import Identifier, PersonName
from porion.hl7.message import part
from porion.hl7.moments import moment_of
from porion.services.errors import Invalid
from porion.services.register_feed import Change, FeedPatient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from porion.hl7.message import Message, Segment

KEEPS = frozenset({"A01", "A04", "A05", "A08", "A28", "A31"})
"""Events that tell how a patient is from now on: admitted, registered, pre-admitted, updated, added."""

MERGES = frozenset({"A18", "A34", "A39", "A40"})
"""Events that make two entries one."""

SEXES = {"F": "F", "M": "M", "O": "O", "A": "O"}
_LEGAL = ("L", "D", "")


def event_of(message: Message) -> tuple[str, str]:
    """Message type and trigger event (MSH-9), ``("ADT", "A08")``."""
    header = message.header
    kind, event = header.text(9, 1).upper(), header.text(9, 2).upper()
    named = message.first("EVN")
    return kind, event or (named.text(1).upper() if named else "")


def source_of(message: Message) -> str:
    """The sending application and facility (MSH-3, MSH-4)."""
    return f"{message.header.text(3)}|{message.header.text(4)}"


def changes_of(message: Message) -> tuple[Change, ...]:
    """The changes that a message asks for, one for each patient; none when its event asks for nothing here.

    Invalid when it is no ADT message, or lacks what its event needs.
    """
    kind, event = event_of(message)
    if kind != "ADT":
        raise Invalid(
            f"This door takes ADT, ORM, OMG, OMI and SIU; the message is of type {kind or 'nothing'}."
        )
    number = message.header.text(10)
    if not number:
        raise Invalid("The message has no control ID (MSH-10): whether it came before could not be told.")
    if event not in KEEPS | MERGES:
        return ()
    found = tuple(_changes(message, event, number))
    if not found:
        raise Invalid(f"The message has no {'PID with an MRG' if event in MERGES else 'PID'} segment.")
    return found


def _changes(message: Message, event: str, number: str) -> Iterator[Change]:
    pairs = _merged(message) if event in MERGES else _kept(message)
    for count, (person, prior) in enumerate(pairs):
        yield Change(
            source=source_of(message),
            message_id=f"{number}#{count + 1}" if count else number,
            sent_at=sent_at(message),
            kind="merge" if event in MERGES else "patient",
            patient=patient_of(person),
            prior=tuple(_identifiers(prior, 1)) if prior else (),
        )


def _kept(message: Message) -> Iterator[tuple[Segment, Segment | None]]:
    person = message.first("PID")
    if person is not None:
        yield person, None


def _merged(message: Message) -> Iterator[tuple[Segment, Segment | None]]:
    """Each PID with the MRG that follows it."""
    person = None
    for segment in message.segments:
        if segment.name == "PID":
            person = segment
        elif segment.name == "MRG" and person is not None:
            yield person, segment


def patient_of(person: Segment) -> FeedPatient:
    """A PID segment's patient: identifiers, legal name, other names, birth date and sex."""
    names = [(_name(one), part(one, 7).upper()) for one in person.repeats(5)]
    legal = min(names, key=lambda one: _rank(one[1]), default=(PersonName(), ""))[0]
    aliases = [name for name, _ in names if name != legal] + [_name(one) for one in person.repeats(9)]
    return FeedPatient(
        identifiers=tuple(_identifiers(person, 3)),
        name=legal,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias.family or alias.given)),
        birth_date=_date(person.text(7)),
        sex=SEXES.get(person.text(8).upper(), ""),
    )


def _rank(kind: str) -> int:
    return _LEGAL.index(kind) if kind in _LEGAL else len(_LEGAL)


def _name(components: tuple[tuple[str, ...], ...]) -> PersonName:
    """Components of XPN: family, given, further given names, suffix, prefix."""
    family, given, middle, suffix, prefix = (part(components, number) for number in range(1, 6))
    return PersonName(family=family, given=given, middle=middle, prefix=prefix, suffix=suffix)


def _identifiers(segment: Segment, field: int) -> Iterable[Identifier]:
    """Identifiers of CX: the number and who gave it (namespace, or else universal ID)."""
    stated = (one for one in segment.repeats(field) if part(one, 1))
    return dict.fromkeys(Identifier(part(one, 1), part(one, 4) or part(one, 4, 2)) for one in stated)


def _date(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}") if len(text) >= 8 else None
    return None


def sent_at(message: Message) -> datetime | None:
    """When the event was recorded (EVN-2), else when the message was made (MSH-7).

    Without a time zone it is taken for UTC: messages are compared only with others of the same sender.
    """
    event = message.first("EVN")
    return (_utc(event.text(2)) if event else None) or _utc(message.header.text(7))


def _utc(text: str) -> datetime | None:
    moment = moment_of(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
