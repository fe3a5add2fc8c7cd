"""Which members of a ZIP archive can be taken, judged by its table of contents (APPNOTE.TXT 6.3, 4.3.12)."""

from __future__ import annotations

import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from zipfile import ZipInfo

from porion.folder.files import special_kind
from porion.folder.media import leads_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_ENCRYPTED = 0x1  # APPNOTE 4.4.4, bit 0
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LOCAL_HEADER = 30  # APPNOTE 4.3.7: bytes before name and extra field


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; ``objection`` says why it cannot be taken, empty when it can.

    ``name`` is as the archive has it, with ``/`` between the parts (some Windows packers write
    backslashes). It is a label and never a path.
    """

    info: ZipInfo
    name: str
    objection: str


def _name(info: ZipInfo) -> str:
    return info.orig_filename.replace("\\", "/")


def _is_folder(info: ZipInfo) -> bool:
    return _name(info).endswith("/")


def _is_special(info: ZipInfo) -> bool:
    """Whether the Unix mode in the external attributes says link, device, pipe or socket."""
    mode = info.external_attr >> 16
    return special_kind(mode) is not None and not stat.S_ISDIR(mode)


_OBJECTIONS: tuple[tuple[Callable[[ZipInfo], object], str], ...] = (
    (lambda info: not _name(info), "not taken: it has no name"),
    (lambda info: "\0" in _name(info), "not taken: its name holds a zero byte"),
    (lambda info: leads_outside(_name(info)), "not taken: its name points outside of the archive"),
    (_is_special, "not taken: a link, pipe or device"),
    (_is_folder, "not taken: a folder that holds data"),
    (lambda info: info.flag_bits & _ENCRYPTED, "encrypted: unpack the archive with its password first"),
    (lambda info: info.compress_type not in _METHODS, "packed by a rare method: pack it as an ordinary ZIP"),
)


def members_of(infos: Iterable[ZipInfo], directory_at: int) -> Iterator[Member]:
    """The files in the order of the table of contents; empty folders are left out.

    ``directory_at`` is where the table of contents begins, which the last file must not run into.
    """
    files = [info for info in infos if info.file_size or not _is_folder(info)]
    overlapping = _overlapping(files, directory_at)
    seen: set[str] = set()
    for info in files:
        yield Member(info, _name(info), _objection(info, overlapping, seen))
        seen.add(_name(info))


def _objection(info: ZipInfo, overlapping: set[int], seen: set[str]) -> str:
    words = next((words for applies, words in _OBJECTIONS if applies(info)), "")
    if not words and info.header_offset in overlapping:
        words = "not taken: its data overlaps another file's, as in a ZIP bomb"
    if not words and _name(info) in seen:
        words = "not taken: a second file of the same name; the first one counts"
    return words


def _overlapping(files: Sequence[ZipInfo], directory_at: int) -> set[int]:
    """The offsets whose file shares them or runs into what comes next.

    Honest packers never overlap; a bomb of this kind packs one kernel and points to it a thousand times.
    """
    uses = Counter(info.header_offset for info in files)
    following = dict(pairwise(sorted({*uses, directory_at})))
    return {
        info.header_offset
        for info in files
        if uses[info.header_offset] > 1
        or info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size
        > following.get(info.header_offset, 0)
    }
