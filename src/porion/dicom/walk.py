"""The structure of a data set: which elements, items and fragments lie where. Values are not touched.

PS3.5 section 7. One pass over the heads; whatever a length claims is held against the bytes that are
there before anything is done with it. What is wrong is repaired when one reading is clearly meant, and
listed either way.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from porion.dicom.problems import tag_text
from porion.dicom.syntax import BIG_ENDIAN, EXPLICIT, IMPLICIT, UNDEFINED, Encoding, has_explicit_head
from porion.dicom.vr import BYTES, creator_tag, is_private_creator, private_vr, public_vr

if TYPE_CHECKING:
    from porion.dicom.limits import Limits
    from porion.dicom.problems import Place, Problems

DELIMITERS = 0xFFFE0000
DATA_SET = range(DELIMITERS)
FILE_META = range(0x00020000, 0x00030000)
PIXELS = (0x7FE00008, 0x7FE00009, 0x7FE00010)

_ITEM = (0xFFFE, 0xE000)
_ITEM_END = (0xFFFE, 0xE00D)
_SEQUENCE_END = (0xFFFE, 0xE0DD)
_CHUNK = 1 << 20
_UNNAMED = ("", "UN")

# Tag, VR, offset and length of the value, and a sequence's items. The items are an empty list when a
# value is not to be read (cut off, or in fragments): nothing of it is taken for the real value.
RawElement = tuple[int, str, int, int, "list[RawItem] | None"]
RawElements = dict[int, RawElement]
# An item's elements, and the byte order that they are written in.
RawItem = tuple[RawElements, str]


class Walk:
    """One pass over one buffer.

    ``stopped`` says why the rest was not read, ``starved`` that it was because the bytes ended. Pixel
    data that the file cuts off stops nothing, since nothing is lost but pixels. ``encapsulated`` holds
    the tags of pixel data in fragments, ``seen`` the number of elements and items met.
    """

    __slots__ = ("_limits", "_problems", "_view", "encapsulated", "seen", "starved", "stopped")

    def __init__(self, view: memoryview, limits: Limits, problems: Problems) -> None:
        self._view = view
        self._limits = limits
        self._problems = problems
        self.seen = 0
        self.stopped = ""
        self.starved = False
        self.encapsulated: set[int] = set()

    def file_meta(self, at: int) -> tuple[RawElements, int]:
        """File meta information (PS3.10 section 7.1) and the offset behind it, found by its tags."""
        encoding = EXPLICIT if has_explicit_head(self._view, at) else IMPLICIT
        if self._view[at] == 0:
            encoding = BIG_ENDIAN
        if encoding is not EXPLICIT:
            self._problems.add(f"the file meta information is written in {encoding.name}")
        return self._elements(encoding, at, len(self._view), FILE_META, None)

    def data_set(self, encoding: Encoding, at: int) -> RawElements:
        """The data set from an offset to the end of the bytes."""
        size = len(self._view)
        found, at = self._elements(encoding, at, size, DATA_SET, None)
        while not self.stopped and at + 8 <= size:
            self._problems.add("a delimiter outside of any sequence was skipped")
            self._spend(None)
            more, at = self._elements(encoding, at + 8, size, DATA_SET, None)
            for tag, raw in more.items():
                found.setdefault(tag, raw)
        if not self.stopped and at < size:
            self._note_rest(found, at)
        return found

    def _note_rest(self, found: RawElements, at: int) -> None:
        """Fewer bytes than a head has: padding after a whole data set, or what is left of a cut one."""
        rest = self._view[at:].tobytes()
        if rest.strip(b"\0 \r\n") and max(found, default=0) < PIXELS[0]:
            self._starve(f"the file ends inside the head of an element at byte {at}", None, None)
        else:
            self._problems.add(f"{len(rest)} bytes after the last element were not read")

    def _elements(
        self, encoding: Encoding, at: int, end: int, within: range, place: Place | None
    ) -> tuple[RawElements, int]:
        """Elements up to ``end`` or the first tag not ``within``, and the offset reached."""
        found: RawElements = {}
        view, head, floor, ceiling = self._view, encoding.head, within.start, within.stop
        last = -1
        while at + 8 <= end and not self.stopped:
            try:
                tag, vr, start, length = head(view, at)
            except struct.error:
                self._starve(f"the file ends inside the head of an element at byte {at}", None, place)
                return found, end
            if not floor <= tag < ceiling:
                break
            inner = encoding
            if vr in _UNNAMED:
                inner = IMPLICIT
                vr = self._named(vr, tag, found, encoding, place)
            if tag <= last and not self._goes_on(tag, last, at, found, place):
                return found, end
            self.seen += 1
            if length == UNDEFINED or vr == "SQ":
                raw, at = self._nested((tag, vr, start, length, None), inner, encoding, end, place)
            else:
                raw, at = (tag, vr, start, length, None), start + length
                if at > end:
                    raw, at = self._overlong(raw, end, place), end
            found.setdefault(tag, raw)
            last = tag
            if self.seen > self._limits.elements:
                self._give_up(place)
        return found, at

    def _named(self, vr: str, tag: int, found: RawElements, encoding: Encoding, place: Place | None) -> str:
        """The VR from the dictionaries where the file gives none or UN (PS3.5 section 6.2.2)."""
        if encoding.explicit and not vr and tag:
            self._problems.add("no VR where explicit VR has one; read as implicit VR", tag, place)
        if not tag & 0x10000:
            return public_vr(tag) or "UN"
        if is_private_creator(tag):
            return "LO"
        if not tag & 0xFFFF:
            return "UL"
        creator = found.get(creator_tag(tag))
        if creator is None or creator[3] > 64:
            return "UN"
        name = self._view[creator[2] : creator[2] + creator[3]].tobytes().strip(b" \0")
        return private_vr(tag, name.decode("latin-1")) or "UN"

    def _goes_on(self, tag: int, last: int, at: int, found: RawElements, place: Place | None) -> bool:
        """Note a tag that does not ascend (PS3.5 section 7.1); False when what follows is no data set."""
        if place is None and last >= PIXELS[0]:
            self._problems.add(f"what follows from byte {at} on does not belong to the data set")
            return False
        if tag == 0 and not self._view[at : at + 64].tobytes().strip(b"\0"):
            self._problems.add(f"zero bytes from byte {at} on were not read")
            return False
        repeated = tag in found
        reason = "appears twice; the first one counts" if repeated else "stands out of ascending order"
        self._problems.add(reason, tag, place)
        return True

    def _overlong(self, raw: RawElement, end: int, place: Place | None) -> RawElement:
        """The element without its value: it claims more bytes than there are."""
        tag, vr, start, length, _ = raw
        there = max(0, end - start)
        if end < len(self._view):
            self._problems.add(f"claims {length} bytes where {there} are left; not read", tag, place)
        elif place is not None or tag not in PIXELS:
            self._starve(f"the file ends inside {tag_text(tag)}: {there} of {length} bytes", tag, place)
        return tag, vr, start, length, []

    def _nested(
        self, raw: RawElement, inner: Encoding, outer: Encoding, end: int, place: Place | None
    ) -> tuple[RawElement, int]:
        """A sequence, fragments, or a value of undefined length, and the offset behind it."""
        tag, vr, start, length, _ = raw
        if length == UNDEFINED and (tag in PIXELS or (vr in BYTES and vr != "UN")):
            return self._fragments(raw, outer, end, place)
        if length == 0:
            return (tag, vr, start, 0, []), start
        if start + length > end and length != UNDEFINED:
            return self._cut_sequence(raw, inner, end, place)
        inner = self._encoding_within(raw, inner, outer, place)
        begins = _mark(inner, self._view, start)
        if begins not in (_ITEM, _SEQUENCE_END):
            return self._without_items(raw, end, place)
        return self._sequence(raw, inner, end, place)

    def _encoding_within(
        self, raw: RawElement, inner: Encoding, outer: Encoding, place: Place | None
    ) -> Encoding:
        """The encoding of a sequence's items; in a UN element implicit VR is right (PS3.5 section 6.2.2)."""
        tag, _, start, _, _ = raw
        if not outer.explicit or _mark(outer, self._view, start + 8)[0] == 0xFFFE:
            return inner
        if has_explicit_head(self._view, start + 8):
            return outer
        letters = self._view[start + 12 : start + 14].tobytes()
        if inner is outer and not letters.isalpha():
            self._problems.add("its items are written in implicit VR", tag, place)
            return IMPLICIT
        return inner

    def _cut_sequence(
        self, raw: RawElement, inner: Encoding, end: int, place: Place | None
    ) -> tuple[RawElement, int]:
        """What there is of a sequence that claims more bytes than there are."""
        tag, _, start, length, _ = raw
        there = max(0, end - start)
        self._problems.add(f"claims {length} bytes where {there} are left", tag, place)
        kept, at = self._sequence((tag, "SQ", start, there, None), inner, end, place)
        if end == len(self._view):
            self._starve(f"the file ends inside {tag_text(tag)}", tag, place)
        return (tag, "SQ", start, length, kept[4]), at

    def _without_items(self, raw: RawElement, end: int, place: Place | None) -> tuple[RawElement, int]:
        """A value that should be a sequence and is none: bytes, up to the delimiter if it has no length."""
        tag, vr, start, length, _ = raw
        if length != UNDEFINED:
            if vr == "SQ":
                self._problems.add("holds no items; kept as bytes", tag, place)
            return (tag, "UN", start, length, None), start + length
        closed = _find(self._view, b"\xfe\xff\xdd\xe0\0\0\0\0", start, end)
        if closed < 0:
            return self._overlong(raw, end, place), end
        self._problems.add("has no length; read up to the next sequence delimiter", tag, place)
        return (tag, "UN" if vr == "SQ" else vr, start, closed - start, None), closed + 8

    def _sequence(
        self, raw: RawElement, inner: Encoding, end: int, place: Place | None
    ) -> tuple[RawElement, int]:
        """The items of a sequence that begins with one (PS3.5 section 7.5)."""
        tag, _, start, length, _ = raw
        stop = end if length == UNDEFINED else start + length
        if _depth(place) >= self._limits.depth:
            return self._too_deep(raw, stop, place)
        items: list[RawItem] = []
        at = start
        while at + 8 <= stop and not self.stopped:
            mark = _mark(inner, self._view, at)
            if mark == _SEQUENCE_END:
                return (tag, "SQ", start, at - start, items), at + 8 if length == UNDEFINED else stop
            if mark != _ITEM:
                self._problems.add(f"ends without a delimiter at byte {at}", tag, place)
                return (tag, "SQ", start, at - start, items), at if length == UNDEFINED else stop
            item, at = self._item(inner, at, stop, (place, tag, len(items)))
            items.append((item, inner.order))
        if length == UNDEFINED:
            self._open_end(stop, tag, place)
        return (tag, "SQ", start, stop - start, items), stop

    def _item(self, inner: Encoding, at: int, stop: int, place: Place) -> tuple[RawElements, int]:
        """One item and the offset behind it."""
        length = inner.item(self._view, at)[2]
        start = at + 8
        self._spend(place)
        end = stop if length == UNDEFINED else start + length
        if end > stop:
            reason = f"item {place[2]} claims {length} bytes where {stop - start} are left"
            self._problems.add(reason, place[1], place[0])
            end = stop
        found, at = self._elements(inner, start, end, DATA_SET, place)
        if length != UNDEFINED:
            if at < end and not self.stopped:
                self._problems.add(f"{end - at} bytes of item {place[2]} were not read", place[1], place[0])
            return found, end
        if at + 8 <= end and _mark(inner, self._view, at) == _ITEM_END:
            return found, at + 8
        if at + 8 <= end:
            self._problems.add(f"item {place[2]} ends without a delimiter", place[1], place[0])
        return found, at

    def _too_deep(self, raw: RawElement, stop: int, place: Place | None) -> tuple[RawElement, int]:
        tag, _, start, length, _ = raw
        reason = f"sequences are nested more than {self._limits.depth} deep"
        self._problems.add(reason, tag, place)
        if length == UNDEFINED:
            self.stopped = self.stopped or reason
        return (tag, "SQ", start, stop - start, []), stop

    def _open_end(self, stop: int, tag: int, place: Place | None) -> None:
        if stop == len(self._view):
            self._starve(f"the file ends inside {tag_text(tag)}", tag, place)
        else:
            self._problems.add("ends without a delimiter", tag, place)

    def _fragments(
        self, raw: RawElement, encoding: Encoding, end: int, place: Place | None
    ) -> tuple[RawElement, int]:
        """Encapsulated pixel data (PS3.5 annex A.4); its length leaves the closing delimiter out."""
        tag, vr, start, _, _ = raw
        vr = "OB" if vr == "OW" and not encoding.explicit else vr
        if place is None:
            self.encapsulated.add(tag)
        at = start
        for _ in range(self._limits.fragments):
            if at + 8 > end:
                return self._overlong((tag, vr, start, UNDEFINED, None), end, place), end
            group, element, length = encoding.item(self._view, at)
            if (group, element) != _ITEM:
                break
            at += 8 + length
        closed = _mark(encoding, self._view, at) == _SEQUENCE_END
        if not closed:
            self.stopped = "its fragments end without a delimiter"
            self._problems.add(self.stopped, tag, place)
        return (tag, vr, start, at - start, []), at + 8 if closed else end

    def _spend(self, place: Place | None) -> None:
        """Count what is no element but costs as much."""
        self.seen += 1
        if self.seen > self._limits.elements:
            self._give_up(place)

    def _give_up(self, place: Place | None) -> None:
        """Stop because there is more than one file may have."""
        if not self.stopped:
            self.stopped = f"more than {self._limits.elements} elements; the rest was not read"
            where = (place[1], place[0]) if place else (None, None)
            self._problems.add(self.stopped, *where)

    def _starve(self, reason: str, tag: int | None, place: Place | None) -> None:
        """Stop because the bytes end."""
        if not self.stopped:
            self._problems.add(reason, tag, place)
            self.stopped = reason
        self.starved = True


def _mark(encoding: Encoding, view: memoryview, at: int) -> tuple[int, int]:
    """Group and element at an offset; zeros where the bytes have ended."""
    if at + 8 > len(view):
        return 0, 0
    group, element, _ = encoding.item(view, at)
    return group, element


def _depth(place: Place | None) -> int:
    depth = 0
    while place is not None:
        depth += 1
        place = place[0]
    return depth


def _find(view: memoryview, wanted: bytes, start: int, end: int) -> int:
    """The offset of some bytes, or -1; searched in pieces, so that little is copied."""
    for at in range(start, end, _CHUNK):
        found = view[at : min(end, at + _CHUNK + len(wanted) - 1)].tobytes().find(wanted)
        if found >= 0:
            return at + found
    return -1
