"""Which media types a caller takes (RFC 9110 section 12.5.1, PS3.18 section 8.7.5), and ours among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.exceptions import HTTPException

from porion.services.retrieve import ANY

NATIVE = "1.2.840.10008.1.2.1"
DICOM = "application/dicom"
OCTETS = "application/octet-stream"
JSON = "application/dicom+json"
MULTIPART = "multipart/related"

_PARAMETER = re.compile(r'\s*;\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))')
_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_LONGEST = 8192

# PS3.18 table 8.7.3-5: the media types of compressed frames, the default transfer syntax first.
FRAME_SYNTAXES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (
        "1.2.840.10008.1.2.4.70",
        "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.51",
        "1.2.840.10008.1.2.4.57",
    ),
    "image/dicom-rle": ("1.2.840.10008.1.2.5",),
    "image/jls": ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"),
    "image/jp2": ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"),
    "image/jpx": ("1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93"),
    "image/jphc": ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"),
}
_OLD_NAMES = {"image/x-dicom-rle": "image/dicom-rle", "image/x-jls": "image/jls"}


@dataclass(frozen=True, slots=True)
class Media:
    """A media range that a caller takes; ``quality`` is its weight."""

    type: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    quality: float = 1.0

    @property
    def multipart(self) -> bool:
        """Whether it is several parts, or whatever we like."""
        return self.type in (MULTIPART, "multipart/*", "*/*")

    @property
    def single(self) -> bool:
        """Whether it is one part, or whatever we like."""
        return not self.type.startswith("multipart/")

    @property
    def kind(self) -> str:
        """The type of what is sent, which a multipart type names as its parameter."""
        kind = self.parameters.get("type", "*/*") if self.type.startswith("multipart/") else self.type
        return _OLD_NAMES.get(kind.lower(), kind.lower())

    @property
    def syntax(self) -> str | None:
        """The transfer syntax that is asked for."""
        return self.parameters.get("transfer-syntax")

    def takes(self, kind: str) -> bool:
        """Whether the range covers a media type."""
        major = kind.partition("/")[0]
        return self.kind in (kind, f"{major}/*", "*/*")


def accepted(request: Request) -> Sequence[Media]:
    """What the caller takes, the best first; the query parameter ``accept`` goes first (section 8.3.3.1)."""
    asked = request.query_params.getlist("accept") or request.headers.getlist("accept")
    return parse(",".join(asked)[:_LONGEST]) or [Media("*/*")]


def parse(text: str) -> Sequence[Media]:
    """The media ranges in an Accept header; what is none is passed over."""
    found, at = [], 0
    while at < len(text):
        match = _TYPE.match(text, at)
        if match is None:
            at = _next(text, at)
            continue
        parameters, at = _parameters(text, match.end())
        quality = _quality(parameters.pop("q", "1"))
        if quality > 0:
            found.append(Media(match[1].lower(), parameters, quality))
        at = _next(text, at)
    return sorted(found, key=lambda media: -media.quality)


def _next(text: str, at: int) -> int:
    comma = text.find(",", at)
    return len(text) if comma < 0 else comma + 1


def _parameters(text: str, at: int) -> tuple[dict[str, str], int]:
    parameters: dict[str, str] = {}
    while match := _PARAMETER.match(text, at):
        quoted = match[2]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match[3]
        parameters.setdefault(match[1].lower(), value)
        at = match.end()
    return parameters, at


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0


def must_take(request: Request, *kinds: str) -> str:
    """The first of these media types that the caller takes; 406 when it takes none."""
    for media in accepted(request):
        for kind in kinds:
            if media.takes(kind):
                return kind
    raise HTTPException(406, f"This can be had as {' or '.join(kinds)}.")


@dataclass(frozen=True, slots=True)
class Form:
    """How instances or frames are wanted: transfer syntaxes, the best first, each with the media type."""

    syntaxes: tuple[str, ...]
    kinds: tuple[str, ...]
    multipart: bool

    def kind_of(self, syntax: str) -> str:
        """The media type in which a transfer syntax was asked for."""
        for wanted, kind in zip(self.syntaxes, self.kinds, strict=True):
            if wanted in (ANY, syntax):
                return kind or _own_kind(syntax)
        return _own_kind(syntax)


def file_form(request: Request) -> Form:
    """How DICOM files are wanted; without a transfer syntax explicit VR little endian (section 8.7.3.5.2)."""
    wanted = [media for media in accepted(request) if media.takes(DICOM)]
    if not wanted:
        raise HTTPException(406, f'Instances can be had as {MULTIPART}; type="{DICOM}".')
    syntaxes = tuple(media.syntax or (NATIVE if media.kind == DICOM else ANY) for media in wanted)
    return Form(syntaxes, (DICOM,) * len(syntaxes), wanted[0].multipart)


def frame_form(request: Request) -> Form:
    """How frames are wanted: each media type has its transfer syntaxes (table 8.7.3-5)."""
    wanted = [(media, *pair) for media in accepted(request) for pair in _frame_pairs(media)]
    if not wanted:
        kinds = ", ".join((OCTETS, *FRAME_SYNTAXES))
        raise HTTPException(406, f"Frames can be had as {MULTIPART} with the types {kinds}.")
    return Form(
        syntaxes=tuple(syntax for _, syntax, _ in wanted),
        kinds=tuple(kind for _, _, kind in wanted),
        multipart=wanted[0][0].multipart,
    )


def _frame_pairs(media: Media) -> Sequence[tuple[str, str]]:
    """Transfer syntaxes and media types that a range asks for."""
    if media.kind == OCTETS:
        return [(media.syntax or NATIVE, OCTETS)]
    if media.kind in FRAME_SYNTAXES:
        offered = FRAME_SYNTAXES[media.kind]
        asked = (media.syntax,) if media.syntax else offered
        return [(syntax, media.kind) for syntax in asked if syntax in offered]
    return [(media.syntax or ANY, "")] if media.kind in ("*/*", "application/*", "image/*") else []


def _own_kind(syntax: str) -> str:
    """The media type of frames in a transfer syntax."""
    return next((kind for kind, syntaxes in FRAME_SYNTAXES.items() if syntax in syntaxes), OCTETS)
