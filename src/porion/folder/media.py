"""Exchange media (PS3.10 section 8, PS3.12): which of the files that a DICOMDIR names are really there.

The directory is a report, not a route: the files come through the ordinary walk, so that a broken or
hostile directory can neither hide one nor lead anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import Limits, read_header
from porion.folder.labels import shown, shown_error
from porion.services.incoming import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

NAMED_AT_MOST = 10
# A directory of 10,000 images has some 300,000 elements, and with icons some 50 MB.
MOST_BYTES = 64 << 20
_LIMITS = Limits(elements=500_000)
_VERSION = re.compile(r";\d+$")  # ISO 9660 section 7.5: IMAGE1.;1
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\x00")


@dataclass(frozen=True, slots=True)
class Media:
    """A media directory held against the files of its root.

    ``found`` are names as they are below the root, ``missing`` and ``outside`` references as they are
    written; ``problem`` says why the directory could not be read.
    """

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    problem: str = ""

    def report(self, path: str) -> Skipped:
        """The outcome for the directory itself, in one sentence."""
        if self.problem:
            words = (
                f"media directory that cannot be read ({self.problem}); the files beside it come all the same"
            )
            return Skipped(path, words)
        total = len(self.found) + len(self.missing) + len(self.outside)
        words = f"media directory: {len(self.found)} of {total} referenced files found"
        words += _listed("missing", self.missing)
        return Skipped(path, words + _listed("pointing outside of the media, never followed", self.outside))


def leads_outside(name: str) -> bool:
    """Whether a relative name, parts separated by ``/``, would leave the folder that it is relative to."""
    return bool(_OUTSIDE.search(name))


def read_media(open_directory: Callable[[], AbstractContextManager[BinaryIO]], names: Iterable[str]) -> Media:
    """Hold a DICOMDIR against ``names``, the files below its folder with ``/`` between the parts.

    Names are compared as ISO 9660 readers present them: any case, with or without ``;1`` and a last dot.
    """
    try:
        with open_directory() as stream:
            references = _references(stream)
    except (UnreadableDicom, OSError) as error:
        return Media(problem=shown_error(error))
    by_name = {_folded(name): name for name in names}
    outside = tuple(reference for reference in references if leads_outside(reference))
    inside = [reference for reference in references if not leads_outside(reference)]
    there = [by_name[_folded(reference)] for reference in inside if _folded(reference) in by_name]
    missing = tuple(reference for reference in inside if _folded(reference) not in by_name)
    return Media(tuple(dict.fromkeys(there)), missing, outside)


def _references(stream: BinaryIO) -> tuple[str, ...]:
    """The distinct Referenced File IDs (0004,1500) of all records, parts joined by ``/``."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableDicom(f"larger than {MOST_BYTES >> 20} MiB")
    records = read_header(data, limits=_LIMITS).items_of("DirectoryRecordSequence")
    written = ("/".join(record.texts("ReferencedFileID")) for record in records)
    return tuple(dict.fromkeys(reference for reference in written if reference))


def _folded(name: str) -> str:
    """The name as it is compared; an empty or ``.`` part counts for nothing."""
    parts = (_VERSION.sub("", part).rstrip(".").casefold() for part in name.split("/"))
    return "/".join(part for part in parts if part)


def _listed(words: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
    return f"; {words}: " + ", ".join(shown(name) for name in names[:NAMED_AT_MOST]) + more
