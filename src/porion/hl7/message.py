"""An HL7 v2 message: its segments and fields as text, whatever the sender's character set.

Parsing (separators, repetitions, escapes) is that of the library ``hl7``; see HL7 v2.5.1 chapter 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import hl7

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

# HL7 table 0211. What Windows calls Latin-1 has more letters where Latin-1 has control characters.
_CODECS = {
    "ASCII": "ascii",
    "8859/1": "cp1252",
    "8859/2": "iso8859-2",
    "8859/3": "iso8859-3",
    "8859/4": "iso8859-4",
    "8859/5": "iso8859-5",
    "8859/6": "iso8859-6",
    "8859/7": "iso8859-7",
    "8859/8": "iso8859-8",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
}

_NULL = '""'
_MOST_SEGMENTS = 1_000


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; fields are counted as the standard counts them, MSH-1 being the separator."""

    name: str
    _content: Any
    _message: Any

    def repeats(self, field: int) -> Sequence[tuple[tuple[str, ...], ...]]:
        """A field's repetitions: each its components, each component its subcomponents, escapes resolved."""
        try:
            found = self._content[field]
        except (IndexError, KeyError):
            return []
        return [self._components(one) for one in found if str(one)]

    def text(self, field: int, component: int = 1) -> str:
        """The first subcomponent of a component of a field's first repetition, or nothing."""
        for components in self.repeats(field):
            return part(components, component)
        return ""

    def _components(self, repetition: Any) -> tuple[tuple[str, ...], ...]:
        if isinstance(repetition, str):
            return ((self._said(repetition),),)
        return tuple(
            (self._said(each),) if isinstance(each, str) else tuple(map(self._said, each))
            for each in repetition
        )

    def _said(self, value: Any) -> str:
        text = str(value).strip()
        return "" if text == _NULL else self._message.unescape(text).strip()


def part(components: Sequence[tuple[str, ...]], component: int, subcomponent: int = 1) -> str:
    """A subcomponent, both counted from 1, or nothing where the sender says nothing."""
    try:
        return components[component - 1][subcomponent - 1]
    except IndexError:
        return ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that could be read."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        """The first segment of that name."""
        return next((one for one in self.segments if one.name == name), None)


def read_message(content: bytes) -> Message:
    """Read a message; Invalid says what is wrong with it."""
    text = decoded(content).replace("\r\n", "\r").replace("\n", "\r").strip("\r\x00 ")
    if not re.match(r"MSH[^\w\s][^\w\s]{3,5}", text):
        raise Invalid("The message does not begin with an MSH segment.")
    if text.count("\r") > _MOST_SEGMENTS:
        raise Invalid(f"The message has more than {_MOST_SEGMENTS} segments.")
    try:
        found = hl7.parse(text)
        segments = tuple(Segment(str(one[0]), one, found) for one in found if str(one).strip())
    except (hl7.HL7Exception, IndexError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Invalid(f"The message cannot be read: {error}.") from error
    return Message(segments)


def decoded(content: bytes) -> str:
    """The text of a message in the character set that it declares in MSH-18.

    Without a declaration it is UTF-8 where it can be, otherwise Latin-1: what practice systems write.
    """
    declared = _declared(content)
    if not declared:
        try:
            return content.decode()
        except UnicodeDecodeError:
            return content.decode("latin-1")
    codec = _CODECS.get(declared)
    if codec is None:
        raise Invalid(f"The message declares the character set {declared}, which is not known here.")
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        reason = f"The message declares {declared}, and byte {error.start + 1} is not written in it."
        raise Invalid(reason) from error


def _declared(content: bytes) -> str:
    header = re.split(rb"[\r\n]", content.lstrip(b"\r\n "), maxsplit=1)[0]
    fields = header.split(header[3:4]) if len(header) > 3 else []
    # The separator itself is MSH-1: field 18 is the eighteenth piece.
    stated = fields[17] if len(fields) > 17 else b""
    repeat = header[5:6] or b"~"
    return stated.split(repeat)[0].decode("ascii", "replace").strip().upper()
