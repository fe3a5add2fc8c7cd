"""Conditions of a search as SQL: one row for every attribute that can be asked for.

As text: to build such a statement of parts takes longer than the database needs to answer it. Whatever
was asked for is bound, never written into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from porion.dicom.query import Alike, OneOf, Pattern, Span, folded
from porion.store.spoken import beginnings, escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from porion.dicom.query import Match
    from porion.services.search_rows import Condition

_LAST = "\U0010ffff"
_NEVER = "1 = 0"


@dataclass
class Binds:
    """The values of a statement, named as they come; ``clinic`` is bound by whoever runs it.

    ``led`` says that something else leads to few items already: each of them is looked at.
    """

    postgresql: bool = False
    led: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def __call__(self, value: Any) -> str:
        """Bind a value; its name as SQL has it."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def in_claim(self, key: str) -> str:
        """A text of the claimed identity."""
        return f"items.claim ->> '{key}'" if self.postgresql else f"json_extract(items.claim, '$.{key}')"


def sql_of(condition: Condition, binds: Binds) -> str:
    """The condition on the tables of its level and of those above it."""
    asked = ATTRIBUTES[condition.keyword]
    return _any([asked(match, binds) for match in condition.matches])


def compared(column: str, match: Match, binds: Binds) -> str:
    """A column held against one match; wildcards do not regard the case of letters."""
    if isinstance(match, OneOf):
        listed = ", ".join(map(binds, match.values))
        return f"{column} IN ({listed})" if listed else _NEVER
    if isinstance(match, Span):
        return _within(column, match, binds)
    if isinstance(match, Pattern):
        if match.is_literal:
            return f"{column} = {binds(match.text)}"
        return _like(f"lower({column})", f"lower({binds(like(match.text))})")
    return _NEVER


def _within(column: str, span: Span, binds: Binds) -> str:
    low = [f"{column} >= {binds(span.low)}"] if span.low is not None else []
    high = [f"{column} <= {binds(span.high)}"] if span.high is not None else []
    return " AND ".join(low + high) or f"{column} IS NOT NULL"


def like(text: str) -> str:
    """A pattern of DICOM as one of LIKE."""
    return escaped(text).replace("*", "%").replace("?", "_")


def _like(column: str, pattern: str) -> str:
    return f"{column} LIKE {pattern} ESCAPE '\\'"


def _any(tests: Sequence[str]) -> str:
    return f"({' OR '.join(tests)})" if tests else _NEVER


def _plain(column: str) -> Callable[[Match, Binds], str]:
    return lambda match, binds: compared(column, match, binds)


def _number(column: str) -> Callable[[Match, Binds], str]:
    return _plain(f"CAST({column} AS TEXT)")


# Items whose shown person passes: the patient where linked, else the claim. As two lists of
# identifiers, for either has its own index; one condition over both would have none.
_CLAIMED = (
    "items.id IN (SELECT items.id FROM items WHERE items.clinic_id = :clinic AND items.state = 'pending' AND"
)
_OR_LINKED = (
    "UNION ALL SELECT items.id FROM patients JOIN items ON items.patient_id = patients.id"
    " WHERE patients.clinic_id = :clinic AND"
)


# The same for an item at hand; the state is written so that no index is used for it.
_IS_THEIRS = "EXISTS (SELECT 1 FROM patients WHERE patients.id = items.patient_id AND"
_OR_IS_CLAIMED = "OR (items.state || '') = 'pending' AND"


def _of_person(binds: Binds, claimed: str, linked: str) -> str:
    if binds.led:
        return f"({_IS_THEIRS} {linked}) {_OR_IS_CLAIMED} {claimed})"
    return f"{_CLAIMED} {claimed} {_OR_LINKED} {linked})"


def _name(match: Match, binds: Binds) -> str:
    return _of_person(binds, _named("items", match, binds), _named("patients", match, binds))


def _named(table: str, match: Match, binds: Binds) -> str:
    if isinstance(match, Alike):
        return " AND ".join(_spoken(f"{table}.search", word, binds) for word in match.words) or _NEVER
    if not isinstance(match, Pattern):
        return _NEVER
    wanted, key = Pattern(folded(match.text).rstrip("^=")), f"{table}.dicom_name"
    pattern = like(wanted.text)
    # Without a group of its own, a pattern may mean any of the three.
    patterns = [pattern] if "=" in wanted.text else [pattern, f"{pattern}=%"]
    if wanted.prefix and wanted.text.isascii():
        span = f"{key} >= {binds(wanted.prefix)} AND {key} < {binds(wanted.prefix + _LAST)}"
        return f"{span} AND {_any([_like(key, binds(one)) for one in patterns])}"
    inner = [f"%={pattern}", f"%={pattern}=%"]
    return _any([_like(key, binds(one)) for one in (*patterns, *inner)])


def in_the_register(condition: Condition, binds: Binds) -> str:
    """The condition on names, on the rows of patients."""
    return _any([_named("patients", match, binds) for match in condition.matches])


def _spoken(column: str, word: str, binds: Binds) -> str:
    ways = (
        " AND ".join(_like(column, binds(f"%{begun}%")) for begun in way) for way in beginnings(word)
    )  # fmt: skip
    return _any([f"({way})" for way in ways])


def _patient_id(match: Match, binds: Binds) -> str:
    claimed = compared("items.dicom_id", match, binds)
    return _of_person(binds, claimed, compared("patients.dicom_id", match, binds))


def _birth_date(match: Match, binds: Binds) -> str:
    claimed = f"replace({binds.in_claim('birth_date')}, '-', '')"
    linked = "replace(CAST(patients.birth_date AS TEXT), '-', '')"
    return _of_person(binds, compared(claimed, match, binds), compared(linked, match, binds))


def _sex(match: Match, binds: Binds) -> str:
    claimed = compared(binds.in_claim("sex"), match, binds)
    return _of_person(binds, claimed, compared("patients.sex", match, binds))


def _modalities(match: Match, binds: Binds) -> str:
    held = "EXISTS (SELECT 1 FROM series AS held WHERE held.study_id = studies.id AND "
    return f"{held}{compared('held.modality', match, binds)})"


ATTRIBUTES: Mapping[str, Callable[[Match, Binds], str]] = {
    "PatientName": _name,
    "PatientID": _patient_id,
    "PatientBirthDate": _birth_date,
    "PatientSex": _sex,
    "StudyInstanceUID": _plain("studies.study_instance_uid"),
    "StudyDate": _plain("studies.day"),
    "StudyTime": _plain("studies.time"),
    # Both as one moment, where that was agreed on (PS3.4 section C.2.2.2.5.2).
    "StudyMoment": _plain("(studies.day || coalesce(studies.time, ''))"),
    "AccessionNumber": _plain("studies.accession_number"),
    "StudyID": _plain("studies.dicom_id"),
    "StudyDescription": _plain("studies.description"),
    "ReferringPhysicianName": _plain("studies.referring_physician"),
    "ModalitiesInStudy": _modalities,
    "SeriesInstanceUID": _plain("series.series_instance_uid"),
    "Modality": _plain("series.modality"),
    "SeriesNumber": _number("series.number"),
    "SeriesDescription": _plain("series.description"),
    "PerformedProcedureStepStartDate": _plain("series.step_day"),
    "PerformedProcedureStepStartTime": _plain("series.step_time"),
    "ScheduledProcedureStepID": _plain("series.scheduled_step_id"),
    "RequestedProcedureID": _plain("series.requested_procedure_id"),
    "SOPInstanceUID": _plain("instances.sop_instance_uid"),
    "SOPClassUID": _plain("instances.sop_class_uid"),
    "InstanceNumber": _number("instances.instance_number"),
}
