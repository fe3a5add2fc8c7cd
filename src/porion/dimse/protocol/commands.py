"""Command sets of DIMSE messages (PS3.7 section 6.3 and annex E), as values and as bytes.

A command set is always in Implicit VR Little Endian, whatever its presentation context says.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from porion.dimse.protocol.errors import AbortReason, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RESPONSE = 0x8000
NO_DATA_SET = 0x0101


class Field(IntEnum):
    """Command Field (0000,0100), PS3.7 table E.1-1."""

    C_STORE_RQ = 0x0001
    C_STORE_RSP = 0x8001
    C_GET_RQ = 0x0010
    C_GET_RSP = 0x8010
    C_FIND_RQ = 0x0020
    C_FIND_RSP = 0x8020
    C_MOVE_RQ = 0x0021
    C_MOVE_RSP = 0x8021
    C_ECHO_RQ = 0x0030
    C_ECHO_RSP = 0x8030
    N_EVENT_REPORT_RQ = 0x0100
    N_EVENT_REPORT_RSP = 0x8100
    N_GET_RQ = 0x0110
    N_GET_RSP = 0x8110
    N_SET_RQ = 0x0120
    N_SET_RSP = 0x8120
    N_ACTION_RQ = 0x0130
    N_ACTION_RSP = 0x8130
    N_CREATE_RQ = 0x0140
    N_CREATE_RSP = 0x8140
    N_DELETE_RQ = 0x0150
    N_DELETE_RSP = 0x8150
    C_CANCEL_RQ = 0x0FFF


@dataclass(frozen=True, slots=True)
class _Row:
    element: int
    name: str
    vr: str


# PS3.7 table E.1-1: the elements that are not retired.
_TABLE = (
    _Row(0x0002, "affected_sop_class_uid", "UI"),
    _Row(0x0003, "requested_sop_class_uid", "UI"),
    _Row(0x0100, "field", "US"),
    _Row(0x0110, "message_id", "US"),
    _Row(0x0120, "message_id_responded_to", "US"),
    _Row(0x0600, "move_destination", "AE"),
    _Row(0x0700, "priority", "US"),
    _Row(0x0800, "data_set_type", "US"),
    _Row(0x0900, "status", "US"),
    _Row(0x0902, "error_comment", "LO"),
    _Row(0x0903, "error_id", "US"),
    _Row(0x1000, "affected_sop_instance_uid", "UI"),
    _Row(0x1001, "requested_sop_instance_uid", "UI"),
    _Row(0x1002, "event_type_id", "US"),
    _Row(0x1008, "action_type_id", "US"),
    _Row(0x1020, "remaining_suboperations", "US"),
    _Row(0x1021, "completed_suboperations", "US"),
    _Row(0x1022, "failed_suboperations", "US"),
    _Row(0x1023, "warning_suboperations", "US"),
    _Row(0x1030, "move_originator", "AE"),
    _Row(0x1031, "move_originator_message_id", "US"),
)
_BY_ELEMENT: Mapping[int, _Row] = {row.element: row for row in _TABLE}
_HEAD = struct.Struct("<HHI")
# LO (PS3.5 table 6.2-1).
_LONGEST_COMMENT = 64


@dataclass(frozen=True, slots=True)
class Command:
    """A command set; None is an element that is not there."""

    field: int
    message_id: int | None = None
    message_id_responded_to: int | None = None
    affected_sop_class_uid: str | None = None
    requested_sop_class_uid: str | None = None
    affected_sop_instance_uid: str | None = None
    requested_sop_instance_uid: str | None = None
    data_set_type: int = NO_DATA_SET
    status: int | None = None
    error_comment: str | None = None
    error_id: int | None = None
    priority: int | None = None
    event_type_id: int | None = None
    action_type_id: int | None = None
    move_destination: str | None = None
    move_originator: str | None = None
    move_originator_message_id: int | None = None
    remaining_suboperations: int | None = None
    completed_suboperations: int | None = None
    failed_suboperations: int | None = None
    warning_suboperations: int | None = None

    @property
    def has_data_set(self) -> bool:
        """Whether a data set follows."""
        return self.data_set_type != NO_DATA_SET


def read_command(data: bytes | memoryview) -> Command:
    """A command set from its bytes; ProtocolError when it cannot be read or says not what it is."""
    values: dict[str, Any] = {}
    for element, value in _elements(memoryview(data)):
        row = _BY_ELEMENT.get(element)
        if row is not None and len(value):
            values[row.name] = _value(row, value)
    if "field" not in values:
        raise _invalid("A command set without its Command Field (0000,0100)")
    if (
        values["field"] & RESPONSE == 0
        and values["field"] != Field.C_CANCEL_RQ
        and "message_id" not in values
    ):
        raise _invalid("A request without its Message ID (0000,0110)")
    return Command(**values)


def write_command(command: Command) -> bytes:
    """A command set as bytes, its group length in front."""
    out = bytearray()
    for row in _TABLE:
        value = getattr(command, row.name)
        if value is not None:
            encoded = _encoded(row, value)
            out += _HEAD.pack(0, row.element, len(encoded)) + encoded
    return _HEAD.pack(0, 0, 4) + struct.pack("<I", len(out)) + bytes(out)


def _elements(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    at = 0
    while at < len(data):
        if len(data) - at < _HEAD.size:
            raise _invalid("A command set ends within an element")
        group, element, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if group:
            raise _invalid(f"A command set with an element of group {group:04X}")
        if length > len(data) - at:
            raise _invalid(f"Element (0000,{element:04X}) says {length} bytes, and {len(data) - at} are left")
        yield element, data[at : at + length]
        at += length


def _value(row: _Row, value: memoryview) -> int | str:
    if row.vr != "US":
        return bytes(value).decode("ascii", "replace").strip("\0 ")
    if len(value) != 2:
        raise _invalid(f"Element (0000,{row.element:04X}) is 2 bytes long, not {len(value)}")
    return int.from_bytes(value, "little")


def _encoded(row: _Row, value: int | str) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(2, "little")
    text = value[:_LONGEST_COMMENT] if row.vr == "LO" else value
    encoded = text.encode("ascii", "replace")
    return encoded + (b"\0" if row.vr == "UI" else b" ") * (len(encoded) % 2)


def _invalid(sentence: str) -> ProtocolError:
    return ProtocolError(AbortReason.INVALID_PARAMETER_VALUE, f"{sentence}.")
