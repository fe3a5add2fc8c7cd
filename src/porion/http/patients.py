"""The register of patients."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.door import Door
from porion.http.image_shapes import Exposures, exposure_answer
from porion.http.params import PathId, TheDoor, Who
from porion.http.patient_shapes import (
    AlikeAnswer,
    EditedPatient,
    ImportedPatients,
    MergeRequest,
    NewPatient,
    PatientAnswer,
    Patients,
    PatientsWanted,
    RelationsAnswer,
    RowAnswer,
    UnmergedAnswer,
    UnmergeRequest,
    VetoAnswer,
    patient_answer,
    patient_of,
)
from porion.http.shapes import next_cursor
from porion.http.uploads import TABLE_BODY, UploadedTable
from porion.services.errors import Invalid
from porion.services.exposures import see_exposures
from porion.services.find_patients import find_patients
from porion.services.import_patients import RowReport, import_patients
from porion.services.merge import merge_patients, unmerge
from porion.services.patients import (
    add_patient,
    edit_patient,
    list_patients,
    see_patient,
)
from porion.services.relations import see_relations

router = APIRouter(prefix="/api/patients", tags=["patients"], route_class=GuardedRoute)


@router.get("")
def list_all(door: TheDoor, actor: Who, wanted: Annotated[PatientsWanted, Query()]) -> Patients:
    """Patients whose names or identifiers contain every word; a page searches by POST instead.

    A name in an address ends in histories and in the logs of proxies.
    """
    return _listed(door, actor, wanted)


@router.post("/search")
def search(door: TheDoor, actor: Who, wanted: PatientsWanted) -> Patients:
    """Find patients by words, by birth date, and by names that only sound alike.

    The words are in the body, where no log keeps them. Those who carry them come first, then those who
    may have been meant; without words, or with a cursor, it is the plain list.
    """
    if wanted.q is None or wanted.cursor is not None:
        return _listed(door, actor, wanted)
    found = find_patients(door.porion, actor, wanted.q, wanted.limit)
    return Patients(items=[patient_answer(patient) for patient in found], next_cursor=None)


def _listed(door: Door, actor: Actor, wanted: PatientsWanted) -> Patients:
    found = list_patients(door.porion, actor, words=wanted.q, after=wanted.cursor, limit=wanted.limit)
    items = [patient_answer(patient) for patient in found]
    return Patients(items=items, next_cursor=next_cursor(found, wanted))


@router.post("", status_code=201)
def add(door: TheDoor, actor: Who, body: NewPatient) -> PatientAnswer:
    """Add a patient to the register."""
    return patient_answer(add_patient(door.porion, actor, patient_of(body)))


@router.post("/import", openapi_extra=TABLE_BODY)
def import_register(
    door: TheDoor,
    actor: Who,
    uploads: UploadedTable,
    *,
    dry_run: Annotated[bool, Query(alias="dryRun")] = False,
) -> ImportedPatients:
    """Bring a register in from CSV; with ``dryRun`` only say what would become of every row."""
    if len(uploads) != 1:
        raise Invalid(f"Send one table at a time, not {len(uploads)}.")
    table = door.read_csv(uploads[0].path.read_bytes())
    reports = import_patients(door.porion, actor, table.rows, dry_run=dry_run)
    return ImportedPatients(
        dry_run=dry_run,
        encoding=table.encoding,
        delimiter=table.delimiter,
        date_format=table.date_format,
        ignored=list(table.ignored),
        summary=_summary(reports),
        rows=[RowAnswer.model_validate(report) for report in reports],
    )


def _summary(reports: Sequence[RowReport]) -> dict[str, int]:
    return Counter(report.result.value for report in reports)


@router.get("/{patient_id}")
def see_one(door: TheDoor, actor: Who, patient_id: PathId) -> PatientAnswer:
    """One patient; a merged one too, which says where it went."""
    return patient_answer(see_patient(door.porion, actor, patient_id))


@router.put("/{patient_id}")
def edit(door: TheDoor, actor: Who, patient_id: PathId, body: EditedPatient) -> PatientAnswer:
    """Write a patient's whole new state; refused as stale when somebody else edited meanwhile."""
    return patient_answer(edit_patient(door.porion, actor, patient_of(body, patient_id, body.version)))


@router.post("/{patient_id}/merge")
def merge(door: TheDoor, actor: Who, patient_id: PathId, body: MergeRequest) -> PatientAnswer:
    """Make two entries one person: images, identifiers and names move to the one in the address."""
    return patient_answer(merge_patients(door.porion, actor, patient_id, body.other_id, body.reason))


@router.post("/{patient_id}/unmerge")
def take_apart(door: TheDoor, actor: Who, patient_id: PathId, body: UnmergeRequest) -> UnmergedAnswer:
    """Take the merge back in which this entry went: it comes back with its images, names and IDs."""
    answer = unmerge(door.porion, actor, patient_id, body.reason)
    return UnmergedAnswer(
        decision_id=answer.decision.id,
        stays=patient_answer(answer.stays),
        back=patient_answer(answer.back),
        moved=list(answer.moved),
        kept=list(answer.kept),
    )


@router.get("/{patient_id}/relations")
def relations(door: TheDoor, actor: Who, patient_id: PathId) -> RelationsAnswer:
    """Who may be taken for this patient (twins, siblings, doubles), and who was merged into them."""
    found = see_relations(door.porion, actor, patient_id)
    return RelationsAnswer(
        merged=[patient_answer(one) for one in found.merged],
        alike=[
            AlikeAnswer(
                grade=one.grade.value,
                patient=patient_answer(one.patient),
                vetoes=[VetoAnswer.model_validate(veto) for veto in one.vetoes],
            )
            for one in found.alike
        ],
    )


@router.get("/{patient_id}/exposures")
def exposures(door: TheDoor, actor: Who, patient_id: PathId) -> Exposures:
    """A patient's exposures, newest first, each with the evidence for its numbers."""
    views = see_exposures(door.porion, actor, patient_id)
    return Exposures(items=[exposure_answer(view) for view in views])
