"""Retrieval rules: what is fetched from nodes by itself, overnight; and what such a rule would fetch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from porion.clinic.grade import Grade
from porion.clinic.matching import match
from porion.clinic.permissions import Action, Actor
from porion.dicom.identity import claim_of
from porion.dicom.modality_codes import dicom_codes
from porion.services.errors import Conflict, Invalid, NodeFailed, NotFound, must
from porion.services.job_ports import Kind
from porion.services.jobs import ask_for
from porion.services.node_records import Use
from porion.services.nodes import find_node, must_be_for, target_of
from porion.services.query_keys import RETURNED
from porion.services.remote_ports import Level, Question
from porion.services.remote_records import RuleKind, RuleRow
from porion.services.retrieval import Request, queue_retrieve
from porion.services.trail import record
from porion.services.worklist_records import StepFilter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from porion.clinic.patient import Patient
    from porion.dicom.elements import Elements
    from porion.services.job_ports import Task
    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json
    from porion.services.remote_ports import Remotes, Target

RULE = "retrieval rule"
_MOST_YEARS, _MOST_STUDIES, _PAGE = 50, 200, 200
_OPEN_STEPS = frozenset({"scheduled", "in progress"})
# Whose studies are fetched unasked: only those that are most likely the patient's.
_GRADES = (Grade.CERTAIN, Grade.PROBABLE)


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as an administrator writes it; ``hour`` is of the day in UTC."""

    name: str
    node: str
    kind: RuleKind
    years: int = 5
    hour: int = 1
    modalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prior:
    """A study of a node that a rule fetches: not held as a whole, and most likely the patient's."""

    patient_id: str
    study: str
    study_date: str
    modalities: tuple[str, ...]
    stated: int | None
    held: int


def list_rules(porion: Porion, actor: Actor) -> Sequence[RuleRow]:
    """The clinic's rules by name."""
    must(actor, Action.SEE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.remote.rules()


def add_rule(porion: Porion, actor: Actor, new: NewRule) -> RuleRow:
    """Add a rule; it runs from the next such hour on."""
    must(actor, Action.MANAGE_NODES)
    name = new.name.strip()
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise Invalid("A rule's name has 1 to 64 printable characters.")
    if not 1 <= new.years <= _MOST_YEARS or not 0 <= new.hour <= 23:
        raise Invalid(f"A rule looks back 1 to {_MOST_YEARS} years and runs at an hour from 0 to 23.")
    with porion.store.write(actor.clinic_id) as tx:
        node = find_node(tx, new.node)
        must_be_for(node, Use.RETRIEVE)
        if any(row.name == name for row in tx.remote.rules()):
            raise Conflict(f"Another retrieval rule is called {name} already.")
        row = RuleRow(
            id=porion.new_id(),
            name=name,
            node_id=node.id,
            kind=RuleKind(new.kind),
            years=new.years,
            hour=new.hour,
            enabled=True,
            next_run_at=_next_run(porion.now(), new.hour),
            modalities=[code.strip().upper() for code in new.modalities],
        )
        tx.remote.add_rule(row)
        detail = {"name": name, "node": node.id, "kind": row.kind, "years": row.years}
        record(porion, tx, actor.name, "retrieval rule added", ("rule", row.id), detail)
    return row


def switch_rule(porion: Porion, actor: Actor, which: str, *, enabled: bool) -> RuleRow:
    """Let a rule run, or no more."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        before = _find(tx, which)
        row = replace(before, enabled=enabled, next_run_at=_next_run(porion.now(), before.hour))
        tx.remote.save_rule(row)
        action = "retrieval rule switched on" if enabled else "retrieval rule switched off"
        record(porion, tx, actor.name, action, ("rule", row.id))
    return row


def remove_rule(porion: Porion, actor: Actor, which: str) -> RuleRow:
    """Forget a rule; what it fetched stays."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        row = _find(tx, which)
        tx.remote.remove_rule(row.id)
        record(porion, tx, actor.name, "retrieval rule removed", ("rule", row.id), {"name": row.name})
    return row


def rehearse_rule(
    porion: Porion, remotes: Remotes, actor: Actor, which: str, patients: int
) -> Iterator[Prior]:
    """What a rule would fetch now, looking at so many patients at most; nothing is fetched."""
    must(actor, Action.MANAGE_NODES)
    with porion.store.read(actor.clinic_id) as tx:
        rule = _find(tx, which)
    looking = _Looking(porion, remotes, actor.clinic_id, rule)
    for patient_id in looking.patients()[:patients]:
        yield from looking.priors(patient_id)


def queue_due_rules(porion: Porion) -> int:
    """Queue a job for every rule whose hour has come; answers how many."""
    with porion.store.read("") as tx:
        due = tx.remote.due_anywhere(porion.now())
    for clinic_id, rule in due:
        with porion.store.write(clinic_id) as tx:
            now = porion.now()
            day = now.date().isoformat()
            ask_for(
                porion, tx, "retrieval rules", (RULE, f"{RULE} {rule.id} {day}"), f"rule {rule.name}",
                {"rule": rule.id}, forever=True,
            )  # fmt: skip
            tx.remote.save_rule(replace(rule, next_run_at=_next_run(now, rule.hour), last_run_at=now))
    return len(due)


def rule_kind(porion: Porion, remotes: Remotes) -> Kind:
    """The kind of job that runs a rule: it queues a retrieve for each study."""
    return Kind(RULE, lambda task: _run(porion, remotes, task))


def _run(porion: Porion, remotes: Remotes, task: Task) -> Json:
    with porion.store.read(task.clinic_id) as tx:
        rule = _find(tx, task.job.arguments["rule"])
    looking = _Looking(porion, remotes, task.clinic_id, rule)
    patients = task.once("patients", looking.patients)
    counts = {"patients": len(patients), "looked": 0, "queued": 0, "failed": 0}
    for patient_id in patients:
        queued = task.once(f"patient {patient_id}", partial(looking.queue, patient_id))
        counts["looked"] += 1
        counts["queued"] += max(queued, 0)
        counts["failed"] += queued < 0
        task.tell(counts)
    with porion.store.write(task.clinic_id) as tx:
        note = f"{counts['queued']} studies of {counts['looked']} patients; {counts['failed']} not asked for"
        tx.remote.save_rule(replace(_find(tx, rule.id), note=note))
    if counts["failed"] and counts["failed"] == counts["looked"]:
        raise NodeFailed(f"No patient could be asked for: {looking.why}")
    return counts


class _Looking:
    """Looks for studies of the clinic's patients at one node."""

    def __init__(self, porion: Porion, remotes: Remotes, clinic_id: str, rule: RuleRow) -> None:
        self._porion = porion
        self._remotes = remotes
        self._clinic_id = clinic_id
        self._rule = rule
        self.why = ""

    def patients(self) -> list[str]:
        """Whom the rule is about: those of tomorrow's steps, or all."""
        with self._porion.store.read(self._clinic_id) as tx:
            if self._rule.kind == RuleKind.PRIORS:
                day = (self._porion.now() + timedelta(days=1)).date().isoformat()
                steps = tx.worklist.list(StepFilter(day, day, states=_OPEN_STEPS), 10_000)
                return sorted({step.patient_id for step in steps})
            return sorted(_all_patients(tx))

    def queue(self, patient_id: str) -> int:
        """Queue retrieves of a patient's studies; how many, or -1 when the node could not be asked."""
        try:
            priors = list(self.priors(patient_id))
        except NodeFailed as error:
            self.why = str(error)
            return -1
        with self._porion.store.write(self._clinic_id) as tx:
            for prior in priors:
                request = Request(self._rule.node_id, prior.study)
                queue_retrieve(self._porion, tx, f"rule {self._rule.name}", request)
        return len(priors)

    def priors(self, patient_id: str) -> Iterator[Prior]:
        """Studies that the node has of a patient and the clinic has not, or not all of."""
        with self._porion.store.read(self._clinic_id) as tx:
            patient = tx.patients.get(patient_id)
            target = target_of(tx, self._remotes, self._clinic_id, find_node(tx, self._rule.node_id))
        if patient is None or patient.merged_into:
            return
        seen: set[str] = set()
        for answer in self._answers(target, patient):
            study = answer.text("StudyInstanceUID") or ""
            if not study or study in seen or not self._is_wanted(answer):
                continue
            seen.add(study)
            prior = self._prior(patient, answer, study)
            if prior is not None:
                yield prior

    def _answers(self, target: Target, patient: Patient) -> Iterator[Elements]:
        since = self._porion.now() - timedelta(days=365.25 * self._rule.years)
        client = self._remotes.dimse if target.address else self._remotes.web
        for value in dict.fromkeys(one.value for one in patient.identifiers):
            keys = {"PatientID": value, "StudyDate": f"{since:%Y%m%d}-"}
            question = Question(
                Level.STUDY, {**dict.fromkeys(RETURNED[Level.STUDY], ""), **keys}, _MOST_STUDIES
            )
            yield from client.find(target, question)

    def _is_wanted(self, answer: Elements) -> bool:
        wanted = {code for one in self._rule.modalities for code in dicom_codes(one)}
        stated = set(answer.texts("ModalitiesInStudy")) - {""}
        return not wanted or not stated or bool(wanted & stated)

    def _prior(self, patient: Patient, answer: Elements, study: str) -> Prior | None:
        """The study, unless it is held or most likely somebody else's: an ID alone says little."""
        with self._porion.store.read(self._clinic_id) as tx:
            best = match(claim_of(answer), tx.patients, limit=1, model=self._porion.model)
            held = tx.remote.held(Level.STUDY, study)
        stated = answer.integer("NumberOfStudyRelatedInstances")
        is_theirs = bool(best) and best[0].patient.id == patient.id and best[0].grade in _GRADES
        if not is_theirs or (held and (stated is None or held >= stated)):
            return None
        codes = tuple(code for code in answer.texts("ModalitiesInStudy") if code)
        return Prior(patient.id, study, answer.text("StudyDate") or "", codes, stated, held)


def _all_patients(tx: Transaction) -> Iterator[str]:
    after: str | None = None
    while page := tx.patients.list(None, after, _PAGE):
        yield from (patient.id for patient in page)
        after = page[-1].id


def _next_run(now: datetime, hour: int) -> datetime:
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _find(tx: Transaction, which: str) -> RuleRow:
    rows = tx.remote.rules()
    found = next((row for row in rows if which in (row.id, row.name)), None)
    if found is None:
        names = ", ".join(row.name for row in rows) or "none"
        raise NotFound(f"There is no retrieval rule {which}; there are: {names}.")
    return found
