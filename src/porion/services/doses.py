"""What the clinic's exposures cost: figures of groups, and the log of every single one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.dose_figures import DOSES, DoseGroup, DoseSample, Figures, age_at, dose_groups, figures
from porion.clinic.permissions import Action, Actor
from porion.services.errors import Invalid, must
from porion.services.reference_levels import reference_levels
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from porion.clinic.dose_figures import ReferenceLevel
    from porion.clinic.patient import Patient
    from porion.services.ports import Porion
    from porion.services.records import LoggedExposure


# With the last day a year.
_YEAR = timedelta(days=364)
_YEARS = range(1895, 3000)


@dataclass(frozen=True, slots=True)
class ClinicDoses:
    """The figures of a clinic's exposures of some days, both included, all together and in groups.

    ``levels`` are the reference levels against which the clinic holds the medians of its groups.
    """

    first: date
    last: date
    all: Figures
    groups: tuple[DoseGroup, ...]
    levels: Sequence[ReferenceLevel]


class LogLine(NamedTuple):
    """An exposure of the log with its patient, as far as somebody linked it."""

    logged: LoggedExposure
    patient: Patient | None

    @property
    def device(self) -> str:
        """Maker, model and station as the header states them, else the AE title of the sender."""
        source = self.logged.source
        return str(source.get("device") or source.get("aeTitle") or "")

    @property
    def age(self) -> int | None:
        """The patient's at that time, in completed years; None where the time is that of the receipt."""
        if self.patient is None or self.logged.dated_by == "receipt":
            return None
        return age_at(self.patient.birth_date, self.logged.day)


def days_of(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """First and last day of what somebody asked for: up to today, and a year of days, unless they said.

    Invalid for a day on which there were no X-rays, or will be none for long.
    """
    for day in filter(None, (first, last)):
        if not _YEARS.start <= day.year < _YEARS.stop:
            raise Invalid(f"{day} is no day of an exposure; the years go from 1895 to 2999.")
    until = last or today
    return first or until - _YEAR, until


def see_doses(porion: Porion, actor: Actor, first: date, last: date) -> ClinicDoses:
    """The figures of all exposures of these days; Invalid when the last lies before the first.

    What somebody rejected is nobody's here, such as a phantom or another practice's image: it counts in the
    log alone.
    """
    must(actor, Action.SEE_EXPOSURES)
    lines = _lines(porion, actor, first, last)
    samples = [_sample(line) for line in lines if line.logged.state != "quarantined"]
    levels = [level for _, level in reference_levels(porion, actor)]
    return ClinicDoses(first, last, figures(samples), dose_groups(samples), levels)


def export_doses(porion: Porion, actor: Actor, first: date, last: date, *, named: bool) -> Sequence[LogLine]:
    """Every exposure of these days in the order in which they were made, for a file that leaves the clinic.

    ``named`` says that the file names the patients, which the audit trail keeps.
    """
    must(actor, Action.EXPORT_EXPOSURES)
    lines = _lines(porion, actor, first, last)
    days = {"from": first.isoformat(), "to": last.isoformat()}
    show(porion, actor, "exposures exported", ("clinic", actor.clinic_id), {**days, "named": named})
    return lines


def _lines(porion: Porion, actor: Actor, first: date, last: date) -> Sequence[LogLine]:
    if last < first:
        raise Invalid(f"The last day, {last}, lies before the first one, {first}.")
    with porion.store.read(actor.clinic_id) as tx:
        made = tx.exposures.made_between(first, last)
        patients = tx.patients.by_id({one.patient_id for one in made if one.patient_id})
    return [LogLine(one, patients.get(one.patient_id or "")) for one in made]


def _sample(line: LogLine) -> DoseSample:
    exposure = line.logged.exposure
    stated = {quantity: getattr(exposure, quantity) for quantity in DOSES}
    doses = {quantity: value for quantity, value in stated.items() if value is not None}
    return DoseSample(line.device, line.logged.category, line.logged.day, line.age, doses)
