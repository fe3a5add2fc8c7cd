"""Remote nodes over DICOMweb: see :class:`porion.services.remote_ports.Web`."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from porion.dicom.elements import UnreadableDicom
from porion.dicom.from_json import from_dicom_json
from porion.dicom.header import read_file_meta
from porion.dicomweb.connection import Connection, connected
from porion.dicomweb.parts import media_type, parts
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Counts, Level, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from porion.dicom.elements import Elements
    from porion.services.records import Json
    from porion.services.remote_ports import Question, Sink, Target, Wanted

LONGEST_ANSWERS = 64 << 20
"""Bytes of all answers to one query that are taken."""

_JSON = "application/dicom+json"
_INSTANCES = 'multipart/related; type="application/dicom"; transfer-syntax=*'
# Bytes: no file has a longer preamble and file meta group.
_HEAD = 1 << 16


class WebNodes:
    """QIDO-RS and WADO-RS (PS3.18 chapters 10.4 and 10.6)."""

    def abilities(self, target: Target) -> Json:
        """Whether studies are listed; WADO-RS is tried with what is retrieved first."""
        try:
            with connected(target) as connection:
                _rows(connection, "/studies", {"limit": "1"})
        except NodeFailed as error:
            return {"qido": str(error), "wado": str(error)}
        return {"qido": None, "wado": None}

    def find(self, target: Target, question: Question) -> Iterator[Elements]:
        """Answers of QIDO-RS; it knows no patient level."""
        path, keys = _resource(question)
        fields = [key for key, value in keys.items() if not value]
        params = {key: value.replace("\\", ",") for key, value in keys.items() if value}
        params |= {"limit": str(question.limit), "includefield": ",".join(fields)}
        with connected(target) as connection:
            rows = _rows(connection, path, {key: value for key, value in params.items() if value})
        for row in rows[: question.limit]:
            try:
                yield from_dicom_json(row)
            except UnreadableDicom as error:
                raise NodeFailed(
                    f"{target.node.name}: one of its answers cannot be read ({error})."
                ) from error

    def get(self, target: Target, wanted: Wanted, sink: Sink, tell: Callable[[Counts], None]) -> Counts:
        """WADO-RS: instances go into the sink as they come."""
        counts = Counts()
        with connected(target) as connection:
            for path in _paths(wanted):
                for store in _instances(connection, path):
                    counts = _counted(counts, taken=sink.take(store))
                    tell(counts)
        return counts


def _counted(counts: Counts, *, taken: bool) -> Counts:
    return Counts(completed=counts.completed + taken, failed=counts.failed + (not taken))


def _resource(question: Question) -> tuple[str, dict[str, str]]:
    keys = dict(question.keys)
    match question.level:
        case Level.PATIENT:
            raise NodeFailed("DICOMweb knows no patients, only their studies: ask at study level")
        case Level.STUDY:
            return "/studies", keys
        case Level.SERIES:
            study = keys.pop("StudyInstanceUID", "")
            return f"/studies/{study}/series" if study else "/series", keys
        case _:
            study, series = keys.pop("StudyInstanceUID", ""), keys.pop("SeriesInstanceUID", "")
            if study and series:
                return f"/studies/{study}/series/{series}/instances", keys
            return (f"/studies/{study}/instances" if study else "/instances"), keys


def _rows(connection: Connection, path: str, params: dict[str, str]) -> list[Any]:
    content = bytearray()
    with connection.get(path, _JSON, params) as response:
        if response.status_code == 204:
            return []
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > LONGEST_ANSWERS:
                raise NodeFailed(f"{connection.name}: its answers are longer than {LONGEST_ANSWERS} bytes.")
    try:
        rows = json.loads(content or b"[]")
    except (ValueError, RecursionError) as error:
        raise NodeFailed(f"{connection.name}: its answer is no JSON.") from error
    if not isinstance(rows, list):
        raise NodeFailed(f"{connection.name}: its answer is no list of data sets.")
    return rows


def _paths(wanted: Wanted) -> Iterator[str]:
    study = f"/studies/{wanted.study}"
    series = f"{study}/series/{wanted.series}" if wanted.series else study
    if not wanted.instances:
        yield series
    for instance in wanted.instances:
        yield f"{series}/instances/{instance}"


def _instances(connection: Connection, path: str) -> Iterator[Store]:
    with connection.get(path, _INSTANCES) as response:
        kind, boundary = media_type(response.headers.get("content-type", ""))
        chunks = response.iter_bytes()
        if kind == "application/dicom":
            files: Iterator[Iterator[memoryview]] = iter([(memoryview(chunk) for chunk in chunks)])
        elif kind == "multipart/related" and boundary:
            files = parts(chunks, boundary)
        else:
            raise NodeFailed(f"{connection.name} answers with {kind} instead of instances.")
        try:
            for pieces in files:
                yield _store(pieces)
        except NodeFailed as error:
            raise NodeFailed(f"{connection.name}: {error}.") from error


def _store(pieces: Iterator[memoryview]) -> Store:
    """A file as an instance: its file meta group says what it is, the rest is its data set."""
    head = b""
    while len(head) < _HEAD and (piece := next(pieces, None)) is not None:
        head += piece
    try:
        meta, at = read_file_meta(head)
    except UnreadableDicom as error:
        raise NodeFailed(f"one of its instances cannot be read ({error})") from error
    return Store(
        meta.text("MediaStorageSOPClassUID") or "",
        meta.text("MediaStorageSOPInstanceUID") or "",
        meta.text("TransferSyntaxUID") or "",
        chain([memoryview(head)[at:]], pieces),
    )
