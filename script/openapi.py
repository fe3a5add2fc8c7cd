"""Print the description of the API as it stands: what the page's client is made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from porion.http.app import create_app
from porion.http.door import Door, HttpSettings


def description() -> dict[str, Any]:
    """The OpenAPI document; no clinic is needed to say what could be asked of one."""
    nobody = cast("Any", None)
    settings = HttpSettings(hosts=frozenset())
    app = create_app(Door(nobody, nobody, nobody, Path(), settings, nobody))
    return app.openapi()


if __name__ == "__main__":
    print(json.dumps(description(), indent=1))
