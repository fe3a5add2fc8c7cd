"""TOML read value by value: whatever is wrong is noted with its line, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Path = tuple[str, ...]

_HEADER = re.compile(r"\s*(\[{1,2})\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")


@dataclass
class Notes:
    """What was found wrong, in words, with the line of each place in the text."""

    lines: Mapping[Path, int]
    problems: list[str] = field(default_factory=list)

    def add(self, path: Path, problem: str) -> None:
        """Note a problem of a place."""
        known = (self.lines.get(path[:size]) for size in range(len(path), 0, -1))
        line = next((f"line {line}, " for line in known if line), "")
        self.problems.append(f"{line}{'.'.join(path) or 'the file'}: {problem}")


@dataclass
class Table:
    """A table at its place; a value that is not as it has to be is noted, and another stands in for it."""

    values: dict[str, Any]
    path: Path
    notes: Notes
    absent: bool = False
    _asked: set[str] = field(default_factory=set)

    def number(self, name: str, least: float, most: float) -> float:
        """A number between two bounds."""
        value = self._get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self._wrong(name, value, f"a number from {least:g} to {most:g}")
        return least

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number between two bounds."""
        value = self._get(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._wrong(name, value, f"a whole number from {least} to {most}")
        return least

    def words(self, name: str, most: int = 500) -> str:
        """A text that says something."""
        value = self._get(name)
        if isinstance(value, str) and value.strip() and len(value) <= most:
            return value
        self._wrong(name, value, f"a text of 1 to {most} characters")
        return ""

    def some_of(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A list of known words; none when it is left out."""
        self._asked.add(name)
        value = self.values.get(name, [])
        if isinstance(value, list) and all(word in known for word in value):
            return tuple(value)
        self._wrong(name, value, f"a list of some of {', '.join(known)}")
        return ()

    def table(self, name: str) -> Table:
        """A table within this one."""
        value = self._get(name)
        if isinstance(value, dict):
            return Table(value, (*self.path, name), self.notes)
        self._wrong(name, value, "a table")
        return Table({}, (*self.path, name), self.notes, absent=True)

    def tables(self, name: str) -> list[Table]:
        """The tables of a list, numbered from 1."""
        value = self._get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong(name, value, "a list of tables")
            return []
        numbered = enumerate(value, 1)
        return [Table(one, (*self.path, name, str(number)), self.notes) for number, one in numbered]

    def finish(self, known: Iterable[str] = ()) -> None:
        """Note whatever nobody asked for: a name written wrongly would else be left out in silence."""
        there_are = ", ".join(known or sorted(self._asked))
        for name in self.values:
            if name not in self._asked:
                self.notes.add((*self.path, name), f"is not known here; there are {there_are}")

    def _get(self, name: str) -> Any:
        self._asked.add(name)
        return self.values.get(name)

    def _wrong(self, name: str, value: Any, wanted: str) -> None:
        if name in self.values:
            self.notes.add((*self.path, name), f"is {_short(value)}, and has to be {wanted}")
        elif not self.absent:
            self.notes.add(self.path, f"`{name}` is missing, {wanted}")


def parsed(text: str) -> Table:
    """The whole text as a table; ValueError says why it is no TOML."""
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    return Table(values, (), Notes(dict(_places(text))))


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Where each header and key stands; the tables of a list are numbered from 1."""
    inside: Path = ()
    counts: dict[str, int] = {}
    for line, written in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(written):
            first, *rest = header[2].split(".")
            counts[first] = counts.get(first, 0) + (header[1] == "[[")
            inside = (first, *([str(counts[first])] if counts[first] else []), *rest)
            yield inside, line
        elif key := _KEY.match(written):
            yield (*inside, key[1]), line


def _short(value: Any) -> str:
    try:
        shown = repr(value)
    except ValueError:
        return "a number of very many digits"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
