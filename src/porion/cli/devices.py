"""``porion device`` and ``porion network``: who may send, and where Porion listens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.devices import (
    DeviceChange,
    add_device,
    approve_device,
    block_device,
    edit_device,
    list_devices,
    see_device,
)
from porion.services.network import NetworkChange, see_network, set_network
from porion.services.records import DeviceRow, NetworkRow
from porion.services.rights import Right, rights_of

DEVICES = typer.Typer(help="Devices that send over DICOM.", no_args_is_help=True)
NETWORK = typer.Typer(help="Where Porion listens for DICOM.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="The device's identifier, or its AE title if only it has that.")]
Rights = Annotated[list[str], typer.Argument(metavar="RIGHT...", help=f"Of these: {', '.join(Right)}.")]
Address = Annotated[
    str | None, typer.Option("--address", help="From where it may come: an address or a range (CIDR).")
]
Name = Annotated[str | None, typer.Option("--name", help="What people call it.")]
Port = Annotated[
    int | None, typer.Option("--port", help="Where it listens itself, for answers to it; 0: nowhere.")
]


@DEVICES.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The clinic's devices; those that wait for approval come first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_devices(porion, actor)
    if json:
        for row in rows:
            write_json(device_json(row))
        return
    columns = ("id", "AE title", "address", "name", "state", "last seen (UTC)", "stored", "last error")
    write_table(columns, [_line(row) for row in rows])


@DEVICES.command("add")
def add(
    ae_title: Annotated[str, typer.Argument(metavar="AET", help="Its AE title.")],
    address: Annotated[str, typer.Option("--address", help="From where it may come: an address or CIDR.")],
    name: Annotated[str, typer.Option("--name", help="What people call it.")] = "",
    port: Port = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Let a device in that has not knocked yet."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(add_device(porion, actor, ae_title, address, name, port), json=json)


@DEVICES.command("approve")
def approve(which: Which, address: Address = None, data: Data = None, json: Json = False) -> None:
    """Let a waiting device in, from the address that it came from unless another range is given."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(approve_device(porion, actor, which, address), json=json)


@DEVICES.command("block")
def block(which: Which, data: Data = None, json: Json = False) -> None:
    """Turn a device away from now on."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell(block_device(porion, actor, which), json=json)


@DEVICES.command("edit")
def edit(
    which: Which,
    name: Name = None,
    address: Address = None,
    port: Port = None,
    certificate: Annotated[
        str | None, typer.Option("--certificate", help="SHA-256 fingerprint; empty takes it away.")
    ] = None,
    character_set: Annotated[
        str | None,
        typer.Option("--character-set", help="In which it really writes (ISO_IR 100); empty: as it says."),
    ] = None,
    dap_unit: Annotated[
        str | None,
        typer.Option("--dap-unit", help="Of its dose-area products; empty: dGy.cm2, as the standard says."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change what is known of a device; how it writes holds for what it sends from now on."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        change = DeviceChange(name, address, port, certificate, character_set, dap_unit)
        _tell(edit_device(porion, actor, which, change), json=json)


@DEVICES.command("allow")
def allow(which: Which, rights: Rights, data: Data = None, json: Json = False) -> None:
    """Let a device do more than send."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        held = see_device(porion, actor, which).rights
        change = DeviceChange(rights=[*held, *rights])
        _tell(edit_device(porion, actor, which, change), json=json)


@DEVICES.command("deny")
def deny(which: Which, rights: Rights, data: Data = None, json: Json = False) -> None:
    """Take rights away from a device."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        denied = rights_of(rights)
        held = see_device(porion, actor, which).rights
        change = DeviceChange(rights=[right for right in held if right not in denied])
        _tell(edit_device(porion, actor, which, change), json=json)


@NETWORK.command("show")
def show(data: Data = None, json: Json = False) -> None:
    """The network as it is set up."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell_network(see_network(porion, actor), json=json)


@NETWORK.command("set")
def set_(
    ae_title: Annotated[str | None, typer.Option("--ae-title", help="How devices call Porion.")] = None,
    listen: Annotated[
        str | None, typer.Option("--listen", help="HOST:PORT for DICOM; empty: this machine only.")
    ] = None,
    tls_listen: Annotated[str | None, typer.Option("--tls-listen", help="HOST:PORT for TLS.")] = None,
    unknown_classes: Annotated[
        bool | None,
        typer.Option("--unknown-classes/--known-classes", help="Take SOP classes that no standard knows."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Set the network up; only then is anybody but this machine heard. Addresses hold from the next start."""
    change = NetworkChange(ae_title, listen, tls_listen, unknown_classes)
    with at_the_desk(read_settings(data)) as (porion, actor):
        _tell_network(set_network(porion, actor, change), json=json)


def device_json(row: DeviceRow) -> dict[str, Any]:
    """A device for machines."""
    return {camel(key): _moment(value) for key, value in asdict(row).items()}


def _moment(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _line(row: DeviceRow) -> Sequence[str]:
    seen = row.last_seen.isoformat(" ", "minutes")[:16] if row.last_seen else "never"
    counted = str(row.stored)
    return (row.id, row.ae_title, row.address, row.name, row.state, seen, counted, row.last_error or "")


def _tell(row: DeviceRow, *, json: bool) -> None:
    if json:
        write_json(device_json(row))
    else:
        say(f"{row.ae_title} at {row.address} is {row.state}.")


def _tell_network(row: NetworkRow, *, json: bool) -> None:
    if json:
        write_json({camel(key): _moment(value) for key, value in asdict(row).items()})
        return
    say(f"Devices call Porion {row.ae_title}.")
    say(f"DICOM: {row.listen or 'this machine only'}; over TLS: {row.tls_listen or 'not listened for'}.")
