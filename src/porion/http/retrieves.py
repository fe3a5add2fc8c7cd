"""Retrieving from remote nodes: a job for each study."""

from fastapi import APIRouter, Response

from porion.http.access import GuardedRoute
from porion.http.jobs import JobAnswer, job_answer
from porion.http.params import TheDoor, Who
from porion.http.shapes import Shape, Text
from porion.services.retrieval import Request, ask_retrieve

router = APIRouter(prefix="/api/imaging/dicom", tags=["remote nodes"], route_class=GuardedRoute)


class Retrieval(Shape):
    """A study of a node (by name or identifier), or one series of it."""

    node: Text
    study_instance_uid: Text
    series_instance_uid: Text = ""


@router.post("/retrieve", status_code=202)
def retrieve(door: TheDoor, actor: Who, body: Retrieval, response: Response) -> JobAnswer:
    """Retrieve a study; its job is answered, that of an earlier request if that is not finished."""
    request = Request(body.node, body.study_instance_uid, body.series_instance_uid)
    row = ask_retrieve(door.porion, actor, request)
    response.headers["Location"] = f"/api/jobs/{row.id}"
    return job_answer(row)
