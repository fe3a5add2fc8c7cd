"""What a device does on the network beside sending: it fetches its worklist and reports what it performs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    ModalityPerformedProcedureStep,
    ModalityWorklistInformationFind,
)

from porion.clinic.scheduling import PROCEDURES
from porion.emulator.sender import NotReceived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pynetdicom.association import Association

    from porion.emulator.devices import Visit

_PENDING = (0xFF00, 0xFF01)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Modality:
    """A device on the network: who it calls, where, and how both are called."""

    host: str
    port: int
    calling: str
    called: str

    def worklist(self, at: datetime) -> list[Dataset]:
        """What is scheduled for it from the day before to the day after; NotReceived when nobody tells."""
        query = _query(f"{at - _DAY:%Y%m%d}-{at + _DAY:%Y%m%d}", self.calling)
        with self._associated(ModalityWorklistInformationFind) as held:
            answers = list(held.send_c_find(query, ModalityWorklistInformationFind))
        if not answers or "Status" not in answers[-1][0] or answers[-1][0].Status != 0:
            raise NotReceived(f"{self.called} did not answer {self.calling}'s worklist query.")
        return [one for status, one in answers if one is not None and status.Status in _PENDING]

    def begin(self, visit: Visit, entry: Dataset) -> str:
        """Report that the step has begun; the report's SOP Instance UID."""
        uid = str(generate_uid(entropy_srcs=["porion emulator", visit.key, "performed"]))
        with self._associated(ModalityPerformedProcedureStep) as held:
            answer = held.send_n_create(_begun(visit, entry), ModalityPerformedProcedureStep, uid)
            _must_have_succeeded(answer[0], self)
        return uid

    def complete(self, uid: str, visit: Visit, made: Sequence[Dataset]) -> None:
        """Report that it is done, what it made, and with what dose."""
        with self._associated(ModalityPerformedProcedureStep) as held:
            answer = held.send_n_set(_completed(visit, made), ModalityPerformedProcedureStep, uid)
            _must_have_succeeded(answer[0], self)

    # Each request on an association of its own: the library takes a quick second one for a stray message.
    @contextmanager
    def _associated(self, sop_class: str) -> Iterator[Association]:
        entity = AE(ae_title=self.calling)
        entity.add_requested_context(sop_class)
        held = entity.associate(self.host, self.port, ae_title=self.called)
        try:
            if not held.is_established:
                where = f"{self.called} at {self.host}:{self.port}"
                raise NotReceived(f"{where} does not offer {self.calling} this service.")
            yield held
        except (ValueError, RuntimeError) as error:
            raise NotReceived(f"{self.calling}'s association broke off: {error}") from error
        finally:
            if held.is_established:
                held.release()
            entity.shutdown()


def chosen(entries: Sequence[Dataset], visit: Visit) -> Dataset | None:
    """The entry that the operator picks for a visit: that person, that program."""
    wanted = PROCEDURES[visit.program.category].description
    for entry in entries:
        step = entry.ScheduledProcedureStepSequence[0]
        if entry.PatientID == visit.person.number and step.get("ScheduledProcedureStepDescription") == wanted:
            return entry
    return None


def answering(made: Sequence[Dataset], entry: Dataset) -> list[Dataset]:
    """Images with what a console copies out of the worklist (PS3.3 C.7.1.1, C.7.2.1, table 10-9)."""
    step, request = entry.ScheduledProcedureStepSequence[0], Dataset()
    request.RequestedProcedureID = entry.RequestedProcedureID
    request.ScheduledProcedureStepID = step.ScheduledProcedureStepID
    request.ScheduledProcedureStepDescription = step.ScheduledProcedureStepDescription
    for one in made:
        one.PatientName = str(entry.PatientName)
        for keyword in ("PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"):
            setattr(one, keyword, entry.get(keyword, ""))
        one.AccessionNumber, one.StudyInstanceUID = entry.AccessionNumber, entry.StudyInstanceUID
        one.RequestAttributesSequence = [request]
    return list(made)


def _query(days: str, station: str) -> Dataset:
    step, asked = Dataset(), Dataset()
    step.ScheduledStationAETitle, step.ScheduledProcedureStepStartDate = station, days
    step.Modality = step.ScheduledProcedureStepStartTime = step.ScheduledProcedureStepID = ""
    step.ScheduledProcedureStepDescription, step.ScheduledProtocolCodeSequence = "", []
    asked.SpecificCharacterSet = "ISO_IR 192"
    asked.PatientName = asked.PatientID = asked.IssuerOfPatientID = asked.PatientBirthDate = ""
    asked.PatientSex = asked.AccessionNumber = asked.StudyInstanceUID = asked.RequestedProcedureID = ""
    asked.RequestedProcedureDescription, asked.ScheduledProcedureStepSequence = "", [step]
    return asked


def _begun(visit: Visit, entry: Dataset) -> Dataset:
    """An N-CREATE (PS3.4 table F.7.2-1): what must be there is, empty where nothing is known."""
    step, scheduled, report = entry.ScheduledProcedureStepSequence[0], Dataset(), Dataset()
    scheduled.StudyInstanceUID, scheduled.AccessionNumber = entry.StudyInstanceUID, entry.AccessionNumber
    scheduled.RequestedProcedureID = entry.RequestedProcedureID
    scheduled.RequestedProcedureDescription = entry.get("RequestedProcedureDescription", "")
    scheduled.ScheduledProcedureStepID = step.ScheduledProcedureStepID
    scheduled.ScheduledProcedureStepDescription = step.ScheduledProcedureStepDescription
    scheduled.ReferencedStudySequence, scheduled.ScheduledProtocolCodeSequence = [], []
    report.SpecificCharacterSet = "ISO_IR 192"
    report.ScheduledStepAttributesSequence = [scheduled]
    report.PatientName, report.PatientID = str(entry.PatientName), entry.PatientID
    report.PatientBirthDate, report.PatientSex = entry.PatientBirthDate, entry.PatientSex
    report.ReferencedPatientSequence = []
    report.PerformedProcedureStepID = step.ScheduledProcedureStepID
    report.PerformedStationAETitle, report.PerformedStationName = visit.unit.title, visit.unit.name[:16]
    report.PerformedLocation, report.PerformedProcedureStepDescription = "", visit.program.name
    report.PerformedProcedureStepStartDate = f"{visit.at:%Y%m%d}"
    report.PerformedProcedureStepStartTime = f"{visit.at:%H%M%S}"
    report.PerformedProcedureStepEndDate = report.PerformedProcedureStepEndTime = ""
    report.PerformedProcedureStepStatus, report.PerformedProcedureTypeDescription = "IN PROGRESS", ""
    report.Modality, report.StudyID = str(visit.program.attributes["Modality"]), ""
    report.ProcedureCodeSequence, report.PerformedProtocolCodeSequence = [], []
    report.PerformedSeriesSequence = []
    return report


def _completed(visit: Visit, made: Sequence[Dataset]) -> Dataset:
    """An N-SET that ends it: end, series with its images, and the dose of the one exposure."""
    report, series, said = Dataset(), Dataset(), visit.program.attributes
    ended = visit.at + timedelta(minutes=1)
    report.PerformedProcedureStepStatus = "COMPLETED"
    report.PerformedProcedureStepEndDate = f"{ended:%Y%m%d}"
    report.PerformedProcedureStepEndTime = f"{ended:%H%M%S}"
    series.PerformingPhysicianName = series.OperatorsName = series.RetrieveAETitle = ""
    series.ProtocolName, series.SeriesDescription = visit.program.name, ""
    series.SeriesInstanceUID = made[0].SeriesInstanceUID
    series.ReferencedImageSequence = [_reference(one) for one in made]
    series.ReferencedNonImageCompositeSOPInstanceSequence = []
    report.PerformedSeriesSequence = [series]
    report.TotalNumberOfExposures = 1
    if "ImageAndFluoroscopyAreaDoseProduct" in said:
        report.ImageAndFluoroscopyAreaDoseProduct = said["ImageAndFluoroscopyAreaDoseProduct"]
    exposure = Dataset()
    exposure.KVP, exposure.ExposureTime = said["KVP"], said["ExposureTime"]
    exposure.XRayTubeCurrentInuA = str(int(float(said["XRayTubeCurrent"]) * 1000))
    report.ExposureDoseSequence = [exposure]
    return report


def _reference(one: Dataset) -> Dataset:
    made = Dataset()
    made.ReferencedSOPClassUID, made.ReferencedSOPInstanceUID = one.SOPClassUID, one.SOPInstanceUID
    return made


def _must_have_succeeded(status: Dataset, modality: Modality) -> None:
    if "Status" not in status or status.Status != 0:
        told = f"status {status.Status:04X}H" if "Status" in status else "no answer"
        raise NotReceived(f"{modality.called} answered {modality.calling}'s report with {told}.")
