"""DIMSE messages out of fragments (PS3.7 section 6.3.1, PS3.8 annex E)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dimse.protocol.commands import Command, read_command
from porion.dimse.protocol.errors import AbortReason, ProtocolError

if TYPE_CHECKING:
    from porion.dimse.protocol.pdus import Fragment

# The longest command that the standard knows has some 500 bytes; attribute lists may be longer.
LONGEST_COMMAND = 65_536


@dataclass(frozen=True, slots=True)
class CommandCame:
    """A whole command set; if it says so, its data set follows in pieces."""

    context: int
    command: Command


@dataclass(frozen=True, slots=True)
class DataCame:
    """A piece of the data set of the last command; ``data`` holds until the next bytes are received."""

    data: memoryview
    is_last: bool


class MessageReader:
    """Puts one message after the other together; data sets are handed on and never gathered."""

    def __init__(self) -> None:
        self._command = bytearray()
        self._context: int | None = None
        self._awaits_data = False

    @property
    def between_messages(self) -> bool:
        """Whether no message is under way."""
        return self._context is None

    def take(self, fragment: Fragment) -> CommandCame | DataCame | None:
        """What a fragment completes; None as long as a command is not whole."""
        if self._context is not None and fragment.context != self._context:
            raise _unexpected("A message that changes its presentation context")
        if fragment.is_command == self._awaits_data:
            what = "a data set" if fragment.is_command else "its command"
            raise _unexpected(f"A fragment that comes before {what} is whole")
        self._context = fragment.context
        return self._take_command(fragment) if fragment.is_command else self._take_data(fragment)

    def _take_data(self, fragment: Fragment) -> DataCame:
        if fragment.is_last:
            self._context, self._awaits_data = None, False
        return DataCame(fragment.data, fragment.is_last)

    def _take_command(self, fragment: Fragment) -> CommandCame | None:
        if len(self._command) + len(fragment.data) > LONGEST_COMMAND:
            raise _unexpected(f"A command set of more than {LONGEST_COMMAND} bytes")
        self._command += fragment.data
        if not fragment.is_last:
            return None
        command, self._command = read_command(bytes(self._command)), bytearray()
        self._awaits_data = command.has_data_set
        self._context = fragment.context if command.has_data_set else None
        return CommandCame(fragment.context, command)


def _unexpected(sentence: str) -> ProtocolError:
    return ProtocolError(AbortReason.INVALID_PARAMETER_VALUE, f"{sentence}.")
