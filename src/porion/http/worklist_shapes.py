"""Scheduled steps as the API gives and takes them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from porion.clinic.scheduling import StepState, Template
from porion.http.patient_shapes import PatientAnswer, patient_answer
from porion.http.shapes import Id, Shape, Text, Uid
from porion.services.step_views import StepView
from porion.services.worklist_records import StepFilter

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
