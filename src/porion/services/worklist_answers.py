"""What a device gets for a worklist query, and the trace that says why it got no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from porion.clinic.scheduling import OPEN, StepState
from porion.dicom.codes import Code
from porion.dicom.person import ClaimedIdentity, Identifier
from porion.dicom.scheduled import ScheduledItem, asked_of, write_item
from porion.services.step_views import views_of
from porion.services.trail import record
from porion.services.worklist_narrowing import STATION, Narrowing, days_asked, keys_of, listed
from porion.services.worklist_records import ProfileRow, QueryRow, StepFilter, StepRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.clinic.patient import Patient
    from porion.dicom.elements import Elements
    from porion.services.ports import Porion, Transaction
    from porion.services.step_views import StepView
    from porion.services.worklist_narrowing import Key

MOST_ANSWERS = 1_000
QUERIES_KEPT = 100
"""Of each device."""

# PS3.3 table C.4-10 has these words; what is in progress has begun.
STATUSES: Mapping[StepState, str] = {StepState.SCHEDULED: "SCHEDULED", StepState.IN_PROGRESS: "STARTED"}


@dataclass(frozen=True, slots=True)
class Asker:
    """The device that asks, and the AE title by which it calls itself."""

    clinic_id: str
    device_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answers, each with what was asked for, and the character set that the device can read."""

    items: Sequence[Elements]
    character_set: str


def answer_worklist(porion: Porion, asker: Asker, identifier: Elements) -> Answer:
    """The open steps that a device's keys match; durable in trace and audit trail when this returns."""
    with porion.store.write(asker.clinic_id) as tx:
        profile = tx.worklist.profile(asker.device_id) or ProfileRow(asker.device_id)
        keys = keys_of(identifier)
        span, told = _span(porion, profile, keys)
        wanted = StepFilter(*span, states=frozenset(OPEN))
        views = {one.step.id: one for one in views_of(tx, tx.worklist.list(wanted, MOST_ANSWERS))}
        narrowing = Narrowing({number: _whole(view, asker) for number, view in views.items()})
        told.append(_open_then(tx, len(views), span[1]))
        narrowing.by(_for_its_stations(profile, asker, keys, narrowing))
        found = [asked_of(identifier, whole) for whole in narrowing.left.values()]
        _note(
            porion,
            tx,
            asker,
            identifier,
            [views[one].step for one in narrowing.left],
            [*told, *narrowing.told],
        )
    return Answer(found, profile.character_set)


def _span(porion: Porion, profile: ProfileRow, keys: Sequence[Key]) -> tuple[tuple[str, str], list[str]]:
    asked = days_asked(keys)
    if asked is not None:
        return asked, [
            f"It asks for {asked[0]} to {asked[1]}." if asked[0] != asked[1] else f"It asks for {asked[0]}."
        ]
    today = porion.now().astimezone().date()
    first, last = today - timedelta(days=profile.days_back), today + timedelta(days=profile.days_ahead)
    return (first.isoformat(), last.isoformat()), [
        f"It names no day: it gets {first} to {last}, as is set for it."
    ]


def _open_then(tx: Transaction, count: int, last_day: str) -> str:
    if count == MOST_ANSWERS:
        return f"More steps are open then than are looked at, which are the first {count}."
    return f"Open then: {count}.{'' if count else _next(tx, last_day)}"


def _next(tx: Transaction, after: str) -> str:
    following = tx.worklist.list(StepFilter(first_day=after, states=frozenset(OPEN)), 1)
    if not following:
        return " None is later, either."
    return f" The next one after that starts {following[0].starts_at.replace('T', ' ')[:16]}."


def _for_its_stations(
    profile: ProfileRow, asker: Asker, keys: Sequence[Key], narrowing: Narrowing
) -> Sequence[Key]:
    """The keys that are left to match when a profile says whose steps a device gets."""
    if profile.stations == "asked":
        return keys
    whose = "every station" if profile.stations == "all" else "its own AE title"
    narrowing.told.append(f"It gets the steps of {whose}, as is set for it.")
    if profile.stations == "own":
        own = {one: whole for one, whole in narrowing.left.items() if _station(whole) == asker.title}
        narrowing.told.append(
            f"{len(own)} of {len(narrowing.left)} are for {asker.title} or for any station."
        )
        narrowing.left = own
    return [key for key in keys if key.name != STATION]


def _station(whole: Elements) -> str:
    return whole.items_of("ScheduledProcedureStepSequence")[0].text(STATION) or ""


def _whole(view: StepView, asker: Asker) -> Elements:
    """A step as a whole answer; one for any station is for whoever asks, since it must name one."""
    item = scheduled_item(view)
    return write_item(item if item.station_ae else replace(item, station_ae=asker.title))


def scheduled_item(view: StepView) -> ScheduledItem:
    """A step as worklists tell of it."""
    step, state = view.step, StepState(view.step.state)
    return ScheduledItem(
        claim=_identity(view.patient),
        accession_number=step.accession_number,
        study_instance_uid=step.study_instance_uid,
        procedure_id=step.procedure_id,
        procedure_description=step.procedure_description or step.description,
        step_id=step.step_id,
        description=step.description,
        dicom_modality=step.dicom_modality,
        station_ae=step.station_ae,
        starts_at=step.starts_at,
        requested_by=step.requested_by,
        codes=tuple(Code(one["scheme"], one["value"], one["meaning"]) for one in step.codes),
        state=STATUSES.get(state, state.upper()),
    )


def _identity(patient: Patient) -> ClaimedIdentity:
    # Patient ID must not be empty (PS3.4 table K.6-1): who has none is known by the register's own.
    ids = patient.identifiers or (Identifier(patient.id, "PORION"),)
    return ClaimedIdentity(patient.name, identifiers=ids, birth_date=patient.birth_date, sex=patient.sex)


def _note(
    porion: Porion,
    tx: Transaction,
    asker: Asker,
    identifier: Elements,
    steps: Sequence[StepRow],
    told: Sequence[str],
) -> None:
    row = QueryRow(
        porion.new_id(), asker.device_id, porion.now(), list(listed(identifier)), len(steps), [*told]
    )
    tx.worklist.add_query(row, QUERIES_KEPT)
    if steps:
        detail = {"steps": [step.id for step in steps]}
        record(porion, tx, asker.title, "worklist answered", ("device", asker.device_id), detail)
