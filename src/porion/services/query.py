"""Ask remote nodes what they hold; each answer says what of it we hold, and whose it may be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from porion.clinic.matching import match
from porion.clinic.permissions import Action, Actor
from porion.dicom.identity import claim_key, claim_of
from porion.dicom.modality_codes import clinic_codes
from porion.services.errors import Invalid, PorionError, must
from porion.services.node_records import Use
from porion.services.nodes import find_node, must_be_for, target_of
from porion.services.query_keys import MODALITY_KEYS, read_keys
from porion.services.remote_ports import Level, Question
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from porion.clinic.patient import Patient
    from porion.dicom.elements import Elements
    from porion.dicom.person import PersonName
    from porion.services.ports import Porion
    from porion.services.remote_ports import Remotes, Target

MOST = 1000
"""Answers of one node."""

_MOST_NODES = 20
_UIDS: Mapping[Level, str] = {
    Level.PATIENT: "",
    Level.STUDY: "StudyInstanceUID",
    Level.SERIES: "SeriesInstanceUID",
    Level.IMAGE: "SOPInstanceUID",
}

_PATIENT = ("PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: nodes by name, a level, and keys by keyword; ``stop`` says that nobody listens."""

    nodes: tuple[str, ...]
    level: Level = Level.STUDY
    keys: Mapping[str, str] = field(default_factory=dict)
    limit: int = MOST
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. ``held`` is how many instances of it the clinic holds, ``stated`` how many the node says.

    ``patient_id`` is the patient of the register whom it most likely means, with the name there and the
    grade of that.
    ``modalities`` are the clinic's codes that its DICOM codes most likely mean.
    """

    node: str
    level: Level
    attributes: Elements
    held: int | None
    stated: int | None
    patient_id: str | None = None
    patient: PersonName | None = None
    grade: str | None = None
    modalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one node answered; ``error`` says why it did not, or not to the end."""

    node: str
    answers: int
    capped: bool
    way: str
    error: str | None = None


def query(porion: Porion, remotes: Remotes, actor: Actor, asked: Asked) -> Iterator[Found | Outcome]:
    """Answers as they come, and an outcome for each node at its end.

    What is wrong with the question itself is raised at once: NotPermitted, NotFound, Invalid.
    """
    must(actor, Action.ASK_NODES)
    if not 1 <= len(asked.nodes) <= _MOST_NODES or not 1 <= asked.limit <= MOST:
        raise Invalid(f"Ask 1 to {_MOST_NODES} nodes, for 1 to {MOST} answers each.")
    queries = read_keys(asked.level, asked.keys)
    with porion.store.read(actor.clinic_id) as tx:
        nodes = [find_node(tx, which) for which in dict.fromkeys(asked.nodes)]
        for node in nodes:
            must_be_for(node, Use.QUERY)
        targets = [target_of(tx, remotes, actor.clinic_id, node) for node in nodes]
    detail = {"level": asked.level, "keys": sorted(key for key, value in asked.keys.items() if value)}
    for node in nodes:
        show(porion, actor, "remote node queried", ("node", node.id), detail)
    return _Asking(porion, remotes, actor, asked, queries).run(targets)


class _Asking:
    def __init__(
        self,
        porion: Porion,
        remotes: Remotes,
        actor: Actor,
        asked: Asked,
        queries: Sequence[Mapping[str, str]],
    ) -> None:
        self._porion = porion
        self._remotes = remotes
        self._actor = actor
        self._asked = asked
        self._queries = queries
        self._whose: dict[str, tuple[Patient, str] | None] = {}

    def run(self, targets: Sequence[Target]) -> Iterator[Found | Outcome]:
        try:
            sources = [lambda stop, one=one: self._of_node(one, stop) for one in targets]
            for found in self._remotes.at_once(sources):
                yield self._placed(found) if isinstance(found, Found) else found
        finally:
            shown = sorted({one[0].id for one in self._whose.values() if one})
            if shown:
                clinic = ("clinic", self._actor.clinic_id)
                show(self._porion, self._actor, "candidates shown", clinic, {"patients": shown})

    def _of_node(self, target: Target, stop: Callable[[], bool]) -> Iterator[Found | Outcome]:
        """Everything that one node answers; runs beside other nodes, and touches no database."""
        count, error, way = 0, None, ""
        for way in _ways(self._asked.level, target):
            error = None
            try:
                for answer in self._answers(target, way, stop):
                    if count == self._asked.limit:
                        yield Outcome(target.node.name, count, capped=True, way=way)
                        return
                    count += 1
                    yield self._found(target, answer)
            except PorionError as failed:
                error = str(failed)
            # A way that led somewhere is not gone twice.
            if error is None or count:
                break
        yield Outcome(target.node.name, count, capped=False, way=way, error=error)

    def _answers(self, target: Target, way: str, stop: Callable[[], bool]) -> Iterator[Elements]:
        """The answers to each of the queries, each only once."""
        asked, seen = self._asked, set[tuple[str | None, ...]]()
        for keys in self._queries:
            question = Question(asked.level, keys, asked.limit + 1, lambda: stop() or asked.stop())
            client = self._remotes.web if way == "dicomweb" else self._remotes.dimse
            for answer in client.find(target, question):
                same = _sameness(answer, asked.level)
                if same in seen or not _fits(answer, asked.level, keys):
                    continue
                seen.add(same)
                yield answer

    def _found(self, target: Target, answer: Elements) -> Found:
        level = self._asked.level
        counted = {
            Level.STUDY: "NumberOfStudyRelatedInstances",
            Level.SERIES: "NumberOfSeriesRelatedInstances",
        }
        stated = answer.integer(counted[level]) if level in counted else None
        codes = answer.texts(MODALITY_KEYS[level]) if level in MODALITY_KEYS else ()
        return Found(target.node.name, level, answer, None, stated, modalities=tuple(clinic_codes(codes)))

    def _placed(self, found: Found) -> Found:
        """The answer with what we hold of it, and whose it may be."""
        uid = found.attributes.text(_UIDS[found.level]) if _UIDS[found.level] else None
        held = None
        if uid:
            with self._porion.store.read(self._actor.clinic_id) as tx:
                held = tx.remote.held(found.level, uid)
        found = replace(found, held=held)
        whom = self._whom(found) if found.level in (Level.PATIENT, Level.STUDY) else None
        if whom is None:
            return found
        patient, grade = whom
        return replace(found, patient_id=patient.id, patient=patient.name, grade=grade)

    def _whom(self, found: Found) -> tuple[Patient, str] | None:
        claim = claim_of(found.attributes)
        key = claim_key(claim)
        if key not in self._whose:
            with self._porion.store.read(self._actor.clinic_id) as tx:
                best = match(claim, tx.patients, limit=1, model=self._porion.model)
            self._whose[key] = (best[0].patient, best[0].grade.value) if best else None
        return self._whose[key]


def _ways(level: Level, target: Target) -> Sequence[str]:
    """How a node is asked: over DICOMweb where it has it, for patients and failing that over DICOM."""
    web = ["dicomweb"] if target.web_address and level is not Level.PATIENT else []
    return [*web, "dicom"] if target.address or not web else web


def _sameness(answer: Elements, level: Level) -> tuple[str | None, ...]:
    """What two answers for the same thing have in common: some nodes give a patient for each image."""
    return tuple(answer.text(word) for word in ([_UIDS[level]] if _UIDS[level] else _PATIENT))


def _fits(answer: Elements, level: Level, keys: Mapping[str, str]) -> bool:
    """Whether an answer is of the modality that was asked for: many nodes leave that key aside."""
    key = MODALITY_KEYS.get(level)
    wanted = keys.get(key, "") if key else ""
    stated = answer.texts(key) if key else ()
    return not wanted or not any(stated) or wanted in stated
