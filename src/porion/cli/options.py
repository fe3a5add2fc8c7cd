"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option("--data", envvar="PORION_DATA", help="The data directory.", show_default=False)
]
Chosen = Annotated[
    Path | None, typer.Option("--model", envvar="PORION_MODEL", help="A model file.", show_default=False)
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="The most that are shown.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]
