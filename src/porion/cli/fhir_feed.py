"""``porion feed fhir``: a FHIR server's patients keep the register current."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from porion.cli.addresses import LOOPBACK
from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json
from porion.cli.output import complain, say, write_json
from porion.cli.settings import read_settings
from porion.cli.token_file import TokenFile, read_token
from porion.clinic.permissions import feeder
from porion.fhir.poll import poll
from porion.services.errors import Invalid, PorionError, SourceFailed

_SECONDS = 60.0
_LONGEST = 64 << 20
_MOST_WAIT = 3600.0


def fhir(
    base: Annotated[str, typer.Argument(help="The server's base address, https://… .")],
    every: Annotated[
        float | None, typer.Option("--every", min=1, help="Ask again after so many seconds, until stopped.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", help="Ask for changes since then, not since the last time.")
    ] = None,
    issuer: Annotated[
        list[str] | None,
        typer.Option("--issuer", help="SYSTEM=ISSUER: what DICOM calls an identifier system."),
    ] = None,
    token_file: TokenFile = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Read what changed at a FHIR server since the last time, and bring the register up to date."""
    fetch = Fetch(_safe(base), read_token(token_file) or "")
    systems = dict(map(_pair, issuer or ()))
    start = since.astimezone() if since else None
    with at_the_desk(read_settings(data)) as (porion, actor):
        feed, failures = feeder(base, actor.clinic_id), 0
        while True:
            try:
                outcomes = poll(porion, feed, base, fetch, systems, start)
            except PorionError as error:
                if every is None:
                    raise
                failures += 1
                complain(str(error))
            else:
                start, failures = None, 0
                _tell({one.value: count for one, count in sorted(outcomes.items())}, json=json)
            if every is None:
                return
            time.sleep(min(every * 2**failures, _MOST_WAIT))


def _tell(outcomes: dict[str, int], *, json: bool) -> None:
    if json:
        write_json(outcomes)
    else:
        say(", ".join(f"{count} {what}" for what, count in outcomes.items()) or "Nothing changed.")


def _safe(base: str) -> str:
    parts = urlsplit(base)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return base
    raise Invalid(
        f"{base} is no https address: names and birth dates do not go over the network in plain text."
    )


def _pair(text: str) -> tuple[str, str]:
    system, equals, name = text.rpartition("=")
    if not equals or not system or not name:
        raise Invalid(f"{text} names no issuer: write SYSTEM=ISSUER.")
    return system, name


class Fetch:
    """Gets JSON from one server; redirects are not followed."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._headers = {"Accept": "application/fhir+json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = urllib.request.build_opener(_NoRedirect)

    def __call__(self, address: str) -> dict[str, Any]:
        """The resource at an address; SourceFailed says why there is none."""
        request = urllib.request.Request(address, headers=self._headers)  # noqa: S310 - checked by _safe
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                content = answer.read(_LONGEST + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise SourceFailed(f"The server {self._base} answers {error.code} {error.reason}.") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise SourceFailed(f"The server {self._base} cannot be reached: {reason}.") from error
        if len(content) > _LONGEST:
            raise SourceFailed(f"The server {self._base} gives a page of more than {_LONGEST >> 20} MB.")
        try:
            resource = json.loads(content)
        except ValueError as error:
            raise SourceFailed(f"The server {self._base} does not answer in JSON.") from error
        if not isinstance(resource, dict):
            raise SourceFailed(f"The server {self._base} does not answer with a resource.")
        return resource


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """A redirect is an error: the token goes to the named server only."""
