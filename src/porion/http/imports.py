"""Bringing images in over HTTP."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.door import Door
from porion.http.params import TheDoor, Who
from porion.http.problems import problem
from porion.http.shapes import Shape
from porion.http.uploads import FILES_BODY, UploadedFiles
from porion.services.errors import OutOfSpace, StorageFailed
from porion.services.import_files import import_found
from porion.services.incoming import Found

router = APIRouter(prefix="/api/imaging/dicom", tags=["import"], route_class=GuardedRoute)


class OutcomeAnswer(Shape):
    """What became of one file; ``reason`` says why if that needs a reason."""

    path: str
    outcome: str
    reason: str | None
    sop_instance_uid: str | None
    image_id: str | None
    category: str | None


class Imported(Shape):
    """What became of every file, and how many there were of each outcome."""

    outcomes: list[OutcomeAnswer]
    summary: dict[str, int]


@router.post("/import", response_model=Imported, openapi_extra=FILES_BODY)
def import_files(
    door: TheDoor, actor: Who, request: Request, uploads: UploadedFiles
) -> Imported | JSONResponse:
    """Bring in DICOM files and ZIP archives: every part with a file name, whatever its field's name.

    Each file found has an outcome, given only when the file is safe. When the disk refuses in between,
    the problem carries the outcomes that were safe before.
    """
    found = chain.from_iterable(door.unpack(upload.path, upload.label) for upload in uploads)
    return imported(door, actor, request, found)


def imported(door: Door, actor: Actor, request: Request, found: Iterable[Found]) -> Imported | JSONResponse:
    """What became of the files that were found; those that were safe before the disk refused, too."""
    told: list[OutcomeAnswer] = []
    counts: Counter[str] = Counter()
    try:
        for outcome in import_found(door.porion, actor, "http", found):
            counts[outcome.outcome.value] += 1
            told.append(OutcomeAnswer.model_validate(outcome))
    except (OutOfSpace, StorageFailed) as error:
        safe = Imported(outcomes=told, summary=counts)
        return problem(request, error, **safe.model_dump(mode="json"))
    return Imported(outcomes=told, summary=counts)
