from __future__ import annotations

from pathlib import Path

from porion.cli.job_kinds import job_kinds
from porion.cli.settings import read_settings
from tests.world import World


def test_every_kind_has_its_name(world: World, tmp_path: Path) -> None:
    kinds = job_kinds(world.porion, read_settings(tmp_path))
    assert {name: kind.name for name, kind in kinds.items()} == {name: name for name in kinds}
