"""The web part as a process of its own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.cli.server import calling, serving


def test_it_runs_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "web") as server:
        assert set((server.told("ready") or {})["processes"]) == {"web"}
        with calling(server) as client:
            assert client.get("/api/health").status_code == 200


def test_after_a_kill_it_answers_at_the_same_address(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        (web,) = (server.told("ready") or {})["processes"]["web"]
        os.kill(web, signal.SIGKILL)
        with calling(server) as client:
            assert client.get("/api/health").status_code == 200
        assert server.end(signal.SIGTERM)[0] == 0
