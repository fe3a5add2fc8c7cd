"""Images and exposures as the API gives them; the names are those of the clinic's data model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from pydantic.alias_generators import to_camel

from porion.dicom.category import Category, Kind
from porion.dicom.exposure import Exposure
from porion.http.shapes import Json, Page, Shape, State, Text, Uid
from porion.services.exposures import ExposureView
from porion.services.images import ImageView
from porion.services.records import ImageRow


class ImagesWanted(Page):
    """What the list of images is narrowed to; ``studyId`` is the Study Instance UID."""

    patient_id: Text | None = None
    pending_id: Text | None = None
    status: State | None = None
    category: Category | None = None
    file_type: Kind | None = None
    needs_review: bool | None = None
    study_id: Uid | None = None


class ProblemNote(Shape):
    """Something repaired or unreadable: where (a tag's path, or null for the whole), and why."""

    tag: str | None
    reason: str


class CategoryEvidence(Shape):
    """A rule that fired, the category that it speaks for, how strongly, and on what."""

    rule: str
    category: str | None
    weight: float
    values: list[str]
    source: str


class Source(Shape):
    """Where an image came from; ``path`` is a label, never a path to open."""

    device: str | None
    ae_title: str | None
    path: str
    door: str


class PixelSpacing(Shape):
    """Millimetres between pixel centres, down the rows and along the columns, and what they rest on."""

    mm: tuple[float, float] | None
    basis: str
    reason: str


class VolumeAnswer(Shape):
    """Whether the slices make a volume; ``spacing`` is between rows, columns and slices, in mm."""

    verdict: str
    summary: str
    slices: int
    missing: int
    spacing: tuple[float, float, float] | None


class ExposureNumbers(Shape):
    """One irradiation event in canonical units; null is unknown, and ``missing`` says why."""

    event_uid: str | None
    event_uid_source: str
    started_at: datetime | None
    dap_mgycm2: float | None
    entrance_mgy: float | None
    ctdivol_mgy: float | None
    dlp_mgycm: float | None
    kvp: float | None
    tube_ma: float | None
    time_ms: float | None
    mas: float | None
    missing: dict[str, str]
    problems: list[ProblemNote]


class DoseObservation(Shape):
    """A number as it was found: what was written, what it was taken for, and whether it is the one used."""

    quantity: str
    raw_text: str
    raw_unit: str
    value: float | None
    unit_status: str
    source: str
    tag: str
    rule: str
    reason: str
    used: bool


class ImageAnswer(Shape):
    """An image. ``radiationDose`` stands beside its unit and kind, or is null and ``exposure`` says why."""

    id: str
    patient_id: str | None
    pending_id: str
    status: str
    file_type: str
    category: str | None
    category_confidence: float
    category_evidence: list[CategoryEvidence]
    needs_review: bool
    corrected_by: str | None
    modality: str | None
    dicom_modality: str | None
    study_id: str
    series_id: str
    instance_id: str | None
    radiation_dose: float | None
    radiation_dose_unit: str | None
    radiation_dose_kind: str | None
    exposure: ExposureNumbers | None
    acquired_at: str | None
    received_at: datetime
    source: Source
    rows: int | None
    columns: int | None
    frames: int
    slices: int | None
    volume: VolumeAnswer | None
    pixel_spacing: PixelSpacing | None
    laterality: str | None
    teeth: list[int]
    problems: list[ProblemNote]


class InstanceAnswer(Shape):
    """One instance of an image."""

    sop_instance_uid: str
    sop_class_uid: str
    instance_number: int | None
    frames: int
    size: int
    transfer_syntax: str
    received_at: datetime


class ImageDetail(ImageAnswer):
    """One image with its instances and its header; ``dicomData`` is of its first instance."""

    instances: list[InstanceAnswer]
    observations: list[DoseObservation]
    dicom_data: Annotated[Json, Field(description="DICOM JSON Model (PS3.18 annex F), bulk data left out.")]


class Images(Shape):
    """A page of images, newest first."""

    items: list[ImageAnswer]
    next_cursor: str | None


class ExposedImage(Shape):
    """The image that shows an exposure."""

    id: str
    category: str | None
    modality: str | None
    acquired_at: str | None


class ExposureAnswer(ExposureNumbers):
    """An exposure of a patient with everything that was observed of its dose."""

    id: str
    radiation_dose: float | None
    radiation_dose_unit: str | None
    radiation_dose_kind: str | None
    image: ExposedImage
    observations: list[DoseObservation]


class Exposures(Shape):
    """A patient's exposures, newest first."""

    items: list[ExposureAnswer]


class Correction(Shape):
    """What a person says that an image shows."""

    category: Text


def image_answer(view: ImageView) -> ImageAnswer:
    """One image of a list."""
    return ImageAnswer.model_validate(_image_fields(view))


def image_detail(view: ImageView, dicom_data: Mapping[str, Any]) -> ImageDetail:
    """One image with everything that belongs to it."""
    return ImageDetail.model_validate(
        {
            **_image_fields(view),
            "instances": list(view.instances),
            "observations": list(view.exposure.observations) if view.exposure else [],
            "dicom_data": dict(dicom_data),
        }
    )


def exposure_answer(view: ExposureView) -> ExposureAnswer:
    """One exposure of a patient."""
    return ExposureAnswer.model_validate(
        {
            **_numbers(view.exposure),
            **_dose(view.exposure),
            "id": view.id,
            "image": view.image,
            "observations": list(view.exposure.observations),
        }
    )


# What the API names as the row does.
_SAME = tuple(ImageAnswer.model_fields.keys() & set(ImageRow.__dataclass_fields__) - {"volume", "problems"})


def _image_fields(view: ImageView) -> Json:
    image, volume = view.image, view.image.volume
    return {
        **{name: getattr(image, name) for name in _SAME},
        **_dose(view.exposure),
        "patient_id": view.item.patient_id,
        "pending_id": view.item.id,
        "status": view.item.state,
        "study_id": view.study.study_instance_uid,
        "series_id": view.series.series_instance_uid,
        "exposure": _numbers(view.exposure) if view.exposure else None,
        "volume": {name: volume[name] for name in VolumeAnswer.model_fields} if volume else None,
        "problems": [*image.problems, *(volume["problems"] if volume else [])],
    }


def _dose(exposure: Exposure | None) -> Json:
    dose = exposure.radiation_dose if exposure else None
    return {
        "radiation_dose": dose.value if dose else None,
        "radiation_dose_unit": dose.unit if dose else None,
        "radiation_dose_kind": dose.kind if dose else None,
    }


def _numbers(exposure: Exposure) -> Json:
    stated = {name: getattr(exposure, name) for name in ExposureNumbers.model_fields}
    return {**stated, "missing": {to_camel(quantity): reason for quantity, reason in exposure.missing}}
