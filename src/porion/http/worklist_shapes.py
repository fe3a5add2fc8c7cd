"""Scheduled steps as the API gives and takes them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from porion.clinic.grade import Grade
from porion.clinic.scheduling import StepState, Template
from porion.dicom.scheduled import ScheduledItem
from porion.http.inbox_shapes import ClaimAnswer, claim_answer
from porion.http.patient_shapes import PatientAnswer, patient_answer
from porion.http.shapes import Id, Json, Shape, Text, Uid
from porion.services.remote_worklist import RemoteStep, Worklists
from porion.services.step_views import StepView
from porion.services.worklist_answers import scheduled_item
from porion.services.worklist_profiles import Traced
from porion.services.worklist_records import PerformedRow, StepFilter

Day = Annotated[str, Field(pattern=r"^(today|\d{4}-\d{2}-\d{2})$", description="A day, or `today`.")]
State = Annotated[StepState, Field(description="Where the step stands.")]


class ScheduleWanted(Shape):
    """Which steps: of one day (`date`), or from one day to another, of a device, a patient, a state."""

    date: Day | None = None
    first_day: Annotated[Day | None, Field(alias="from")] = None
    last_day: Annotated[Day | None, Field(alias="to")] = None
    device: Text | None = None
    patient_id: Id | None = None
    state: list[State] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200

    def narrowed(self) -> StepFilter:
        """As the service takes it."""
        return StepFilter(
            first_day=self.date or self.first_day,
            last_day=self.date or self.last_day,
            patient_id=self.patient_id,
            station_ae=self.device,
            states=frozenset(self.state) if self.state else None,
        )


class CodeParts(Shape):
    """A coded entry: the scheme's designator, the code, what it means."""

    scheme: Annotated[Text, Field(max_length=16)]
    value: Annotated[Text, Field(max_length=16)]
    meaning: Annotated[Text, Field(max_length=64)]


class NewStep(Shape):
    """A step: a category, or a modality with a description; what is left out follows the category."""

    category: Text | None = None
    dicom_modality: Text = ""
    description: Text = ""
    station_ae: Text = ""
    codes: Annotated[list[CodeParts] | None, Field(max_length=20)] = None
    starts_at: datetime | None = None


class NewSchedule(Shape):
    """Steps for a patient: those of a template, or those listed.

    `startsAt` is the clinic's own time unless it has an offset. Without numbers of another system, Porion
    gives an accession number and a Study Instance UID.
    """

    patient_id: Id
    starts_at: datetime
    template: Text | None = None
    steps: list[NewStep] = Field(default_factory=list, max_length=20)
    description: Text = ""
    station_ae: Text = ""
    requested_by: Text = ""
    accession_number: Text = ""
    study_instance_uid: Uid | Literal[""] = ""


class StepEdit(Shape):
    """What is changed of a step; what is left out stays."""

    starts_at: datetime | None = None
    station_ae: Text | None = None
    description: Text | None = None
    dicom_modality: Text | None = None
    requested_by: Text | None = None


class StepAnswer(Shape):
    """A scheduled step of ours and its patient.

    `startsAt` is the clinic's own time, without an offset. `images` are what came back. `source` says who
    ordered it.
    """

    id: str
    state: StepState
    patient: PatientAnswer
    accession_number: str
    study_instance_uid: str
    procedure_id: str
    procedure_description: str
    step_id: str
    description: str
    modality: str | None
    dicom_modality: str
    category: str | None
    codes: list[CodeParts]
    station_ae: str
    starts_at: datetime
    requested_by: str
    source: str
    images: list[str]
    created_at: datetime
    updated_at: datetime


class Steps(Shape):
    """Scheduled steps, the first to start first."""

    items: list[StepAnswer]


class TemplateAnswer(Shape):
    """Steps that are scheduled together."""

    name: str
    description: str
    categories: list[str]


class Templates(Shape):
    """All templates."""

    items: list[TemplateAnswer]


def step_answer(view: StepView) -> StepAnswer:
    """A step and its patient."""
    step = view.step
    own = {name: getattr(step, name) for name in StepAnswer.model_fields if name != "patient"}
    return StepAnswer.model_validate({**own, "patient": patient_answer(view.patient)})


def template_answer(template: Template) -> TemplateAnswer:
    """A template."""
    return TemplateAnswer(
        name=template.name, description=template.description, categories=[*template.categories]
    )


class WorklistsWanted(ScheduleWanted):
    """The same, and which remote nodes are asked beside us: by name or identifier."""

    node: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)


class MatchOfStep(Shape):
    """The patient of the register whom a remote step most likely means, and how sure that is."""

    patient_id: str
    grade: str


class WorklistEntry(Shape):
    """A step of ours, or of a remote node: then `node` names it, and `match` says whose it may be."""

    node: str | None
    id: str | None
    state: str
    claimed_identity: ClaimAnswer
    match: MatchOfStep | None
    accession_number: str
    study_instance_uid: str
    procedure_id: str
    procedure_description: str
    step_id: str
    description: str
    dicom_modality: str
    station_ae: str
    starts_at: str
    requested_by: str
    codes: list[CodeParts]


class NodeOutcomeAnswer(Shape):
    """How one node answered; `capped` says that it has more."""

    node: str
    answers: int
    capped: bool
    error: str | None


class WorklistAnswer(Shape):
    """Ours and remote steps, the first to start first, and how each node answered."""

    items: list[WorklistEntry]
    outcomes: list[NodeOutcomeAnswer]


def worklist_answer(found: Worklists) -> WorklistAnswer:
    """Everything in one list."""
    ours = [_ours(view) for view in found.ours]
    items = [*ours, *map(_remote, found.remote)]
    return WorklistAnswer(
        items=sorted(items, key=lambda one: one.starts_at),
        outcomes=[NodeOutcomeAnswer.model_validate(one) for one in found.outcomes],
    )


def _ours(view: StepView) -> WorklistEntry:
    match = MatchOfStep(patient_id=view.patient.id, grade=Grade.CERTAIN)
    return _entry(scheduled_item(view), node=None, id=view.step.id, state=view.step.state, match=match)


def _remote(one: RemoteStep) -> WorklistEntry:
    match = None
    if one.patient_id is not None and one.grade is not None:
        match = MatchOfStep(patient_id=one.patient_id, grade=one.grade)
    return _entry(one.item, node=one.node, id=None, state=one.item.state.lower(), match=match)


def _entry(item: ScheduledItem, **said: object) -> WorklistEntry:
    own = {name: getattr(item, name) for name in WorklistEntry.model_fields if hasattr(item, name)}
    return WorklistEntry.model_validate({**own, "claimed_identity": claim_answer(item.claim), **said})


class ProfileEdit(Shape):
    """What is changed of how a device's queries are answered; what is left out stays."""

    stations: Literal["asked", "own", "all"] | None = None
    character_set: Text | None = None
    days_back: int | None = None
    days_ahead: int | None = None


class ProfileAnswer(Shape):
    """How a device's queries are answered.

    `stations`: as it asks, its own AE title's, or all. `characterSet` is what it can read, empty: what it
    says itself. Where it names no day it gets the steps from `daysBack` ago to `daysAhead`.
    """

    stations: str
    character_set: str
    days_back: int
    days_ahead: int


class QueryAnswer(Shape):
    """A query of a device: its keys and values, how many steps it got, and why in sentences."""

    at: datetime
    keys: list[list[str]]
    answered: int
    told: list[str]


class DeviceWorklist(Shape):
    """How a device's worklist queries are answered, whether it may ask, and what it asked lately."""

    ae_title: str
    may_ask: bool
    profile: ProfileAnswer
    queries: list[QueryAnswer]


def traced_answer(traced: Traced) -> DeviceWorklist:
    """A device's worklist."""
    return DeviceWorklist(
        ae_title=traced.device.ae_title,
        may_ask=traced.may_ask,
        profile=ProfileAnswer.model_validate(traced.profile, extra="ignore"),
        queries=[QueryAnswer.model_validate(one, extra="ignore") for one in traced.queries],
    )


class PerformedAnswer(Shape):
    """What a device reported of its work: `steps` are the scheduled ones that it performed, if any.

    `dose` has observations of the whole step (`total`) and of each exposure (`exposures`).
    """

    id: str
    sop_instance_uid: str
    device_id: str
    state: str
    steps: list[str]
    facts: Json
    dose: Json
    created_at: datetime
    updated_at: datetime


class PerformedSteps(Shape):
    """A page of what devices reported, newest first."""

    items: list[PerformedAnswer]
    next_cursor: str | None


def performed_answer(row: PerformedRow) -> PerformedAnswer:
    """What a device reported."""
    return PerformedAnswer.model_validate(row)
