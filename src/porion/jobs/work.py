"""What a process does with a job: calls its kind, and notes how it goes and how it ends."""

from __future__ import annotations

import time
from pathlib import PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import structlog

from porion.services.errors import Invalid, PorionError
from porion.services.job_course import (
    MOST_RECOVERIES,
    Cancelled,
    begin,
    end,
    heed,
    note_progress,
)
from porion.services.job_records import JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.services.job_ports import Answer, Kind
    from porion.services.job_records import JobRow
    from porion.services.ports import Porion
    from porion.services.records import Json

    Step = Callable[[str, Callable[[], Any]], Any]

log = structlog.get_logger("porion.jobs")

# Seconds between two notes of progress, and between two looks at whether somebody asked to stop.
_NOTES, _HEEDS = 1.0, 0.5


class Course:
    """See :class:`porion.services.job_ports.Task`."""

    def __init__(self, porion: Porion, clinic_id: str, job: JobRow, step: Step) -> None:
        self.clinic_id = clinic_id
        self.job = job
        self._porion = porion
        self._step = step
        self._noted = float("-inf")
        self._last: Json = {}

    @property
    def resumed(self) -> bool:
        """Whether a process ended at it since it was asked for."""
        return self.job.recoveries > 0

    def once(self, name: str, do: Callable[[], Answer]) -> Answer:
        """Do a step, or answer what it answered when it was done before."""
        answer: Answer = self._step(name, do)
        return answer

    def tell(self, progress: Json) -> None:
        """Note the progress, at most once a second; Cancelled when somebody asked to stop."""
        self._last = progress
        if time.monotonic() - self._noted >= _NOTES:
            self.settle()

    def settle(self) -> None:
        """Note the last progress that was told."""
        self._noted = time.monotonic()
        note_progress(self._porion, self.clinic_id, self.job.id, self._last)

    def pause(self, seconds: float) -> None:
        """Wait; Cancelled when somebody asked to stop."""
        over = time.monotonic() + seconds
        while True:
            heed(self._porion, self.clinic_id, self.job.id)
            left = over - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _HEEDS))


class Work:
    """The jobs of one process. ``step`` does a named step once and remembers its answer."""

    def __init__(self, porion: Porion, kinds: Mapping[str, Kind], runner: str, step: Step) -> None:
        self._porion = porion
        self._kinds = kinds
        self._runner = runner
        self._step = step

    def do(self, clinic_id: str, job_id: str, attempt: int) -> None:
        """Do a job to its end; done again after its process died, it goes on after its last whole step."""
        job = begin(self._porion, clinic_id, job_id, attempt, self._runner)
        if job is None:
            return
        course = Course(self._porion, clinic_id, job, self._step)
        state, result, error = self._run(course)
        end(self._porion, clinic_id, job_id, state, result=result, error=error)

    def _run(self, course: Course) -> tuple[JobState, Json | None, str | None]:
        if course.job.recoveries > MOST_RECOVERIES:
            told = f"Its process ended {course.job.recoveries} times while it was at it; the log may say why."
            return JobState.FAILED, None, told
        try:
            result = self._kind(course.job.kind).run(course)
            course.settle()
        except Cancelled as error:
            return JobState.CANCELLED, None, str(error)
        except PorionError as error:
            return JobState.FAILED, None, str(error)
        except Exception as error:  # noqa: BLE001 - a job's outermost: others go on, and this one says so
            return JobState.FAILED, None, _logged(error, course.job)
        return JobState.DONE, result, None

    def _kind(self, name: str) -> Kind:
        if name not in self._kinds:
            raise Invalid(f"No process of this Porion does jobs of the kind “{name}”: is it an older one?")
        return self._kinds[name]


def _logged(error: Exception, job: JobRow) -> str:
    where = [f"{PurePath(one.filename).name}:{one.lineno}" for one in extract_tb(error.__traceback__)[-8:]]
    log.error("unexpected error", kind=type(error).__name__, job=job.id, where=where)
    return f"Porion made a mistake ({type(error).__name__}); its log has the place under job {job.id}."
