from __future__ import annotations

import json

from starlette.testclient import TestClient

from porion.clinic.permissions import Role
from porion.services.job_course import begin, end
from porion.services.job_records import JobState
from porion.services.jobs import ask_for
from tests.http.house import House

JOBS = "/api/jobs"


def a_job(house: House, key: str = "key") -> str:
    world = house.world
    with world.porion.store.write(world.clinic_id) as tx:
        return ask_for(world.porion, tx, "anna", ("test", key), f"about {key}", {"n": 1}).id


def test_jobs_are_listed_by_pages_seen_and_cancelled(house: House, admin: TestClient) -> None:
    first, second = a_job(house, "1"), a_job(house, "2")
    page = admin.get(JOBS, params={"limit": 1}).json()
    assert [one["id"] for one in page["items"]] == [second]
    page = admin.get(JOBS, params={"limit": 1, "cursor": page["nextCursor"]}).json()
    assert [one["id"] for one in page["items"]] == [first]
    assert admin.get(JOBS, params={"state": "done"}).json()["items"] == []
    assert admin.get(f"{JOBS}/{first}").json()["arguments"] == {"n": 1}
    assert admin.post(f"{JOBS}/{first}/cancel").json()["state"] == "cancelled"
    assert admin.post(f"{JOBS}/{first}/cancel").status_code == 409
    assert admin.post(f"{JOBS}/{first}/retry").json()["attempt"] == 2


def test_somebody_elses_job_is_not_found(house: House) -> None:
    job = a_job(house)
    clinician = house.holder(Role.CLINICIAN)
    assert clinician.get(f"{JOBS}/{job}").status_code == 404
    assert clinician.get(f"{JOBS}/{job}/events").status_code == 404
    assert clinician.get(JOBS).json()["items"] == []


def test_progress_is_a_stream_that_ends_with_the_job(house: House, admin: TestClient) -> None:
    job, world = a_job(house), house.world
    begin(world.porion, world.clinic_id, job, 1, "me")
    seen = []
    with admin.stream("GET", f"{JOBS}/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        end(world.porion, world.clinic_id, job, JobState.DONE, result={"n": 1}, error=None)
        seen += [json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: ")]
    assert seen[-1]["state"] == "done"
    assert seen[-1]["result"] == {"n": 1}
