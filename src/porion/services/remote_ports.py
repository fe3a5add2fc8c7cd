"""What asking a remote node needs: a target that was resolved and judged, and ways to ask it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from porion.dicom.elements import Elements
    from porion.services.node_records import NodeRow
    from porion.services.records import Json


Answer = TypeVar("Answer")


class Level(StrEnum):
    """A level of the query model (PS3.4 section C.3)."""

    PATIENT = "PATIENT"
    STUDY = "STUDY"
    SERIES = "SERIES"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class Target:
    """A node to connect to now. ``address`` and ``web_address`` were resolved once, and judged.

    ``calling`` is the AE title that Porion shows, ``ours`` the one it is called by as a destination.
    """

    node: NodeRow
    address: str
    calling: str
    ours: str
    web_address: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a node is asked: keys by keyword, empty ones to be returned; at most ``limit`` answers.

    ``stop`` is asked now and then whether nobody wants to hear more.
    """

    level: Level
    keys: Mapping[str, str]
    limit: int = 1000
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is retrieved: a study, or of it a series, or of that some instances."""

    study: str
    series: str = ""
    instances: tuple[str, ...] = ()
    # SOP classes of what is wanted, where they are known: what is proposed for C-GET.
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Sub-operations as a node told them (PS3.7 annex C.4.2); ``status`` is its last word, 0 for success."""

    remaining: int | None = None
    completed: int = 0
    failed: int = 0
    warning: int = 0
    status: int = 0
    comment: str = ""
    failed_instances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """An instance that a node sends; its data set comes in pieces, each good until the next one."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax: str
    pieces: Iterator[memoryview]


class Sink(Protocol):
    """Where what a node sends goes."""

    def take(self, store: Store) -> bool:
        """Whether the instance is safe now; False when it was not asked for."""


class Dimse(Protocol):
    """Asking over DICOM's own protocol. Whatever goes wrong is NodeFailed, in words."""

    def abilities(self, target: Target) -> Json:
        """What the node accepts: echo, find, get, move, worklist, each None or why not."""

    def find(self, target: Target, question: Question) -> Iterator[Elements]:
        """Answers to a C-FIND, cancelled when the limit is reached or nobody listens any more."""

    def ask(
        self, target: Target, sop_classes: Sequence[str], encode: Callable[[str], bytes], limit: int
    ) -> Iterator[Elements]:
        """Answers to any other C-FIND, such as that of the worklist.

        The first of the classes that the node takes is asked; ``encode`` writes the identifier in an
        uncompressed transfer syntax.
        """

    def get(self, target: Target, wanted: Wanted, sink: Sink, tell: Callable[[Counts], None]) -> Counts:
        """C-GET; ``tell`` hears the counts now and then, and may raise to stop it."""

    def move(self, target: Target, wanted: Wanted, tell: Callable[[Counts], None]) -> Counts:
        """C-MOVE to ourselves; ``tell`` is called at least every second, and may raise to stop it."""


class Web(Protocol):
    """Asking over DICOMweb. Whatever goes wrong is NodeFailed, in words."""

    def abilities(self, target: Target) -> Json:
        """What the node answers: qido, wado, each None or why not."""

    def find(self, target: Target, question: Question) -> Iterator[Elements]:
        """Answers of QIDO-RS."""

    def get(self, target: Target, wanted: Wanted, sink: Sink, tell: Callable[[Counts], None]) -> Counts:
        """WADO-RS."""


class AtOnce(Protocol):
    """Runs sources beside each other; each is given a function that says whether to stop."""

    def __call__(
        self, sources: Sequence[Callable[[Callable[[], bool]], Iterator[Answer]]], /
    ) -> Iterator[Answer]:
        """What the sources give, as it comes."""


def _go_on() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Remotes:
    """The ways to ask remote nodes. ``resolve`` gives the addresses of a name, none if it is unknown.

    ``our_ports`` are those at which this Porion listens, as far as is known. ``at_once`` runs several
    sources beside each other and gives what they give as it comes; unless it is given, one runs after
    the other.
    """

    dimse: Dimse
    web: Web
    resolve: Callable[[str], Sequence[str]]
    our_ports: tuple[int, ...] = ()
    at_once: AtOnce = field(default=lambda sources: chain.from_iterable(one(_go_on) for one in sources))
