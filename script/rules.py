"""Rules of the house that no linter knows: the tests' mirror, locks without hosts, licences that fit."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE, TESTS = ROOT / "src" / "porion", ROOT / "tests"

# What an Apache-2.0 product may ship. LGPL (psycopg) is used as a library that can be replaced.
LICENCES = (
    "MIT", "MIT-CMU", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL-2.0",
    "Mozilla Public License 2.0", "Unlicense", "LGPL-3.0-only", "LGPLv3", "Zlib", "0BSD", "CC0",
)  # fmt: skip


def without_mirror() -> Iterator[str]:
    """Source files that do something and have no test file in the same place.

    A file of nothing but declarations (records, ports, shapes of answers) has nothing to test.
    """
    for path in sorted(SOURCE.rglob("*.py")):
        inside = path.relative_to(SOURCE)
        if path.name == "__init__.py" or "migrations" in inside.parts or _declares_only(path):
            continue
        mirror = TESTS / inside.parent / f"test_{path.stem}.py"
        if not mirror.exists():
            yield f"src/porion/{inside} has no tests/{inside.parent}/test_{path.stem}.py"


def _declares_only(path: Path) -> bool:
    functions = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]
    return not any(_does_something(function) for function in functions)


def _does_something(function: ast.FunctionDef) -> bool:
    return any(not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)) for n in function.body)


def hosts_in_locks() -> Iterator[str]:
    """Lines of lock files that name an index."""
    for path in ROOT.glob("*.lock"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "://" in line or "--index" in line or "--extra-index" in line:
                yield f"{path.name}:{number} names a host: {line.strip()}"
    for path in sorted(ROOT.glob("**/package-lock.json")):
        if "node_modules" not in path.parts and '"resolved"' in path.read_text():
            yield f"{path.relative_to(ROOT)} says where packages were fetched: take its “resolved” lines out"


def unfit_licences() -> Iterator[str]:
    """Packages of the runtime lock whose licence is not in the list."""
    lock = (ROOT / "requirements.lock").read_text()
    locked = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    command = [sys.executable, "-m", "piplicenses", "--format=csv", "--from=mixed", "--with-system"]
    table = subprocess.run(
        [*command, "--packages", *locked], capture_output=True, text=True, check=True
    ).stdout
    for row in table.splitlines()[1:]:
        name, _version, licence = (cell.strip('"') for cell in row.split('","'))
        parts = re.split(r"\s*(?:;| OR | AND )\s*", licence.strip("()"))
        if not all(any(part.startswith(fit) or fit in part for fit in LICENCES) for part in parts):
            yield f"{name} is under {licence}: may it be shipped with an Apache-2.0 product?"


def main() -> int:
    """Print every breach; the exit status says whether there was one."""
    breaches = [*without_mirror(), *hosts_in_locks(), *unfit_licences()]
    for breach in breaches:
        print(breach)
    return bool(breaches)


if __name__ == "__main__":
    sys.exit(main())
