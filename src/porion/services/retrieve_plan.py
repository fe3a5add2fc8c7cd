"""What a node holds of a study, as it says itself: the measure of whether all of it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.services.errors import NodeFailed, PorionError
from porion.services.remote_ports import Level, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from porion.dicom.elements import Elements
    from porion.services.records import Json
    from porion.services.remote_ports import Remotes, Target

MOST_SERIES, MOST_INSTANCES = 1000, 20_000


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A series: its instances, or None where the node does not list them, and how many it states."""

    uid: str
    instances: tuple[str, ...] | None
    stated: int | None
    classes: tuple[str, ...] = ()

    @property
    def count(self) -> int | None:
        """How many instances are to come; None when nobody knows."""
        return self.stated if self.instances is None else len(self.instances)


@dataclass(frozen=True, slots=True)
class Plan:
    """The series of a study, and the ways in which the node can be asked for them, the best first."""

    series: tuple[SeriesPlan, ...]
    ways: tuple[str, ...]

    @property
    def count(self) -> int | None:
        """How many instances are to come; None when nobody knows."""
        counts = [one.count for one in self.series]
        return None if None in counts else sum(count for count in counts if count is not None)

    @property
    def stated(self) -> int | None:
        """How many instances the node states, where it does."""
        stated = [one.stated for one in self.series]
        return None if None in stated else sum(count for count in stated if count is not None)

    def to_json(self) -> Json:
        """As a step remembers it."""
        return {
            "ways": list(self.ways),
            "series": [
                [
                    one.uid,
                    None if one.instances is None else list(one.instances),
                    one.stated,
                    list(one.classes),
                ]
                for one in self.series
            ],
        }

    @staticmethod
    def of_json(said: Json) -> Plan:
        """The inverse of :meth:`to_json`."""
        series = [
            SeriesPlan(uid, None if instances is None else tuple(instances), stated, tuple(classes))
            for uid, instances, stated, classes in said["series"]
        ]
        return Plan(tuple(series), tuple(said["ways"]))


def make_plan(
    remotes: Remotes,
    target: Target,
    study: str,
    only: str,
    abilities: Mapping[str, str | None],
    stop: Callable[[], bool],
) -> Plan:
    """Ask the node what it holds of a study, or ``only`` of one series; NodeFailed when that is nothing."""
    ask = _Asking(remotes, target, stop)
    found = {
        uid: one
        for one in ask.rows(Level.SERIES, {"StudyInstanceUID": study}, MOST_SERIES)
        if (uid := one.text("SeriesInstanceUID")) and only in ("", uid)
    }
    if not found:
        raise NodeFailed(f"{target.node.name} holds no {'such series' if only else f'study {study}'}.")
    series = [_series(ask, study, uid, one) for uid, one in found.items()]
    ways = tuple(_ways(target, abilities))
    if not ways:
        raise NodeFailed(f"{target.node.name} offers none of WADO-RS, C-GET and C-MOVE to Porion.")
    return Plan(tuple(series), ways)


def _series(ask: _Asking, study: str, uid: str, answer: Elements) -> SeriesPlan:
    stated = answer.integer("NumberOfSeriesRelatedInstances")
    keys = {"StudyInstanceUID": study, "SeriesInstanceUID": uid}
    try:
        rows = list(ask.rows(Level.IMAGE, keys, MOST_INSTANCES))
    except NodeFailed:
        return SeriesPlan(uid, None, stated)
    instances = dict.fromkeys(text for row in rows if (text := row.text("SOPInstanceUID")))
    classes = dict.fromkeys(text for row in rows if (text := row.text("SOPClassUID")))
    return SeriesPlan(uid, tuple(instances) or None, stated, tuple(classes))


class _Asking:
    """Questions to one node, over DICOM where it has that: its image level is the best known."""

    def __init__(self, remotes: Remotes, target: Target, stop: Callable[[], bool]) -> None:
        self._remotes = remotes
        self._target = target
        self._stop = stop

    def rows(self, level: Level, keys: Mapping[str, str], limit: int) -> Iterator[Elements]:
        returned: Mapping[Level, Sequence[str]] = {
            Level.SERIES: ("SeriesInstanceUID", "Modality", "NumberOfSeriesRelatedInstances"),
            Level.IMAGE: ("SOPInstanceUID", "SOPClassUID", "InstanceNumber"),
        }
        question = Question(level, {**dict.fromkeys(returned[level], ""), **keys}, limit, self._stop)
        client = self._remotes.dimse if self._target.address else self._remotes.web
        try:
            yield from client.find(self._target, question)
        except PorionError as error:
            raise NodeFailed(str(error)) from error


def _ways(target: Target, abilities: Mapping[str, str | None]) -> Iterator[str]:
    """WADO-RS, then C-GET, then C-MOVE, without what a test found not to work."""
    if target.web_address and abilities.get("wado") is None:
        yield "wado"
    if target.address:
        yield from (way for way in ("get", "move") if abilities.get(way) is None)
