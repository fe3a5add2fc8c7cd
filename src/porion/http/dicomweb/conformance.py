"""The DICOMweb tables of the conformance statement, written from those that the code follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from porion.http.access import ACCESS, permission_of
from porion.http.dicomweb.accept import FRAME_SYNTAXES, OCTETS
from porion.http.dicomweb.call import PREFIX
from porion.services.search_keys import KEYS
from porion.services.stow import Failure

_MATCHING = {
    "_dates": "date, range",
    "_times": "time, range",
    "_uids": "list of UIDs",
    "codes": "list, wildcards",
    "_text": "single value, wildcards",
}
_FAILURES = {
    Failure.OUT_OF_RESOURCES: "the disk is full or not trusted; what is told as stored is safe",
    Failure.OTHER_STUDY: "it belongs to another study than the address names",
    Failure.CANNOT_UNDERSTAND: "no instance that can be read; it is kept in quarantine",
}


def _routes() -> str:
    rows = [
        (f"`{name}`", f"`{permission_of(access)}`")
        for name, access in ACCESS.items()
        if f" {PREFIX}/" in name
    ]
    return table(("call", "permission"), rows)


def _keys() -> str:
    rows = [(key.keyword, key.level.name.lower(), _MATCHING[key.read.__name__], key.source) for key in KEYS]
    return table(("attribute", "level", "matching", "source"), rows)


def _frames() -> str:
    native = (f"`{OCTETS}`", "`1.2.840.10008.1.2.1`, or whichever is asked for; `*`: as held")
    rows = [
        (f"`{kind}`", ", ".join(f"`{one}`" for one in syntaxes)) for kind, syntaxes in FRAME_SYNTAXES.items()
    ]
    return table(("media type", "transfer syntaxes, the default first"), [native, *rows])


def _failures() -> str:
    rows = [(f"{one.value:04X}H", _FAILURES[one]) for one in Failure]
    return table(("failure reason", "when"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "web_routes": _routes,
    "web_keys": _keys,
    "web_frames": _frames,
    "web_failures": _failures,
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
