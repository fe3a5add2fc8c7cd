"""Tokens for other servers come out of files: a command line can be read by everybody on the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from porion.services.errors import Invalid

TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="A file with the bearer token for the server.", show_default=False),
]


def read_token(file: Path | None) -> str | None:
    """The token in a file, None without one; Invalid when it cannot be read."""
    try:
        return file.read_text().strip() if file else None
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from error
