"""Images: the list, one of them, its tags, its file, and what it shows."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse

from porion.dicom.json_model import readable_rows, to_dicom_json
from porion.http.access import GuardedRoute
from porion.http.dicom_files import DICOM_FILE, a_file
from porion.http.image_shapes import (
    Correction,
    ImageAnswer,
    ImageDetail,
    Images,
    ImagesWanted,
    image_answer,
    image_detail,
)
from porion.http.inbox_shapes import DecisionAnswer, decision_answer
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Shape, Uid, next_cursor
from porion.services.history import see_history
from porion.services.images import correct_category, list_images, open_file, see_header, see_image
from porion.services.pictures import THUMBNAIL, see_picture
from porion.services.records import ImageFilter

router = APIRouter(prefix="/api/imaging/images", tags=["images"], route_class=GuardedRoute)

Instance = Annotated[Uid | None, Query(description="A SOP Instance UID; the image's first instance without.")]


_JPEG: Any = {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}


class Decisions(Shape):
    """A history, oldest first."""

    items: list[DecisionAnswer]


class TagLine(Shape):
    """One line of the tag list; ``depth`` counts the sequences around it."""

    path: str
    tag: str
    keyword: str
    name: str
    vr: str
    value: str
    private: bool
    depth: int


class Tags(Shape):
    """All attributes in the order of the file."""

    rows: list[TagLine]


@router.get("")
def list_all(door: TheDoor, actor: Who, wanted: Annotated[ImagesWanted, Query()]) -> Images:
    """Images that pass the filter, newest first."""
    narrowed = ImageFilter(
        patient_id=wanted.patient_id,
        item_id=wanted.pending_id,
        study_id=wanted.study_id,
        status=wanted.status,
        category=wanted.category,
        file_type=wanted.file_type,
        needs_review=wanted.needs_review,
    )
    views = list_images(door.porion, actor, narrowed, after=wanted.cursor, limit=wanted.limit)
    cursor = next_cursor([view.image for view in views], wanted)
    return Images(items=[image_answer(view) for view in views], next_cursor=cursor)


@router.get("/{image_id}")
def see_one(door: TheDoor, actor: Who, image_id: PathId) -> ImageDetail:
    """One image with its instances and the full header of the first."""
    view = see_image(door.porion, actor, image_id)
    header = see_header(door.porion, actor, image_id)
    return image_detail(view, to_dicom_json(header.data_set))


@router.get("/{image_id}/tags", response_model=Tags)
def read_tags(
    door: TheDoor,
    actor: Who,
    image_id: PathId,
    instance: Instance = None,
    form: Literal["rows", "dicom"] = "rows",
) -> Tags | JSONResponse:
    """An instance's attributes, as rows for people or as DICOM JSON (PS3.18 annex F)."""
    header = see_header(door.porion, actor, image_id, instance)
    if form == "dicom":
        return JSONResponse(to_dicom_json(header.data_set), media_type="application/dicom+json")
    return Tags(rows=[TagLine.model_validate(row) for row in readable_rows(header.data_set)])


@router.get("/{image_id}/file", response_class=StreamingResponse, responses=DICOM_FILE)
def fetch_file(door: TheDoor, actor: Who, image_id: PathId, instance: Instance = None) -> StreamingResponse:
    """An instance's file as it came, its preamble zeroed; under a name of ours."""
    return a_file(*open_file(door.porion, actor, image_id, instance))


@router.get("/{image_id}/picture", response_class=Response, responses=_JPEG)
def fetch_picture(
    door: TheDoor, actor: Who, image_id: PathId, size: Annotated[int, Query(ge=16, le=2048)] = THUMBNAIL
) -> Response:
    """A JPEG of the image that fits into a square of ``size`` pixels; of a volume its slice in the middle."""
    return Response(see_picture(door.porion, actor, image_id, size), media_type="image/jpeg")


@router.get("/{image_id}/decisions")
def history(door: TheDoor, actor: Who, image_id: PathId) -> Decisions:
    """What was decided about the image and its item, oldest first."""
    rows = see_history(door.porion, actor, image_id)
    return Decisions(items=[decision_answer(row) for row in rows])


@router.post("/{image_id}/category")
def correct(door: TheDoor, actor: Who, image_id: PathId, body: Correction) -> ImageAnswer:
    """Say what an image shows; later images of the same device and protocol propose it."""
    return image_answer(correct_category(door.porion, actor, image_id, body.category))
