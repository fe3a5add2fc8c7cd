"""How names sound: keys under which a misheard or misspelt name is still found."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from string import ascii_lowercase
from typing import NamedTuple

from jellyfish import metaphone


class Sound(NamedTuple):
    """One row of Cologne phonetics: the first row that fits a letter and its neighbours gives the code."""

    letters: str
    code: str
    before: str = ""
    after: str = ""
    first: bool = False


COLOGNE = (
    # H. J. Postel, Die Kölner Phonetik, IBM-Nachrichten 19 (1969) 925-931
    Sound("aeijouy", "0"),
    Sound("h", ""),
    Sound("p", "3", before="h"),
    Sound("bp", "1"),
    Sound("dt", "8", before="csz"),
    Sound("dt", "2"),
    Sound("fvw", "3"),
    Sound("gkq", "4"),
    Sound("c", "4", before="ahkloqrux", first=True),
    Sound("c", "8", first=True),
    Sound("c", "8", after="sz"),
    Sound("c", "4", before="ahkoqux"),
    Sound("c", "8"),
    Sound("x", "8", after="ckq"),
    Sound("x", "48"),
    Sound("l", "5"),
    Sound("mn", "6"),
    Sound("r", "7"),
    Sound("sz", "8"),
)


_ROWS = {letter: tuple(row for row in COLOGNE if letter in row.letters) for letter in ascii_lowercase}


def cologne(word: str) -> str:
    """The Cologne code of a word of letters a-z; other characters are silent."""
    padded = f" {word} "
    codes = "".join(_code(*neighbours) for neighbours in zip(padded, padded[1:], padded[2:], strict=False))
    single = "".join(code for code, _ in groupby(codes))
    return single[:1] + single[1:].replace("0", "")


def _code(previous: str, letter: str, following: str) -> str:
    for row in _ROWS.get(letter, ()):
        if _fits(row, previous, following):
            return row.code
    return ""


def _fits(row: Sound, previous: str, following: str) -> bool:
    return (
        (not row.first or previous == " ")
        and (not row.before or following in row.before)
        and (not row.after or previous in row.after)
    )


@lru_cache(maxsize=65_536)
def sounds(word: str) -> tuple[str, ...]:
    """English (Metaphone) and German (Cologne) codes of a folded word, or the word itself without."""
    if not word.isascii():
        return (f"x{word}",)
    letters = word if word.isalpha() else "".join(letter for letter in word if letter.isalpha())
    codes = (f"e{metaphone(letters)}", f"g{cologne(letters)}")
    return tuple(code for code in codes if len(code) > 1) or (f"x{word}",)
