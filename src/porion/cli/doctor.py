"""``porion doctor``: what keeps images from arriving, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from porion.cli.addresses import DEFAULT_DICOM, read_address
from porion.cli.compose import at_the_desk
from porion.cli.machine import facts_of
from porion.cli.options import Data, Json
from porion.cli.output import write_json, write_table
from porion.cli.settings import Settings, read_settings
from porion.clinic.permissions import Actor
from porion.dimse.probe import probe
from porion.services.devices import list_devices
from porion.services.diagnosis import Finding, Severity, diagnose_device, diagnose_system
from porion.services.network import see_network
from porion.services.ports import Porion


def doctor(
    which: Annotated[str | None, typer.Argument(metavar="[DEVICE]", help="Only this device.")] = None,
    echo: Annotated[str | None, typer.Option("--echo", help="HOST:PORT of a node to knock at.")] = None,
    aet: Annotated[str, typer.Option("--aet", help="That node's AE title.")] = "ANY-SCP",
    dicom: Annotated[
        str | None, typer.Option("--dicom", help="Where this Porion listens, if that was given to `serve`.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Look for what is wrong, with Porion and with each device; fails when there is a fault."""
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        if echo is not None:
            found = [_knock(porion, actor, echo, aet)]
        elif which is not None:
            found = diagnose_device(porion, actor, which)
        else:
            found = [*_porion(porion, actor, settings, dicom), *_devices(porion, actor)]
    if json:
        for one in found:
            write_json(asdict(one))
    else:
        write_table(
            ("", "about", "what is found", "what to do"),
            [(one.severity.value, one.about, one.sentence, one.advice) for one in found],
        )
    if any(one.severity is Severity.FAULT for one in found):
        raise typer.Exit(1)


def _porion(porion: Porion, actor: Actor, settings: Settings, dicom: str | None) -> list[Finding]:
    network = see_network(porion, actor)
    address = dicom or network.listen or DEFAULT_DICOM
    return diagnose_system(porion, actor, facts_of(settings, [address], network.ae_title))


def _devices(porion: Porion, actor: Actor) -> Iterator[Finding]:
    for row in list_devices(porion, actor):
        yield from diagnose_device(porion, actor, row.id)


def _knock(porion: Porion, actor: Actor, echo: str, aet: str) -> Finding:
    ours = see_network(porion, actor).ae_title
    told = probe(*read_address(echo, "192.168.1.20:104"), calling=ours, called=aet)
    if told is None:
        return Finding(Severity.OK, f"{aet} at {echo}", "It answers an echo.")
    return Finding(Severity.FAULT, f"{aet} at {echo}", told, f"Let its administrator enter {ours} as a peer.")
