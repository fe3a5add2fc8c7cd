"""Retrieve a study from a remote node: what is missing is asked for until all that it holds has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Invalid, NodeFailed, must
from porion.services.job_ports import Kind
from porion.services.jobs import ask_for
from porion.services.node_records import Use
from porion.services.nodes import abilities_of, find_node, must_be_for, note_abilities, target_of
from porion.services.remote_ports import Counts, Level, Wanted
from porion.services.remote_records import ExpectedRow
from porion.services.requested import RequestedSink
from porion.services.retrieve_plan import Plan, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from porion.services.job_ports import Task
    from porion.services.job_records import JobRow
    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json
    from porion.services.remote_ports import Remotes, Target
    from porion.services.retrieve_plan import SeriesPlan

RETRIEVE = "retrieve"
ROUNDS = 3
"""How often what is missing is asked for."""

RETRIES = 5
"""How often a node that fails is asked again."""

_LONGEST_UID = 64
# A node that neither says nor sends anything for so long is given up.
_STALLED = timedelta(seconds=60)
_INDEXED = timedelta(seconds=120)
# How long a C-MOVE that another process asked for may still send, once nothing comes any more.
_QUIET = 3
# A key of C-GET and C-MOVE has 64 kB for its list of UIDs.
_MOST_UIDS = 500
# A node may send for hours; what outlives its job is over then.
_EXPECTS = timedelta(hours=12)
_LOOKS = timedelta(seconds=1)
_LONGEST_PAUSE = 30
# The worker indexes a study in a blink, or has much to do: looked for soon, then less often.
_FIRST_LOOK, _LAST_LOOK = 0.03, 0.5
_LONGEST_QUIET = 60
_SOME_FAILED = 0xB000


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants: a study of a node, or one series of it."""

    node: str
    study: str
    series: str = ""


def ask_retrieve(porion: Porion, actor: Actor, request: Request) -> JobRow:
    """Queue the retrieve of a study; an unfinished job for the same is answered instead of a second."""
    must(actor, Action.ASK_NODES)
    with porion.store.write(actor.clinic_id) as tx:
        return queue_retrieve(porion, tx, actor.name, request)


def queue_retrieve(porion: Porion, tx: Transaction, by: str, request: Request) -> JobRow:
    """Queue a retrieve in a transaction; the caller has checked who may."""
    for uid in filter(None, (request.study, request.series)):
        if len(uid) > _LONGEST_UID or set(uid) - set("0123456789."):
            raise Invalid(f"{uid[:80]} is no UID.")
    if not request.study:
        raise Invalid("Say which study is to be retrieved, by its Study Instance UID.")
    node = find_node(tx, request.node)
    must_be_for(node, Use.RETRIEVE)
    arguments = {"node": node.id, "study": request.study, "series": request.series}
    key = f"{RETRIEVE} {node.id} {request.study} {request.series}".strip()
    subject = f"{node.name}: " + (f"series {request.series}" if request.series else f"study {request.study}")
    return ask_for(porion, tx, by, (RETRIEVE, key), subject, arguments)


def retrieve_kind(porion: Porion, remotes: Remotes) -> Kind:
    """The kind of job."""
    return Kind(RETRIEVE, lambda task: _Retrieve(porion, remotes, task).run())


class _Retrieve:
    def __init__(self, porion: Porion, remotes: Remotes, task: Task) -> None:
        self._porion = porion
        self._remotes = remotes
        self._task = task
        self._study: str = task.job.arguments["study"]
        self._series: str = task.job.arguments["series"]
        self._counts = Counts()
        self._refused = 0
        self._way = ""
        self._why = ""
        self._stated: int | None = None
        self._expected: frozenset[str] = frozenset()
        # What was seen last, and when; when it last differed.
        self._last: tuple[tuple[Counts, int], datetime] | None = None
        self._changed = porion.now()

    def run(self) -> Json:
        plan = Plan.of_json(self._task.once("plan", self._plan))
        self._stated = plan.count
        self._expected = frozenset(uid for one in plan.series for uid in one.instances or ())
        if self._task.resumed and "move" in plan.ways:
            self._await_quiet()
        for turn in range(1, ROUNDS + 1):
            # A step of its own: what is missing changes, and steps must come in the same order each time.
            missing = self._task.once(f"missing {turn}", partial(self._missing_series, plan))
            if not missing:
                break
            for number in missing:
                fetch = partial(self._fetch, plan.series[number], plan.ways)
                self._task.once(f"series {number} round {turn}", partial(self._patiently, fetch))
        return self._concluded(plan)

    # What is asked for

    def _target(self) -> Target:
        with self._porion.store.read(self._task.clinic_id) as tx:
            node = find_node(tx, self._task.job.arguments["node"])
            must_be_for(node, Use.RETRIEVE)
            return target_of(tx, self._remotes, self._task.clinic_id, node)

    def _plan(self) -> Json:
        return self._patiently(lambda: self._planned().to_json())

    def _planned(self) -> Plan:
        target = self._target()
        abilities = target.node.abilities
        if target.node.tested_at is None:
            abilities = abilities_of(self._remotes, target)
            if None in abilities.values():
                note_abilities(self._porion, self._task.clinic_id, target.node, abilities)
        self._task.tell(self._progress())
        return make_plan(self._remotes, target, self._study, self._series, abilities, lambda: False)

    def _missing(self, one: SeriesPlan) -> Sequence[str]:
        """The instances of a series, where they are listed, that neither the clinic holds nor the spool."""
        # The spool first: what it gives away in between is in the database by then.
        waiting = self._porion.spool.waiting(self._task.clinic_id)
        with self._porion.store.read(self._task.clinic_id) as tx:
            held = tx.remote.held_of_study(self._study)
        return [uid for uid in one.instances or () if uid not in held and uid not in waiting]

    def _is_missing(self, one: SeriesPlan) -> bool:
        if one.instances is not None:
            return bool(self._missing(one))
        # Nobody can tell whose the files in the spool are: they are counted when they are indexed.
        self._await_index()
        with self._porion.store.read(self._task.clinic_id) as tx:
            held = tx.remote.held(Level.SERIES, one.uid)
        return held < one.stated if one.stated is not None else held == 0

    def _missing_series(self, plan: Plan) -> list[int]:
        return [number for number, one in enumerate(plan.series) if self._is_missing(one)]

    def _wanted(self, one: SeriesPlan) -> Sequence[Wanted]:
        """What to ask for: the whole series, or what is missing of it where something has come already."""
        missing = self._missing(one)
        if one.instances is None or len(missing) == len(one.instances):
            return [Wanted(self._study, one.uid, classes=one.classes)]
        parts = [missing[at : at + _MOST_UIDS] for at in range(0, len(missing), _MOST_UIDS)]
        return [Wanted(self._study, one.uid, tuple(part), one.classes) for part in parts]

    # How it is asked for

    def _patiently(self, do: Callable[[], Json]) -> Json:
        """Do it, and again after a pause when the node fails; its last failure is raised.

        A node that sent something before it failed is given as many chances again.
        """
        failures, arrived = 0, self._arrived()
        while True:
            try:
                return do()
            except NodeFailed as error:
                self._why = str(error)
                before, arrived = arrived, self._arrived()
                failures = 1 if arrived > before else failures + 1
                if failures == RETRIES:
                    raise
            self._task.tell(self._progress())
            self._task.pause(self._backoff(failures - 1))

    def _backoff(self, attempt: int) -> float:
        """Seconds, doubled each time and scattered: a node that comes back is not asked by all at once."""
        scattered = int(self._porion.new_id()[-4:], 16) / 0xFFFF
        return float(min(_LONGEST_PAUSE, 2**attempt) * (0.5 + scattered))

    def _fetch(self, one: SeriesPlan, ways: Sequence[str]) -> Json:
        """Ask for what is missing of a series in the first way that works."""
        if not self._is_missing(one):
            return {"way": ""}
        target = self._target()
        failed: NodeFailed | None = None
        for way in ways:
            try:
                self._way = way
                for wanted in self._wanted(one):
                    self._settle(target, self._by(target, wanted))
            except NodeFailed as error:
                failed = error
                self._why = str(error)
            else:
                return {"way": way}
            if not self._is_missing(one):
                return {"way": way}
        raise failed or NodeFailed(f"{target.node.name} cannot be asked for instances.")

    def _by(self, target: Target, wanted: Wanted) -> Counts:
        self._last = None
        if self._way == "move":
            return self._move(target, wanted)
        before = self._arrived()
        sink = RequestedSink(self._porion, self._task.clinic_id, target, wanted, "dicom")
        client = self._remotes.web if self._way == "wado" else self._remotes.dimse
        try:
            # What comes here is counted here: looking into the spool would cost more than the fetching.
            return client.get(target, wanted, sink, partial(self._watch, lambda: before + sink.taken))
        finally:
            self._refused += sink.refused
            sink.close()

    def _move(self, target: Target, wanted: Wanted) -> Counts:
        """C-MOVE to ourselves: the receiver is told what to expect, and from whom."""
        clinic_id, job_id = self._task.clinic_id, self._task.job.id
        expected = ExpectedRow(
            id=self._porion.new_id(),
            job_id=job_id,
            node=target.node.name,
            ae_title=target.node.ae_title,
            address=target.address,
            study=wanted.study,
            series=wanted.series,
            instances=list(wanted.instances),
            until=self._porion.now() + _EXPECTS,
        )
        with self._porion.store.write(clinic_id) as tx:
            tx.remote.expect(expected)
        try:
            return self._remotes.dimse.move(target, wanted, partial(self._watch, self._arrived))
        finally:
            with self._porion.store.write(clinic_id) as tx:
                self._refused += tx.remote.expect_no_more(job_id)

    def _settle(self, target: Target, counts: Counts) -> None:
        """A last word that is no success is a failure, but for some that failed: they are missing."""
        self._counts = counts
        if counts.status not in (0, _SOME_FAILED):
            comment = f" ({counts.comment})" if counts.comment else ""
            raise NodeFailed(f"{target.node.name} ended with status {counts.status:04X}H{comment}.")
        if counts.failed:
            self._why = f"{target.node.name} could not send {counts.failed} of them."

    # How far it is

    def _watch(self, count: Callable[[], int], counts: Counts) -> None:
        """Note the progress; NodeFailed when neither the counts nor what arrives have changed for long."""
        self._counts = counts
        now = self._porion.now()
        if self._last is None or now - self._last[1] >= _LOOKS:
            arrived = count()
            if self._last is None or (counts, arrived) != self._last[0]:
                self._changed = now
            elif now - self._changed > _STALLED:
                raise NodeFailed(f"Nothing has come for {_STALLED.seconds} s.")
            self._last = ((counts, arrived), now)
        self._task.tell(self._progress())

    def _arrived(self) -> int:
        waiting = self._porion.spool.waiting(self._task.clinic_id)
        with self._porion.store.read(self._task.clinic_id) as tx:
            held = tx.remote.held_of_study(self._study)
        return len(self._expected & (held | waiting)) if self._expected else len(held)

    def _progress(self) -> Json:
        return {
            "way": self._way,
            "expected": self._stated,
            "arrived": self._last[0][1] if self._last else None,
            "remaining": self._counts.remaining,
            "completed": self._counts.completed,
            "failed": self._counts.failed,
            "refused": self._refused,
            "note": self._why,
        }

    def _await_quiet(self) -> None:
        """Wait until nothing comes any more of what a process that ended had asked for."""
        seen, quiet = -1, 0
        for _ in range(_LONGEST_QUIET):
            arrived = self._arrived()
            quiet = quiet + 1 if arrived == seen else 0
            seen = arrived
            if quiet >= _QUIET:
                return
            self._task.pause(1.0)

    def _concluded(self, plan: Plan) -> Json:
        """The result, once everything that came is indexed; NodeFailed when not all has come."""
        self._await_index()
        with self._porion.store.read(self._task.clinic_id) as tx:
            held = tx.remote.held_of_study(self._study)
            counts = {one.uid: tx.remote.held(Level.SERIES, one.uid) for one in plan.series}
        came = sum(
            len(held.intersection(one.instances)) if one.instances is not None else counts[one.uid]
            for one in plan.series
        )
        complete = not any(map(self._is_missing, plan.series))
        if not complete:
            of = "an unknown number" if plan.count is None else str(plan.count)
            raise NodeFailed(f"{came} of {of} instances came. {self._why}".strip())
        return {
            "complete": True,
            "expected": plan.count,
            "held": came,
            "stated": plan.stated,
            "refused": self._refused,
            "way": self._way,
        }

    def _await_index(self) -> None:
        """Wait until the worker has indexed what has come by now, as long as it goes on."""
        came = self._porion.spool.waiting(self._task.clinic_id)
        came = came & self._expected if self._expected else came
        left, since, pause = len(came), self._porion.now(), _FIRST_LOOK
        while waiting := came & self._porion.spool.waiting(self._task.clinic_id):
            if len(waiting) != left:
                left, since = len(waiting), self._porion.now()
            elif self._porion.now() - since > _INDEXED:
                raise NodeFailed(f"{left} instances came and wait to be indexed: is the worker running?")
            self._task.tell(self._progress())
            self._task.pause(pause)
            pause = min(2 * pause, _LAST_LOOK)
