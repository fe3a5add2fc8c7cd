"""The conformance statement's tables of what Porion asks as SCU, written from those that the code follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.modality_codes import TABLE
from porion.dimse.asking import LONGEST_ANSWER, LONGEST_ASKED
from porion.dimse.fetching import COMPRESSED, FIND, GET, MOVE, PATIENT_ROOT, STUDY_ROOT, USUAL_CLASSES
from porion.dimse.negotiation import storage_classes, storage_syntaxes
from porion.dimse.requestor import MOST_CONTEXTS, PATIENCE
from porion.services.query import MOST
from porion.services.query_keys import RETURNED
from porion.services.retrieval import RETRIES, ROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_SERVICES = (
    (
        "Patient Root Query",
        PATIENT_ROOT + FIND,
        "C-FIND",
        "patient level; others where a node has no Study Root",
    ),
    ("Study Root Query", STUDY_ROOT + FIND, "C-FIND", "study, series and image level"),
    ("Study Root Retrieve", STUDY_ROOT + GET, "C-GET", "first choice after WADO-RS"),
    (
        "Study Root Retrieve",
        STUDY_ROOT + MOVE,
        "C-MOVE",
        "to Porion's own AE title, where nothing else works",
    ),
)


def asked_services() -> str:
    """The services that Porion uses at remote nodes."""
    return _table(
        ("service", "SOP class", "command", "used for"),
        [(name, f"`{uid}`", command, use) for name, uid, command, use in _SERVICES],
    )


def asked_keys() -> str:
    """The keys that every query asks to be returned, by level; others are added by keyword."""
    return _table(
        ("level", "return keys"), [(level.value, ", ".join(keys)) for level, keys in RETURNED.items()]
    )


def asked_modalities() -> str:
    """Under which codes of DICOM images of the clinic's modalities are looked for."""
    return _table(("modality", "asked for as"), [(row.code, ", ".join(row.dicom)) for row in TABLE])


def asked_limits() -> str:
    """What is waited for and taken at most."""
    return _table(
        ("what", "at most"),
        [
            ("answers of a node to one query", f"{MOST:,}, then C-CANCEL"),
            ("bytes of one answer", f"{LONGEST_ANSWER:,}"),
            ("seconds of one query", f"{LONGEST_ASKED:.0f}"),
            ("seconds of silence", f"{PATIENCE.idle:.0f}"),
            ("presentation contexts", str(MOST_CONTEXTS)),
            ("times that a node which fails is asked again", str(RETRIES)),
            ("times that missing instances are asked for", str(ROUNDS)),
        ],
    )


def fetched_syntaxes() -> str:
    """The transfer syntaxes in which instances are asked for over C-GET."""
    known = storage_syntaxes()
    rows = [
        ("Explicit and Implicit VR Little Endian", "one context"),
        *((known[uid], "its own") for uid in COMPRESSED),
    ]
    return _table(("transfer syntax", "context of each SOP class"), rows)


def fetched_classes() -> str:
    """The SOP classes that are proposed for C-GET where a node does not say which ones a study has."""
    known = storage_classes()
    return _table(("UID", "name"), [(f"`{uid}`", known[uid]) for uid in USUAL_CLASSES])


REQUESTOR_TABLES = {
    "asked_services": asked_services,
    "asked_keys": asked_keys,
    "asked_modalities": asked_modalities,
    "asked_limits": asked_limits,
    "fetched_syntaxes": fetched_syntaxes,
    "fetched_classes": fetched_classes,
}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
