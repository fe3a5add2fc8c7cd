"""The tables of the conformance statement (PS3.2), written from those that the code follows."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

from porion.dimse.dispatch import SERVICES
from porion.dimse.limits import Limits
from porion.dimse.negotiation import (
    DEFLATED,
    MODALITY_WORKLIST,
    PATIENT_ROOT_FIND,
    PATIENT_ROOT_GET,
    PATIENT_ROOT_MOVE,
    PERFORMED_STEP,
    STORAGE_COMMITMENT,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    STUDY_ROOT_MOVE,
    VERIFICATION,
    storage_classes,
    storage_syntaxes,
)
from porion.dimse.query_conformance import query_keys
from porion.dimse.requestor_conformance import REQUESTOR_TABLES
from porion.dimse.statuses import STATUSES, Status
from porion.dimse.tls import CIPHERS
from porion.dimse.worklist_conformance import worklist_keys
from porion.services.commitment import (
    FIRST_PAUSE,
    GIVEN_UP_AFTER,
    INDEXED_WITHIN,
    LONGEST_PAUSE,
    MOST_REFERENCES,
    Reason,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

_SERVICES = {
    VERIFICATION: ("Verification", "PS3.4 annex A", "SCP; as SCU by `porion doctor --echo`"),
    None: ("Storage", "PS3.4 annex B", "SCP"),
    STORAGE_COMMITMENT: ("Storage Commitment Push Model", "PS3.4 annex J", "SCP"),
    PATIENT_ROOT_FIND: ("Patient Root Query", "PS3.4 annex C", "SCP"),
    STUDY_ROOT_FIND: ("Study Root Query", "PS3.4 annex C", "SCP"),
    MODALITY_WORKLIST: ("Modality Worklist", "PS3.4 annex K", "SCP"),
    PERFORMED_STEP: ("Modality Performed Procedure Step", "PS3.4 annex F", "SCP"),
    PATIENT_ROOT_MOVE: ("Patient Root Retrieve", "PS3.4 annex C", "SCP"),
    STUDY_ROOT_MOVE: ("Study Root Retrieve", "PS3.4 annex C", "SCP"),
    PATIENT_ROOT_GET: ("Patient Root Retrieve", "PS3.4 annex C", "SCP"),
    STUDY_ROOT_GET: ("Study Root Retrieve", "PS3.4 annex C", "SCP"),
}

_LIMITS = {
    "lengths": "bytes behind the head of a P-DATA-TF and of an A-ASSOCIATE-RQ; all other PDUs: 4",
    "artim": "seconds until the A-ASSOCIATE-RQ has come, and for the peer to close (ARTIM)",
    "handshake": "seconds for a TLS handshake",
    "pdu": "seconds for a whole PDU once its first byte has come; longer ones at the least rate",
    "idle": "seconds of silence within an association",
    "least_rate": "bytes a second that an object must make on average",
    "grace": "seconds of an object before its rate is judged",
    "farewell": "seconds for which what still comes after an A-ABORT is thrown away",
    "stopping": "seconds for what is under way when Porion is told to stop",
    "knocking": "connections without an association; beyond, the oldest of the busiest address is closed",
    "associations": "associations in all",
    "per_device": "associations of one device",
    "reserve": "more associations for devices that have none yet",
    "data_set": "bytes of the data set of a request other than C-STORE",
}

_STATUSES = {
    Status.SUCCESS: "done; for C-STORE: on disk and flushed",
    Status.INVALID_ATTRIBUTE_VALUE: "a performed step that is in no state in which it can be",
    Status.PROCESSING_FAILURE: "a mistake of Porion's, in its log under the number in the comment; with"
    " Error ID A710H: a performed step that was completed or discontinued before",
    Status.DUPLICATE_INSTANCE: "N-CREATE of a performed step that is there already",
    Status.NO_SUCH_INSTANCE: "N-ACTION on another than the well-known instance; N-SET of an unknown step",
    Status.INVALID_ARGUMENT: "a data set that cannot be read",
    Status.SOP_CLASS_NOT_SUPPORTED: "not used: such contexts are not accepted",
    Status.NO_SUCH_ACTION: "an action type other than 1",
    Status.NOT_AUTHORIZED: "N-SET of a step that another device performs",
    Status.RESOURCE_LIMITATION: "a request's data set is longer than it may be",
    Status.UNRECOGNIZED_OPERATION: "the command is not offered in that presentation context",
    Status.OUT_OF_RESOURCES: "C-STORE: the disk is full or not trusted any more, nothing was kept, try again"
    " later; C-FIND: more match than are answered, or the database refuses",
    Status.CANNOT_COUNT_MATCHES: "C-GET, C-MOVE: more instances match than are sent at once",
    Status.CANNOT_PERFORM_SUBOPERATIONS: "C-GET, C-MOVE: not one instance could be sent",
    Status.DESTINATION_UNKNOWN: "C-MOVE: no remote node or approved device of that AE title has an address",
    Status.IDENTIFIER_DOES_NOT_FIT: "C-FIND, C-GET, C-MOVE: the identifier does not fit its level",
    Status.SOME_SUBOPERATIONS_FAILED: "C-GET, C-MOVE: some instances were not sent; their UIDs are listed",
    Status.CANNOT_UNDERSTAND: "a C-STORE without UIDs or without a data set; a query that cannot be read",
    Status.CANCELLED: "C-FIND, C-GET, C-MOVE: cancelled by C-CANCEL",
    Status.PENDING: "C-FIND: an answer; C-GET, C-MOVE: sub-operations go on",
    Status.PENDING_WITHOUT_SOME_KEYS: "C-FIND: an answer, and some keys with a value were not compared",
}


def filled(document: str, others: Mapping[str, Callable[[], str]]) -> str:
    """The conformance statement with its tables as the code has them now; ``others`` are another door's.

    A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``; KeyError for an unknown name.
    """
    tables = {**_TABLES, **others}
    return _PLACE.sub(lambda place: f"{place[1]}\n\n{tables[place[2]]()}\n\n<!-- end -->", document)


_PLACE = re.compile(r"(<!-- table (\w+) -->).*?<!-- end -->", re.DOTALL)


def _services() -> str:
    rows = [(row, _SERVICES[row.abstract_syntax]) for row in SERVICES]
    told = [(*texts, row.field.name.removesuffix("_RQ").replace("_", "-")) for row, texts in rows]
    return _table(("service", "standard", "role", "command"), told)


def _statuses() -> str:
    return _table(("status", "meaning"), [(f"{one.value:04X}H", _STATUSES[one]) for one in Status])


def _errors() -> str:
    return _table(
        ("Porion's error", "status"), [(kind.__name__, f"{one.value:04X}H") for kind, one in STATUSES.items()]
    )


def _limits() -> str:
    limits = Limits()
    rows = []
    for one in fields(Limits):
        value = getattr(limits, one.name)
        shown = f"{value.data}, {value.associate}" if one.name == "lengths" else f"{value:g}"
        rows.append((one.name, shown, _LIMITS[one.name]))
    return _table(("name", "value", "meaning"), rows)


def _commitment() -> str:
    rows = [
        ("references in one request", f"at most {MOST_REFERENCES:,}"),
        ("an instance that is not indexed", f"reported as failed after {_minutes(INDEXED_WITHIN)}"),
        (
            "a device that cannot be reached",
            f"tried again after {_minutes(FIRST_PAUSE)}, then at doubling intervals",
        ),
        ("the longest interval", _minutes(LONGEST_PAUSE)),
        ("given up after", f"{GIVEN_UP_AFTER.days} days"),
        *((f"failure reason {one.value:04X}H", one.name.lower().replace("_", " ")) for one in Reason),
    ]
    return _table(("", ""), rows)


def _minutes(span: timedelta) -> str:
    return f"{span.seconds // 60} min"


def _security() -> str:
    rows = [
        ("profile", "BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile (PS3.15 B.12)"),
        ("versions", "TLS 1.2 and 1.3"),
        ("authentication", "mutual; the clinic's own authority (`porion certificates`)"),
        ("ciphers", f"`{CIPHERS}`, and those of TLS 1.3"),
    ]
    return _table(("", ""), rows)


def _uids(named: Mapping[str, str]) -> str:
    return _table(("UID", "name"), [(f"`{uid}`", name) for uid, name in sorted(named.items())])


_TABLES: Mapping[str, Callable[[], str]] = {
    "services": _services,
    "statuses": _statuses,
    "errors": _errors,
    "limits": _limits,
    "commitment": _commitment,
    "security": _security,
    "query": query_keys,
    "worklist": worklist_keys,
    **REQUESTOR_TABLES,
    "syntaxes": lambda: _uids(storage_syntaxes()),
    "refused": lambda: _uids(DEFLATED),
    "classes": lambda: _uids(storage_classes()),
}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
