"""What order and appointment messages ask of the schedule (HL7 v2.5.1 chapters 4 and 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from porion.dicom.codes import Code
from porion.hl7.adt import event_of, patient_of, sent_at, source_of
from porion.hl7.message import part
from porion.hl7.moments import moment_of
from porion.services.errors import Invalid
from porion.services.orders import Order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from porion.hl7.message import Message, Segment

ORDERS = frozenset({"ORM", "OMG", "OMI"})
"""Messages of orders: general, general clinical, imaging."""

APPOINTMENTS: Mapping[str, Literal["schedule", "cancel"]] = {
    "S12": "schedule",
    "S13": "schedule",
    "S14": "schedule",
    "S15": "cancel",
    "S16": "cancel",
    "S17": "cancel",
    "S26": "cancel",
}
"""Trigger events of SIU: booked, rescheduled, modified; cancelled, discontinued, deleted, did not come."""

# HL7 table 0119: what a placer or a filler says with an order.
CONTROLS: Mapping[str, Literal["schedule", "cancel"]] = {
    **dict.fromkeys(("NW", "XO", "XX", "XR", "RP", "RO", "RU", "RL", "SN", "OK", "OH"), "schedule"),
    **dict.fromkeys(("CA", "CR", "OC", "DC", "DR", "OD"), "cancel"),
}
_SCHEMES: Mapping[str, str] = {
    "SCT": "SCT",
    "SNM": "SRT",
    "SNM3": "SRT",
    "SRT": "SRT",
    "DCM": "DCM",
    "LN": "LN",
}
_MOST_ORDERS = 50


@dataclass(slots=True)
class _Group:
    """One order's segments."""

    control: Segment
    others: dict[str, Segment] = field(default_factory=dict)

    def text(self, name: str, number: int, component: int = 1) -> str:
        """A component of a field of a segment, or nothing."""
        segment = self.control if name == "ORC" else self.others.get(name)
        return segment.text(number, component) if segment else ""


def orders_of(message: Message) -> tuple[Order, ...]:
    """The orders that a message carries; none when its event asks for nothing here.

    Invalid when it lacks what it needs.
    """
    kind, event = event_of(message)
    number = message.header.text(10)
    if not number:
        raise Invalid("The message has no control ID (MSH-10): whether it came before could not be told.")
    person = message.first("PID")
    if person is None:
        raise Invalid("The message has no PID segment: nobody is named.")
    found = _appointment(message, event) if kind == "SIU" else _orders(message)
    return tuple(
        _with_number(one, f"{number}#{count + 1}" if count else number) for count, one in enumerate(found)
    )


def _with_number(one: Order, number: str) -> Order:
    return Order(**{**{name: getattr(one, name) for name in Order.__slots__}, "message_id": number})


def _orders(message: Message) -> Iterator[Order]:
    groups = list(_groups(message))
    if not groups:
        raise Invalid("The message has no ORC segment: there is no order in it.")
    if len(groups) > _MOST_ORDERS:
        raise Invalid(f"The message has more than {_MOST_ORDERS} orders.")
    for group in groups:
        control = group.text("ORC", 1).upper()
        deed = CONTROLS.get(control)
        if control == "SC" and group.text("ORC", 5).upper() in ("CA", "DC"):
            deed = "cancel"
        if deed is not None:
            yield _order(message, group, deed)


def _groups(message: Message) -> Iterator[_Group]:
    """Each ORC with the segments that follow it."""
    group = None
    for segment in message.segments:
        if segment.name == "ORC":
            if group is not None:
                yield group
            group = _Group(segment)
        elif group is not None:
            group.others.setdefault(segment.name, segment)
    if group is not None:
        yield group


def _order(message: Message, group: _Group, kind: Literal["schedule", "cancel"]) -> Order:
    study = group.text("IPC", 3) or group.text("ZDS", 1)
    return Order(
        **_common(message),
        kind=kind,
        order_key=_key(group),
        codes=tuple(_codes(group.others.get("OBR"), 4, 44)),
        description=_first(group.text("OBR", 4, 2), group.text("OBR", 44, 2), group.text("OBR", 31, 2)),
        dicom_modality=_first(group.text("IPC", 5), group.text("OBR", 24)).upper()[:16],
        starts_at=_starts_at(group),
        station_ae=group.text("IPC", 9)[:16],
        requested_by=_person(group),
        accession_number=_first(group.text("IPC", 1), group.text("OBR", 18)),
        study_instance_uid=study,
    )


def _common(message: Message) -> dict[str, Any]:
    person = message.first("PID")
    return {
        "source": source_of(message),
        "message_id": "",
        "sent_at": sent_at(message),
        "patient": patient_of(person) if person else None,
    }


def _key(group: _Group) -> str:
    """The placer's number, or else the filler's, with who gave it."""
    for place in (("ORC", 2), ("OBR", 2), ("ORC", 3), ("OBR", 3)):
        number, issuer = group.text(*place), group.text(*place, 2)
        if number:
            return f"{number}^{issuer}" if issuer else number
    return ""


def _codes(segment: Segment | None, *fields: int) -> Iterator[Code]:
    """CE and CWE: code, text, system, and the alternate ones."""
    for number in fields if segment else ():
        for components in segment.repeats(number):  # type: ignore[union-attr]
            for first in (1, 4):
                system = part(components, first + 2).upper()
                value, meaning = part(components, first), part(components, first + 1)
                if value or meaning:
                    yield Code(_SCHEMES.get(system, system), value, meaning)


def _starts_at(group: _Group) -> datetime | None:
    """TQ1-7; the fourth component of ORC-7 and OBR-27; OBR-36."""
    places = (("TQ1", 7, 1), ("OBR", 27, 4), ("ORC", 7, 4), ("OBR", 36, 1))
    moments = (moment_of(group.text(*place)) for place in places)
    return next((moment for moment in moments if moment is not None), None)


def _person(group: _Group) -> str:
    """The ordering provider (XCN) as a name of DICOM."""
    for name, number in (("ORC", 12), ("OBR", 16)):
        family, given = group.text(name, number, 2), group.text(name, number, 3)
        if family:
            return f"{family}^{given}".rstrip("^")
    return ""


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def _appointment(message: Message, event: str) -> Iterator[Order]:
    kind, booked = APPOINTMENTS.get(event), message.first("SCH")
    if kind is None:
        return
    if booked is None:
        raise Invalid("The message has no SCH segment: there is no appointment in it.")
    service, resource = message.first("AIS"), message.first("AIG")
    starts = _first(service.text(4) if service else "", booked.text(11, 4))
    codes = (*_codes(service, 3), *_codes(booked, 7, 8))
    yield Order(
        **_common(message),
        kind=kind,
        order_key=_first(booked.text(2), booked.text(1)),
        codes=codes,
        description=_first(*(code.meaning for code in codes)),
        starts_at=moment_of(starts),
        station_ae=resource.text(3)[:16] if resource else "",
        must_be_known=False,
    )
