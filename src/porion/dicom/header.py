"""Any bytes become a :class:`Header` or one named error.

The file meta information is a claim: where it ends is found by its tags, and how the data set is
written by looking at the data set. Pixel data is located and never read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from pydicom.uid import AllTransferSyntaxes

from porion.dicom.charset import DEFAULT_REPERTOIRE, CharacterSet, character_set
from porion.dicom.checks import check_identity, check_pixels
from porion.dicom.decode import Decoder, Setting
from porion.dicom.elements import Elements, Header, NotDicom, PixelData, UnreadableDicom, tag_of
from porion.dicom.habits import NO_HABITS, Habits
from porion.dicom.inflate import Inflater
from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.problems import Problems, shown
from porion.dicom.syntax import (
    DEFLATED,
    DEFLATED_EXPLICIT,
    ENCODING_OF,
    EXPLICIT,
    UNDEFINED,
    Encoding,
    assumed,
    detect,
    encoding_of,
    has_explicit_head,
)
from porion.dicom.walk import PIXELS, RawElements, Walk

if TYPE_CHECKING:
    from mmap import mmap

__all__ = ["DEFAULT_LIMITS", "Limits", "read_header"]

_MARK = b"DICM"
_PREAMBLE = 128
_SEARCHED = 1024  # how far in a displaced mark is looked for
_STRAY = 16  # pydicom's no_meta.dcm has one byte before its first tag
_GROUP_LENGTH = 0x00020000
_ENOUGH = 3  # values without which a data set that breaks off says nothing of itself
_ENCAPSULATED = frozenset(str(uid) for uid in AllTransferSyntaxes if uid.is_encapsulated)
_LISTED = frozenset(map(str, AllTransferSyntaxes)) | DEFLATED | frozenset(ENCODING_OF)
_INFLATE_STEPS = (1 << 18, 1 << 22)


def read_header(
    data: bytes | bytearray | memoryview | mmap,
    *,
    limits: Limits = DEFAULT_LIMITS,
    habits: Habits = NO_HABITS,
) -> Header:
    """Read a whole DICOM file (PS3.10), or a bare data set, without its pixels.

    ``habits`` are those of the device that made it.

    Nothing of ``data`` is kept; an mmap can be closed afterwards. For a deflated data set
    ``data_set_offset`` is where the deflated bytes begin in the file, while ``pixel_data.offset``
    counts in the inflated stream; what follows its pixel data is not read.

    Raises :class:`NotDicom` for bytes that do not look like DICOM, and :class:`UnreadableDicom` for
    a data set of which too little can be read. Whatever else is wrong is in ``problems``.
    """
    with memoryview(data) as whole, whole.cast("B") as view:
        problems = Problems(limits.problems)
        opening = _open(view, limits, problems)
        charset = character_set((), habits.character_set)
        body = _find_body(view, replace(opening, charset=charset), limits, problems)
        return _header(len(view), opening, body, habits)


def data_set_offset(head: bytes) -> int:
    """Where the data set of a file that begins with ``head`` starts; UnreadableDicom when it does not say."""
    with memoryview(head) as view:
        return _open(view, DEFAULT_LIMITS, Problems(DEFAULT_LIMITS.problems)).at


def read_file_meta(head: bytes) -> tuple[Elements, int]:
    """The file meta group of a file that begins with ``head``, and where its data set starts.

    UnreadableDicom when it does not say.
    """
    with memoryview(head) as view:
        opening = _open(view, DEFAULT_LIMITS, Problems(DEFAULT_LIMITS.problems))
        return opening.file_meta, opening.at


@dataclass(frozen=True, slots=True)
class _Opening:
    """What comes before the data set."""

    has_preamble: bool
    file_meta: Elements
    at: int
    charset: CharacterSet = DEFAULT_REPERTOIRE

    @property
    def stated(self) -> str:
        """The transfer syntax that the file meta information states, or an empty string."""
        return self.file_meta.text("TransferSyntaxUID") or ""


class _Way(NamedTuple):
    """How a data set is written, and in which character set unless it says so itself."""

    encoding: Encoding
    deflated: bool
    charset: CharacterSet


@dataclass(frozen=True, slots=True)
class _Body:
    """The data set as read, and how it was found."""

    data_set: Elements
    pixels: PixelData | None
    encoding: Encoding
    deflated: bool
    problems: Problems


def _open(view: memoryview, limits: Limits, problems: Problems) -> _Opening:
    """Find and read the file meta information, or find the data set without it."""
    marked = view[_PREAMBLE : _PREAMBLE + 4] == _MARK
    start = _PREAMBLE + 4 if marked else _unmarked_start(view, problems)
    if not _has_file_meta(view, start):
        problems.add("there is no file meta information")
        return _Opening(marked, Elements(), start)
    walk = Walk(view, limits, problems)
    found, at = walk.file_meta(start)
    file_meta = Decoder(view, limits, problems).data_set(found, Setting("<" if view[start] else ">"))
    if walk.stopped:
        at = min(_stated_end(file_meta, found), len(view))
        if detect(view, at) is None:
            raise UnreadableDicom(f"the file meta information cannot be read: {walk.stopped}")
        problems.add("the file meta information is damaged; the data set was found by its group length")
    else:
        _check_group_length(file_meta, found, at, problems)
    return _Opening(marked, file_meta, at)


def _stated_end(file_meta: Elements, found: RawElements) -> int:
    """Where the group length says that the file meta information ends; 0 when it says nothing."""
    stated = file_meta.integer("FileMetaInformationGroupLength")
    if stated is None:
        return 0
    _, _, start, length, _ = found[_GROUP_LENGTH]
    return start + length + max(0, stated)


def _unmarked_start(view: memoryview, problems: Problems) -> int:
    """Where a file without preamble, or with a damaged one, begins (PS3.10 section 7.1)."""
    mark = view[:_SEARCHED].tobytes().find(_MARK)
    if mark >= 0 and _has_file_meta(view, mark + 4):
        problems.add(f"the preamble has {mark} bytes instead of {_PREAMBLE}")
        return mark + 4
    starts: tuple[int, ...] = (0, _PREAMBLE + 4, _PREAMBLE, *range(1, _STRAY))
    for start in starts:
        if _has_file_meta(view, start) or detect(view, start):
            problems.add("there is no preamble" if start < _STRAY else "the mark DICM is missing")
            if 0 < start < _STRAY:
                problems.add(f"{start} stray bytes before the data set were skipped")
            return start
    raise NotDicom("the bytes do not look like DICOM: no DICM mark and no data elements at the beginning")


def _has_file_meta(view: memoryview, at: int) -> bool:
    """Whether an element of group 0002 stands here, in either byte order."""
    head = view[at : at + 8].tobytes()
    if len(head) < 8 or head[:2] not in (b"\2\0", b"\0\2"):
        return False
    return has_explicit_head(view, at) or head[6:] == b"\0\0"


def _check_group_length(file_meta: Elements, found: RawElements, at: int, problems: Problems) -> None:
    """Compare the stated length of the file meta information with the real one, which counts."""
    stated = file_meta.integer("FileMetaInformationGroupLength")
    if stated is None:
        problems.add("the file meta information has no group length", _GROUP_LENGTH)
        return
    real = stated + at - _stated_end(file_meta, found)
    if stated != real:
        problems.add(f"states {stated} bytes of file meta information; there are {real}", _GROUP_LENGTH)


def _find_body(view: memoryview, opening: _Opening, limits: Limits, problems: Problems) -> _Body:
    """The data set, in whatever way it is really written."""
    if len(view) - opening.at < 8:
        raise UnreadableDicom("there is no data set after the file meta information")
    encoding = detect(view, opening.at)
    if encoding is None:
        body = _inflate_body(view, opening, limits, problems)
        if body is not None:
            return body
        if opening.stated in DEFLATED:
            raise UnreadableDicom("the data set cannot be inflated, and it is not written plainly either")
        encoding = assumed(view, opening.at, opening.stated)
    walk = Walk(view, limits, problems)
    found = walk.data_set(encoding, opening.at)
    return _decode(view, walk, found, _Way(encoding, False, opening.charset), limits, problems)


def _inflate_body(view: memoryview, opening: _Opening, limits: Limits, problems: Problems) -> _Body | None:
    """The data set of a deflated file, unpacked no further than its header reaches; None if it is none."""
    with view[opening.at :] as packed:
        inflater = Inflater(packed)
        for step in (*_INFLATE_STEPS, limits.inflated):
            with memoryview(inflater.up_to(min(step, limits.inflated))) as inflated:
                encoding = detect(inflated, 0)
                if encoding is None:
                    return None
                tried = problems.copy()
                walk = Walk(inflated, limits, tried)
                found = walk.data_set(encoding, 0)
                if not walk.starved or inflater.ended or step >= limits.inflated:
                    _note_inflating(inflater, walk, limits, tried)
                    return _decode(
                        inflated, walk, found, _Way(encoding, True, opening.charset), limits, tried
                    )
    return None


def _note_inflating(inflater: Inflater, walk: Walk, limits: Limits, problems: Problems) -> None:
    if inflater.wrapped:
        problems.add("the data set is deflated with a zlib header, which DICOM does not have")
    if inflater.broken:
        problems.add("the deflated data set is damaged or cut off")
    elif walk.starved and not inflater.ended:
        problems.add(f"the header inflates to more than {limits.inflated} bytes; the rest was not read")


def _decode(
    view: memoryview,
    walk: Walk,
    found: RawElements,
    way: _Way,
    limits: Limits,
    problems: Problems,
) -> _Body:
    encoding, deflated, charset = way
    data_set = Decoder(view, limits, problems).data_set(found, Setting(encoding.order, charset=charset))
    _settle(data_set, walk)
    pixels = _pixels(found, walk)
    there = 0 if pixels is None else min(pixels.length or 0, len(view) - pixels.offset)
    if deflated and pixels is not None:
        there = pixels.length or 0  # the stream is not unpacked that far
    check_identity(data_set, problems)
    check_pixels(data_set, pixels, there, limits, problems)
    return _Body(data_set, pixels, encoding, deflated, problems)


def _settle(data_set: Elements, walk: Walk) -> None:
    """Refuse a data set of which too little was read to say what it is."""
    filled = sum(1 for element in data_set.values() if element.values or element.items)
    if not filled:
        raise UnreadableDicom(walk.stopped or "the data set holds no value")
    if walk.stopped and filled < _ENOUGH and not data_set.text("SOPInstanceUID"):
        raise UnreadableDicom(walk.stopped)


def _pixels(found: RawElements, walk: Walk) -> PixelData | None:
    """Where the pixel data lies; a length of None when its fragments do not end."""
    for tag in reversed(PIXELS):
        if tag in found:
            _, _, start, length, _ = found[tag]
            return PixelData(start, None if length == UNDEFINED else length, tag in walk.encapsulated)
    return None


def _header(size: int, opening: _Opening, body: _Body, habits: Habits) -> Header:
    problems = body.problems
    transfer_syntax = _transfer_syntax(opening.stated, body, problems)
    named = opening.file_meta.text("MediaStorageSOPInstanceUID")
    if named and named != (body.data_set.text("SOPInstanceUID") or named):
        problems.add("the file meta information names another instance", tag_of("SOPInstanceUID"))
    return Header(
        data_set=body.data_set,
        file_meta=opening.file_meta,
        transfer_syntax=transfer_syntax,
        data_set_offset=opening.at,
        size=size,
        character_sets=body.data_set.texts("SpecificCharacterSet"),
        pixel_data=body.pixels,
        has_preamble=opening.has_preamble,
        problems=problems.all(),
        habits=habits,
    )


def _transfer_syntax(stated: str, body: _Body, problems: Problems) -> str:
    """The transfer syntax that the data set is really written in; the stated one if that is true."""
    tag = tag_of("TransferSyntaxUID")
    plain = DEFLATED_EXPLICIT if body.deflated else body.encoding.uid
    written = f"the data set is written in {'deflated ' if body.deflated else ''}{body.encoding.name}"
    if not stated:
        problems.add(f"no transfer syntax is stated; {written}", tag)
        return plain
    in_fragments = body.pixels is not None and body.pixels.encapsulated and stated in _ENCAPSULATED
    if body.encoding is not EXPLICIT and in_fragments and not body.deflated:
        # No transfer syntax has this; the stated one still names the codec.
        problems.add(f"{stated} is stated, but {written}", tag)
        return stated
    if body.deflated != (stated in DEFLATED) or body.encoding is not encoding_of(stated):
        problems.add(f"{stated} is stated, but {written}", tag)
        return plain
    if stated not in _LISTED:
        problems.add(f"{shown(stated)} is not a known transfer syntax; {written}", tag)
    return _for_pixels(stated, body.pixels, problems)


def _for_pixels(stated: str, pixels: PixelData | None, problems: Problems) -> str:
    """Native pixel data cannot be in a compressed transfer syntax, nor fragments in a native one."""
    if pixels is None or not pixels.length or pixels.encapsulated == (stated in _ENCAPSULATED):
        return stated
    if stated in _ENCAPSULATED:
        problems.add(f"{stated} is stated, but the pixel data is native", tag_of("TransferSyntaxUID"))
        return EXPLICIT.uid
    if stated in _LISTED:
        problems.add(f"{stated} is stated, but the pixel data is in fragments", tag_of("TransferSyntaxUID"))
    return stated
