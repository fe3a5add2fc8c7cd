"""``porion serve``: web, receivers and worker, watched over until told to stop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from socket import socket
from typing import Annotated, Any

import typer

from porion.cli.addresses import DEFAULT_DICOM, DEFAULT_HTTP, LOOPBACK, listening, read_address, shown
from porion.cli.compose import opened
from porion.cli.dicom_listeners import network_plan
from porion.cli.feed_part import Networks, feed_door
from porion.cli.log import log_to_standard_error
from porion.cli.options import Data, Json
from porion.cli.output import complain, say, write_json
from porion.cli.settings import Settings, read_settings
from porion.cli.supervisor import Part, Supervisor, Tell
from porion.dimse.door import Listener
from porion.services.errors import Invalid

PARTS = ("web", "receiver", "worker", "jobs", "feed")

Only = Annotated[str | None, typer.Argument(help="Only this part: web, receiver, worker, jobs or feed.")]
Http = Annotated[str, typer.Option("--http", help="Address and port; port 0 takes a free one.")]
Dicom = Annotated[
    str | None,
    typer.Option(
        "--dicom",
        help="Address and port for DICOM; otherwise that of the network's set-up, or " + DEFAULT_DICOM + ".",
        show_default=False,
    ),
]
DicomTls = Annotated[
    str | None, typer.Option("--dicom-tls", help="Address and port for DICOM over TLS.", show_default=False)
]
Hl7 = Annotated[
    str | None,
    typer.Option("--hl7", help="Address and port for HL7 v2 ADT messages over MLLP.", show_default=False),
]
Hl7Peers = Annotated[
    list[str] | None,
    typer.Option(
        "--hl7-peer", help="A range of addresses that HL7 messages may come from.", show_default=False
    ),
]


@dataclass(frozen=True, slots=True)
class Runners:
    """What each part of Porion runs; they are built elsewhere, so that not every command loads them all."""

    web: Callable[[Settings, socket, Mapping[str, Any], Tell], None]
    receiver: Callable[[Settings, Sequence[Listener], Tell], None]
    worker: Callable[[Settings, Tell], None]
    jobs: Callable[[Settings, Tell], None]
    feed: Callable[[Settings, socket, Networks, Tell], None]


def command(runners: Runners) -> Callable[..., None]:
    """The command over these parts."""

    def serve(
        only: Only = None,
        http: Http = DEFAULT_HTTP,
        dicom: Dicom = None,
        dicom_tls: DicomTls = None,
        hl7: Hl7 = None,
        hl7_peer: Hl7Peers = None,
        data: Data = None,
        json: Json = False,
    ) -> None:
        """Answer over HTTP, receive over DICOM and HL7; a first start prints a link to set it up."""
        log_to_standard_error()
        if only not in (None, *PARTS):
            raise Invalid(f"{only} is no part of Porion: there are {', '.join(PARTS)}.")
        tell = partial(tell_event, json=json)
        if only == "feed" and not hl7:
            raise Invalid("Say where HL7 messages are taken, such as --hl7 127.0.0.1:2575.")
        feed = feed_door(hl7, hl7_peer or ()) if hl7 else None
        serve_all(runners, read_settings(data), http, (dicom, dicom_tls), tell, feed=feed, only=only)

    return serve


def serve_all(
    runners: Runners,
    settings: Settings,
    http: str,
    dicom: tuple[str | None, str | None],
    tell: Tell,
    *,
    feed: tuple[str, int, Networks] | None = None,
    only: str | None = None,
) -> None:
    """Serve until SIGTERM; ``tell`` hears started, setup and, when everything answers, ready."""
    host, port = _http_address(http)
    wanted = PARTS if only is None else (only,)
    with opened(settings) as porion:
        if {"receiver", "worker"} & set(wanted):
            porion.spool.trust_again()
        plan = network_plan(porion, settings, *dicom)
    with ExitStack() as stack:
        parts: list[Part] = []
        ready: dict[str, Any] = {"event": "ready"}
        if "web" in wanted:
            web = stack.enter_context(closing(listening(host, port)))
            ready["http"] = f"http://{shown(host, web)}"
            parts.append(Part("web", partial(runners.web, settings, web, ready)))
        if "receiver" in wanted:
            listeners = plan.listen(stack)
            ready |= plan.told(listeners)
            if plan.note:
                tell({"event": "trouble", "part": "receiver", "note": plan.note})
            parts += _receivers(runners, settings, list(listeners.values()))
        for name, run in (("worker", runners.worker), ("jobs", runners.jobs)):
            parts += [Part(name, partial(run, settings))] if name in wanted else []
        if "feed" in wanted and feed:
            where, number, peers = feed
            hl7 = stack.enter_context(closing(listening(where, number)))
            ready["hl7"] = shown(where, hl7)
            parts.append(Part("feed", partial(runners.feed, settings, hl7, peers)))
        if Supervisor(parts, partial(_pass_on, tell, ready)).run() == signal.SIGINT:
            sys.exit(130)


def _receivers(runners: Runners, settings: Settings, listeners: Sequence[Listener]) -> list[Part]:
    run = partial(runners.receiver, settings, listeners)
    return [Part("receiver", run) for _ in range(settings.receivers)] if listeners else []


def _pass_on(tell: Tell, ready: dict[str, Any], event: dict[str, Any]) -> None:
    tell(ready | {"processes": event["processes"]} if event["event"] == "up" else event)


def _http_address(text: str) -> tuple[str, int]:
    host, port = read_address(text, DEFAULT_HTTP)
    if host not in LOOPBACK:
        raise Invalid(
            f"{host} is not this machine's loopback. Porion speaks plain HTTP: let a reverse proxy with TLS"
            " on this machine listen to the network and forward to it (PORION_HOSTS names the host)."
        )
    return host, port


def tell_event(event: dict[str, Any], *, json: bool) -> None:
    """Say what happened, to people or to machines."""
    if json:
        write_json(event)
        return
    match event["event"]:
        case "setup":
            say("Open this link once to make the first administrator:", "bold")
            say(f"  {event['url']}")
        case "ready":
            for line in _ready_lines(event):
                say(line)
        case "restarted":
            complain(f"The {event['part']} ended (status {event['status']}) and is started anew.")
        case _:
            complain(event["note"], style="none")


def _ready_lines(event: dict[str, Any]) -> Iterator[str]:
    for key, what in (
        ("http", "Porion answers at {}"),
        ("dicom", "It receives DICOM at {}"),
        ("dicomTls", "It receives DICOM over TLS at {}"),
        ("hl7", "It takes HL7 messages at {}"),
    ):
        if event.get(key):
            yield (
                f"{what.format(event[key])} (Ctrl-C stops it)."
                if key == "http"
                else f"{what.format(event[key])}."
            )
