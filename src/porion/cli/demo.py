"""``porion demo``: a clinic that does not exist, whose devices send, to see what Porion does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from porion.cli import pending
from porion.cli.addresses import DEFAULT_DICOM, DEFAULT_HTTP, read_address
from porion.cli.bring import summary
from porion.cli.compose import at_the_desk
from porion.cli.demo_clinic import LogIn, book, bring_in, new_administrator, settle
from porion.cli.demo_sender import Play, player
from porion.cli.log import log_to_standard_error
from porion.cli.options import Data, Json
from porion.cli.output import say, write_json
from porion.cli.settings import Settings, read_settings
from porion.cli.supervisor import Tell
from porion.emulator.devices import A_ROUND, PAUSE, UNITS, Visit, visits
from porion.emulator.people import people
from porion.emulator.programs import SLICES
from porion.services.network import see_network

_SEED = 1
_OPENS = time(8, 4)
_BOOKED = 60
"""Visits after the morning of which worklists know."""

Http = Annotated[str, typer.Option("--http", help="Address and port; port 0 takes a free one.")]
Dicom = Annotated[str, typer.Option("--dicom", help="Address and port for DICOM; port 0 takes a free one.")]
Stay = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve, with devices that send.")]
KeepSending = Annotated[
    bool, typer.Option("--keep-sending/--morning-only", help="Send one now and then after the first studies.")
]
Studies = Annotated[int, typer.Option("--studies", min=0, help="How many studies the devices send at first.")]
Slices = Annotated[int, typer.Option("--slices", min=2, help="How many slices a cone-beam volume has.")]
ServeAll = Callable[[Settings, str, tuple[str | None, str | None], Tell], None]


def command(serve_all: ServeAll, tell_event: Callable[..., None]) -> Callable[..., None]:
    """The command, which serves with the one function and tells what happens with the other."""

    def demo(
        http: Http = DEFAULT_HTTP,
        dicom: Dicom = DEFAULT_DICOM,
        data: Data = None,
        stay: Stay = True,
        studies: Studies = 2 * A_ROUND,
        slices: Slices = SLICES,
        keep_sending: KeepSending = True,
        json: Json = False,
    ) -> None:
        """Serve a demo clinic: patients who do not exist, and devices that send X-rays which were drawn."""
        now = datetime.now(UTC).astimezone()  # devices show local time
        crowd = people(_SEED, now.year)
        with _place(data) as place:
            settings = read_settings(place)
            with at_the_desk(settings) as (porion, actor):
                settle(porion, actor, place, crowd)
                if stay:
                    coming = visits(UNITS, crowd, _SEED, now - studies * PAUSE)
                    book(porion, actor, islice(coming, studies + _BOOKED))
                called = see_network(porion, actor).ae_title
            if stay:
                begun = visits(UNITS, crowd, _SEED, now - studies * PAUSE)
                play = Play(begun, called, studies, slices, keep_sending, json)
                serve = partial(serve_all, settings, http, (dicom, None))
                _serve(settings, play, partial(tell_event, json=json), serve)
            else:
                morning = datetime.combine(now.date(), _OPENS, now.tzinfo)
                _bring(settings, islice(visits(UNITS, crowd, _SEED, morning), studies), slices, json=json)

    return demo


@contextmanager
def _place(data: Path | None) -> Iterator[Path]:
    """The data directory, gone afterwards unless it was given."""
    with tempfile.TemporaryDirectory(prefix="porion-demo-") as made:
        yield data or Path(made) / "data"


def _bring(settings: Settings, morning: Iterator[Visit], slices: int, *, json: bool) -> None:
    """Import what the devices would have sent, and show what waits."""
    with at_the_desk(settings) as (porion, actor):
        counts = bring_in(porion, actor, morning, slices)
    if json:
        write_json({"summary": counts})
    else:
        say(f"The demo's devices sent {summary(counts)}")
    pending.list_(data=settings.data, json=json)


def _serve(settings: Settings, play: Play, tell_event: Tell, serve: Callable[[Tell], None]) -> None:
    """Serve until stopped; the devices begin as soon as everything answers."""
    log_to_standard_error()
    with at_the_desk(settings) as (porion, actor):
        log_in = new_administrator(porion, actor)
    with player(play) as begin:

        def tell(event: dict[str, Any]) -> None:
            tell_event(event)
            if event["event"] == "ready":
                _tell_log_in(log_in, json=play.json)
                begin(*read_address(event["dicom"], DEFAULT_DICOM))

        serve(tell)


def _tell_log_in(log_in: LogIn, *, json: bool) -> None:
    if json:
        write_json({"event": "log-in", "email": log_in.email, "password": log_in.password})
        return
    say(f"Log in as {log_in.email} with the password {log_in.password}", "bold")
    say("The demo's devices send:")
