"""QIDO-RS: search for studies, series and instances (PS3.18 section 10.6)."""

import json
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import JSON, must_take
from porion.http.dicomweb.call import PREFIX, Call
from porion.http.dicomweb.route import SERIES, STUDY, DicomWebRoute, TheCall, Uid
from porion.services.search import Answers, Question, search
from porion.services.search_rows import Level

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)

_OWN = frozenset(("includefield", "limit", "offset", "fuzzymatching", "accept"))
_LARGEST = 2**31 - 1


@router.get("/studies", response_class=Response)
def search_studies(call: TheCall) -> Response:
    """Search for studies: keys are attributes by keyword or tag, with wildcards, ranges and lists."""
    return _answer(call, Level.STUDY, {})


@router.get("/series", response_class=Response)
def search_series(call: TheCall) -> Response:
    """Search for series of all studies."""
    return _answer(call, Level.SERIES, {})


@router.get("/instances", response_class=Response)
def search_instances(call: TheCall) -> Response:
    """Search for instances of all studies."""
    return _answer(call, Level.INSTANCE, {})


@router.get(f"{STUDY}/series", response_class=Response)
def search_series_of_study(call: TheCall, study: Uid) -> Response:
    """Search for a study's series."""
    return _answer(call, Level.SERIES, {"StudyInstanceUID": study})


@router.get(f"{STUDY}/instances", response_class=Response)
def search_instances_of_study(call: TheCall, study: Uid) -> Response:
    """Search for a study's instances."""
    return _answer(call, Level.INSTANCE, {"StudyInstanceUID": study})


@router.get(f"{SERIES}/instances", response_class=Response)
def search_instances_of_series(call: TheCall, study: Uid, series: Uid) -> Response:
    """Search for a series' instances."""
    within = {"StudyInstanceUID": study, "SeriesInstanceUID": series}
    return _answer(call, Level.INSTANCE, within)


def _answer(call: Call, level: Level, within: Mapping[str, str]) -> Response:
    kind = must_take(call.request, JSON, "application/json")
    question = question_of(call.request.query_params.multi_items(), level, within)
    return _told(search(call.porion, call.actor, question, call.base), kind)


def question_of(asked: list[tuple[str, str]], level: Level, within: Mapping[str, str]) -> Question:
    """A query string as a question; 400 for a limit or offset that is no number."""
    own = {name: value for name, value in asked if name in _OWN}
    include = [field for name, value in asked if name == "includefield" for field in value.split(",")]
    return Question(
        level=level,
        within=within,
        keys=[(name, value) for name, value in asked if name not in _OWN],
        include=[field.strip() for field in include if field.strip()],
        fuzzy=own.get("fuzzymatching", "").lower() == "true",
        skip=_count("offset", own.get("offset")) or 0,
        most=_count("limit", own.get("limit")),
    )


def _count(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:12]) <= _LARGEST):
        raise HTTPException(400, f"{name} is a whole number from 0.")
    return int(text[:12])


def _told(answers: Answers, kind: str) -> Response:
    told = Response(status_code=204)
    if answers.data_sets:
        text = json.dumps(answers.data_sets, ensure_ascii=False, separators=(",", ":"))
        told = Response(text.encode("utf-8", "replace"), media_type=kind)
    # Section 8.3.4.6 and 10.6.3.1.
    if answers.ignored:
        told.headers.append("Warning", _warning("These keys were not looked at: " + _listed(answers.ignored)))
    if answers.more:
        told.headers.append("Warning", _warning("There are more results; ask on with offset and limit."))
    return told


def _warning(text: str) -> str:
    return f'299 porion "{text}"'


def _listed(names: Sequence[str]) -> str:
    """Names that came with the request, as a header takes them."""
    plain = ("".join(c for c in name if c.isascii() and (c.isalnum() or c == ".")) for name in names)
    return ", ".join(name[:64] or "(unreadable)" for name in list(plain)[:20])
