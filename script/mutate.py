"""Break the matcher's score and vetoes in every small way, and see whether a test notices.

    .venv/bin/python script/mutate.py [MODULE ...] [--workers 2]

Modules are names in ``porion.clinic``. Each mutant changes one operator, constant, condition, answer or
member of a set; it is caught when a test of ``tests/clinic`` fails. Mutants that mean the same as what they
were made of are in ``EQUIVALENT``, each with its reason; every other one that survives is told, and the
status is 1. Tests that fail of themselves would catch everything: then nothing is tried, and it is 2.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
MODULES = ("evidence", "matching", "model", "vetoes")
FIRST = tuple(f"tests/clinic/test_{name}.py" for name in (*MODULES, "comparison", "explanation"))
_SECONDS = 300

SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLS = {"max": "min", "min": "max", "any": "all", "all": "any", "sorted": "list"}

EQUIVALENT = {
    "evidence: False for True in 'True'": "both sides of the zip have a member for each field",
    "evidence: member 0 left out in '(str, str)'": "an annotation",
    "evidence: member 1 left out in '(str, str)'": "an annotation",
    "evidence: min for max in 'max(terms)'": "it only keeps numbers small; the sum is the same",
    "evidence: 1 for 0 in '0'": "nobody and one patient count alike: what fewer than fewest carry is theirs",
    "evidence: None returned in \"return ''\"": "empty reasons are left out, as are none",
    "model: GtE for Gt in 'row.m > row.u'": "where both are one, the share of others is that of strangers",
    "model: 16385 for 16384 in '16384'": "how much is remembered changes no answer",
    "model: 1025 for 1024 in '1024'": "how much is remembered changes no answer",
    "vetoes: None returned in 'return False'": "a rule that answers nothing does not hold either",
    "matching: GtE for Gt in 'gap > 0'": "a lead of exactly nothing takes an equal rival, who is a veto",
}
"""What was changed, as it is told, and why no test can notice."""


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    module: str
    told: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    path = ROOT / "src/porion/clinic" / f"{module}.py"
    tree = ast.parse(path.read_text())
    for number, node in enumerate(_nodes(tree)):
        for change, words in _changes(node):
            copied = copy.deepcopy(tree)
            target = list(_nodes(copied))[number]
            change(target)
            told = f"{module}: {words} in {ast.unparse(node)!r}"
            yield Mutant(module, told, ast.unparse(ast.fix_missing_locations(copied)))


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of code that runs: no annotations, docstrings and imports for types."""
    for child in ast.iter_child_nodes(tree):
        if _says_nothing(tree, child):
            continue
        yield child
        yield from _nodes(child)


def _says_nothing(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
        return True
    if isinstance(parent, (ast.arg, ast.AnnAssign)) and child is parent.annotation:
        return True
    if isinstance(parent, ast.FunctionDef) and (child is parent.returns or child in parent.decorator_list):
        return True
    return isinstance(parent, ast.ClassDef) and child in parent.decorator_list


def _changes(node: ast.AST) -> Iterator[tuple]:
    if isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPS:
        new = SWAPS[type(node.op)]
        yield (lambda one: setattr(one, "op", new()), f"{new.__name__} for {type(node.op).__name__}")
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        other = SWAPS[type(node.ops[0])]
        yield (
            lambda one: one.ops.__setitem__(0, other()),
            f"{other.__name__} for {type(node.ops[0]).__name__}",
        )
    if isinstance(node, ast.UnaryOp):
        yield (
            lambda one: setattr(one, "op", ast.UAdd() if isinstance(one.op, ast.USub) else _double(one)),
            "no sign",
        )
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield (lambda one: setattr(one, "value", value), f"{value} for {node.value}")
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield (lambda one: setattr(one, "value", ast.Constant(None)), "None returned")
    if isinstance(node, ast.IfExp):
        yield (_exchange, "branches exchanged")
    if (
        isinstance(node, (ast.Set, ast.Tuple))
        and len(node.elts) > 1
        and not isinstance(getattr(node, "ctx", None), ast.Store)
    ):
        for number in range(len(node.elts)):
            yield (lambda one, at=number: one.elts.pop(at), f"member {number} left out")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        name = CALLS[node.func.id]
        yield (lambda one: setattr(one.func, "id", name), f"{name} for {node.func.id}")


def _double(one: ast.UnaryOp) -> ast.unaryop:
    one.operand = ast.UnaryOp(ast.Not(), one.operand)
    return ast.Not()


def _exchange(one: ast.IfExp) -> None:
    one.body, one.orelse = one.orelse, one.body


def survives(mutant: Mutant, copied: Path) -> bool:
    """Whether no test notices: first those that say most of the score, then all."""
    path = copied / "porion/clinic" / f"{mutant.module}.py"
    original = path.read_text()
    path.write_text(mutant.source)
    try:
        return all(_passes(tests, copied) for tests in (FIRST, ("tests/clinic",)))
    finally:
        path.write_text(original)


def _passes(tests: Sequence[str], copied: Path) -> bool:
    words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", *tests]
    environment = {**os.environ, "PYTHONPATH": f"{copied}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *words]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    """Try all mutants; 0 when every one was caught, 2 when the tests fail without them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    made = [one for module in options.modules for one in mutants(module)]
    wanted = [one for one in made if one.told not in EQUIVALENT]
    trees: SimpleQueue[Path] = SimpleQueue()
    survivors = []
    with tempfile.TemporaryDirectory() as place:
        for number in range(options.workers):
            tree = Path(place) / str(number)
            shutil.copytree(
                ROOT / "src/porion", tree / "porion", ignore=shutil.ignore_patterns("__pycache__")
            )
            trees.put(tree)
        if not _passes(("tests/clinic",), tree):
            print("The tests fail without any change; no mutant would tell anything.", file=sys.stderr)
            return 2

        def tried(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                return survives(mutant, tree)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(options.workers) as pool:
            for mutant, alive in zip(wanted, pool.map(tried, wanted), strict=True):
                if alive:
                    survivors.append(mutant)
                    print("survives:", mutant.told, flush=True)
    caught = len(wanted) - len(survivors)
    equivalent = len(made) - len(wanted)
    print(f"{len(made)} mutants: {caught} caught, {equivalent} equivalent, {len(survivors)} survive")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
