"""A process that plays the demo's devices: it sends a whole morning, then one study now and then."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection

from porion.cli.output import complain, say, write_json
from porion.cli.supervisor import follow_parent
from porion.emulator.devices import Visit, images
from porion.emulator.modality import Modality, answering, chosen
from porion.emulator.sender import NotReceived, send

_FORK = get_context("fork")


@dataclass(frozen=True, slots=True)
class Play:
    """``morning`` studies ``pause`` seconds apart, then one every ``rest`` seconds if that is wanted."""

    visits: Iterable[Visit]
    called: str
    morning: int
    slices: int
    keep_sending: bool
    json: bool
    pause: float = 1.0
    rest: float = 20.0


@contextmanager
def player(play: Play) -> Iterator[Callable[[str, int], None]]:
    """A process that waits to be told host and port, then sends; ended with the block."""
    sys.stdout.flush()
    theirs, ours = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_run, args=(play, theirs, ours), name="demo devices")
    process.start()
    theirs.close()
    try:
        yield lambda host, port: ours.send((host, port))
    finally:
        ours.close()
        process.terminate()
        process.join()


def _performed(play: Play, visit: Visit, address: tuple[str, int]) -> tuple[list[int], bool]:
    """Expose and send; with a worklist, as it says and with a report before and after."""
    device = Modality(*address, calling=visit.unit.title, called=play.called)
    entry = None
    if visit.by_worklist:
        with suppress(NotReceived):  # without a worklist the operator types
            entry = chosen(device.worklist(visit.at), visit)
    made = list(images(visit, play.slices))
    if entry is None:
        return send(made, *address, calling=device.calling, called=device.called), False
    report = device.begin(visit, entry)
    statuses = send(answering(made, entry), *address, calling=device.calling, called=device.called)
    device.complete(report, visit, made)
    return statuses, True


def _run(play: Play, pipe: Connection, other_end: Connection) -> None:
    """The process: it ends at once, wherever it is, so that nothing is under way when Porion stops."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    other_end.close()
    follow_parent()
    # Told nothing, or nobody reads any more what is told: then there is nothing left to do.
    with suppress(EOFError, OSError):
        perform(play, pipe.recv())


def perform(play: Play, address: tuple[str, int], sleep: Callable[[float], None] = time.sleep) -> None:
    """Send the morning, then go on if that is wanted; what fails is told, and the next study is sent."""
    visits = iter(play.visits)
    for visit in islice(visits, play.morning):
        _send(play, visit, address)
        sleep(play.pause)
    for visit in visits if play.keep_sending else ():
        sleep(play.rest)
        _send(play, replace(visit, at=datetime.now(UTC).astimezone()), address)


def _send(play: Play, visit: Visit, address: tuple[str, int]) -> None:
    try:
        statuses, by_worklist = _performed(play, visit, address)
    except NotReceived as error:
        complain(str(error))
        return
    refused = sum(status != 0 for status in statuses)
    if play.json:
        event = {"event": "sent", "device": visit.unit.title, "program": visit.program.name}
        write_json(event | {"instances": len(statuses), "refused": refused, "byWorklist": by_worklist})
        return
    how = "from its worklist, and reported it done" if by_worklist else visit.habit.value
    say(f"  {visit.unit.title} sent a {visit.program.name}: {how}")
    if refused:
        complain(f"{refused} of {len(statuses)} instances were refused.")
