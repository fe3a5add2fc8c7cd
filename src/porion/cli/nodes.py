"""``porion node``: PACS and worklist servers that Porion asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from porion.cli.addresses import read_address
from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import camel, say, write_json, write_table
from porion.cli.remotes import remotes_of
from porion.cli.settings import read_settings
from porion.cli.token_file import TokenFile, read_token
from porion.services.node_records import NodeRow, Use
from porion.services.nodes import NodeChange, add_node, edit_node, list_nodes, remove_node, try_node

NODES = typer.Typer(help="PACS and worklist servers that Porion asks.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="The node's name or identifier.")]
Aet = Annotated[str | None, typer.Option("--aet", help="The node's AE title.")]
Address = Annotated[str | None, typer.Option("--address", help="HOST:PORT where it takes DICOM.")]
Calling = Annotated[
    str | None, typer.Option("--calling", help="Our AE title towards it; empty: the clinic's.")
]
Tls = Annotated[bool | None, typer.Option("--tls/--plain", help="DICOM over TLS.")]
DicomWeb = Annotated[str | None, typer.Option("--dicomweb", help="The base address of its DICOMweb.")]
Local = Annotated[
    bool | None,
    typer.Option("--allow-loopback/--no-loopback", help="Whether it may lie on this machine."),
]
Uses = Annotated[
    list[Use] | None, typer.Option("--use", help="What it may be used for; everything unless given.")
]


@NODES.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """The clinic's remote nodes."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_nodes(porion, actor)
    if json:
        for row in rows:
            write_json(node_json(row))
        return
    write_table(("name", "AE title", "address", "DICOMweb", "for", "can"), [_line(row) for row in rows])


@NODES.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    aet: Aet = None,
    address: Address = None,
    calling: Calling = None,
    tls: Tls = None,
    dicomweb: DicomWeb = None,
    token_file: TokenFile = None,
    allow_loopback: Local = None,
    use: Uses = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a remote node."""
    change = _change(name, aet, address, calling, tls, dicomweb, token_file, allow_loopback, use)
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        _tell(add_node(porion, remotes_of(porion, settings), actor, change), json=json)


@NODES.command("edit")
def edit(
    which: Which,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    aet: Aet = None,
    address: Address = None,
    calling: Calling = None,
    tls: Tls = None,
    dicomweb: DicomWeb = None,
    token_file: TokenFile = None,
    allow_loopback: Local = None,
    use: Uses = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change a remote node; what is left out stays."""
    change = _change(name, aet, address, calling, tls, dicomweb, token_file, allow_loopback, use)
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        _tell(edit_node(porion, remotes_of(porion, settings), actor, which, change), json=json)


@NODES.command("remove")
def remove(which: Which, data: Data = None) -> None:
    """Forget a remote node; what came from it stays."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = remove_node(porion, actor, which)
    say(f"{row.name} is no remote node any more.")


@NODES.command("test")
def try_out(which: Which, data: Data = None, json: Json = False) -> None:
    """Try out what a node can do; the exit status is 1 when it can do nothing."""
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        row = try_node(porion, remotes_of(porion, settings), actor, which)
    if json:
        write_json(node_json(row))
    else:
        write_table(("ability", "works"), [(name, why or "yes") for name, why in row.abilities.items()])
    if all(row.abilities.values()):
        raise typer.Exit(1)


def node_json(row: NodeRow) -> dict[str, Any]:
    """A node for machines; its token is never shown."""
    said = {camel(key): value for key, value in asdict(row).items() if key != "token"}
    plain = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in said.items()}
    return {**plain, "hasToken": bool(row.token)}


def _change(
    name: str | None,
    aet: str | None,
    address: str | None,
    calling: str | None,
    tls: bool | None,
    dicomweb: str | None,
    token_file: Path | None,
    may_be_local: bool | None,
    use: list[Use] | None,
) -> NodeChange:
    host, port = read_address(address, "192.168.1.5:104") if address else (None, None)
    uses = tuple(use) if use else None
    return NodeChange(
        name, aet, host, port, calling, tls, dicomweb, read_token(token_file), may_be_local, uses
    )


def _line(row: NodeRow) -> Sequence[object]:
    address = f"{row.host}:{row.port}" if row.host else ""
    can = ", ".join(name for name, why in row.abilities.items() if why is None)
    return (row.name, row.ae_title, address, row.dicomweb, ", ".join(row.uses), can or "not tried out")


def _tell(row: NodeRow, *, json: bool) -> None:
    if json:
        write_json(node_json(row))
    else:
        where = f"{row.ae_title} at {row.host}:{row.port}" if row.host else row.dicomweb
        say(f"{row.name} is {where}; `porion node test {row.name}` tries it out.")
