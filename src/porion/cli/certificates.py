"""``porion certificates``: a clinic's own authority, and what devices need for DICOM over TLS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from porion.cli.compose import at_the_desk
from porion.cli.identities import certificates_of
from porion.cli.options import Data, Json
from porion.cli.output import say, write_json, write_table
from porion.cli.settings import read_settings
from porion.services.ae_titles import read_title
from porion.services.devices import DeviceChange, edit_device, list_devices
from porion.services.network import note_certificate
from porion.store.certificates import Certificate

CERTIFICATES = typer.Typer(help="Certificates for DICOM over TLS.", no_args_is_help=True)


@CERTIFICATES.command("init")
def init(
    host: Annotated[
        list[str] | None, typer.Option("--host", help="A name or address under which devices reach Porion.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make the clinic's authority, unless there is one, and Porion's own certificate anew."""
    settings = read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        made = certificates_of(settings).make_server(host or ["localhost", "127.0.0.1"], porion.now())
        note_certificate(porion, actor, made.name, made.fingerprint)
    _tell(made, json=json)


@CERTIFICATES.command("device")
def device(
    ae_title: Annotated[str, typer.Argument(metavar="AET", help="The device's AE title.")],
    out: Annotated[Path | None, typer.Option("--out", help="Where to put what the device needs.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a device's certificate; if there is just one device of that title, it is registered with it."""
    settings, title = read_settings(data), read_title(ae_title)
    with at_the_desk(settings) as (porion, actor):
        made = certificates_of(settings).make_device(title, porion.now(), out)
        note_certificate(porion, actor, made.name, made.fingerprint)
        known = [row for row in list_devices(porion, actor) if row.ae_title == title]
        if len(known) == 1:
            edit_device(porion, actor, known[0].id, DeviceChange(certificate=made.fingerprint))
    _tell(made, json=json)


@CERTIFICATES.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """Every certificate and when it expires."""
    found = certificates_of(read_settings(data)).all()
    if json:
        for one in found:
            write_json(_json(one))
    else:
        rows = [(one.name, one.expires.date().isoformat(), one.path.name, one.fingerprint) for one in found]
        write_table(("name", "expires", "file", "SHA-256"), rows)


def _tell(made: Certificate, *, json: bool) -> None:
    if json:
        write_json(_json(made))
        return
    say(f"{made.path} is valid until {made.expires.date().isoformat()}; its key lies beside it.")
    say(f"SHA-256 {made.fingerprint}")


def _json(one: Certificate) -> dict[str, str]:
    return {
        "name": one.name,
        "path": str(one.path),
        "expires": one.expires.isoformat(),
        "fingerprint": one.fingerprint,
    }
