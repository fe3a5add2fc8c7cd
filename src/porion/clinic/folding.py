"""Written names made comparable: scripts, umlauts and Nordic letters, lost letters, broken encodings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import ftfy
from anyascii import anyascii


class Script(StrEnum):
    """What a name is written in; names of different scripts are never compared with one another."""

    ALPHABETIC = "alphabetic"
    IDEOGRAPHIC = "ideographic"
    PHONETIC = "phonetic"


class Letter(NamedTuple):
    """A letter that people without it on the keyboard write in two ways."""

    letter: str
    plain: str
    spelled: str
    source: str


LETTERS = (
    Letter("ä", "a", "ae", "German, DIN 5007-2; Swedish"),
    Letter("ö", "o", "oe", "German, DIN 5007-2; Swedish"),
    Letter("ü", "u", "ue", "German, DIN 5007-2"),
    Letter("ß", "ss", "ss", "German, DIN 5007"),
    Letter("ø", "o", "oe", "Danish and Norwegian, ICAO 9303-3 section 6"),
    Letter("å", "a", "aa", "Danish and Norwegian, ICAO 9303-3 section 6"),
    Letter("æ", "ae", "ae", "Danish and Norwegian, ICAO 9303-3 section 6"),
    Letter("œ", "oe", "oe", "French, ICAO 9303-3 section 6"),
)

LOST = "?"
"""What stands in a name where a console could not write the letter."""

_SPELLED = {ord(row.letter): row.spelled for row in LETTERS}
_PLAIN = {ord(row.letter): row.plain for row in LETTERS}
_SILENT = {ord(mark): None for mark in "'`\u2019\u00b4\u02bc"}
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_IDEOGRAPHIC = re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PHONETIC = re.compile("[\u1100-\u11ff\u3041-\u30ff\u3130-\u318f\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[a-z0-9?]*[a-z0-9][a-z0-9?]*")
_ANY_WORD = re.compile(r"[^\W_]+")
_UMLAUT_PAIR = re.compile("[ea](?<=[aou]e|aa)")
_LOST_RUN = re.compile(r"\?+")


@dataclass(frozen=True, eq=False, slots=True)
class Folded:
    """One written name with its foldings, each a tuple of words in the order written.

    ``plain`` reads ü as u, ``spelled`` as ue, and ``bare`` drops the e again, so that Müller, Mueller
    and Muller meet. ``cut`` says that the name ends where a field was full. Compared by identity:
    ``fold`` answers the same text with the same object, which makes comparisons cheap to remember.

    ``whole`` and ``bare_whole`` are foldings as one word; ``wholes`` are the plain and the spelled one, and
    two names that share one of these are the same name. ``words`` are the different foldings, word by word.
    ``lost`` is a pattern of what the name may have been, when a few of its letters were lost.
    """

    raw: str
    script: Script
    plain: tuple[str, ...]
    spelled: tuple[str, ...]
    bare: tuple[str, ...]
    cut: bool = False
    whole: str = field(init=False)
    wholes: frozenset[str] = field(init=False)
    bare_whole: str = field(init=False)
    words: tuple[tuple[str, ...], ...] = field(init=False)
    lost: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        """Work out what every comparison asks for: at once is cheaper than to look whether it was done."""
        whole, alike = "".join(self.plain), self.plain == self.spelled
        note = object.__setattr__
        note(self, "whole", whole)
        note(self, "wholes", frozenset((whole,) if alike else (whole, "".join(self.spelled))))
        note(self, "bare_whole", "".join(self.bare))
        note(self, "words", (self.plain,) if alike else (self.plain, self.spelled))
        note(self, "lost", _pattern(whole) if LOST in whole else None)

    def __bool__(self) -> bool:
        return bool(self.plain)


def _pattern(whole: str) -> re.Pattern[str] | None:
    if not 0 < whole.count(LOST) <= 4 or len(whole) - whole.count(LOST) < 2:
        return None
    return re.compile(_LOST_RUN.sub(lambda run: f"[^?]{{1,{len(run[0]) + 1}}}", whole))


def script_of(text: str) -> Script:
    """The script that decides: one ideograph makes a name ideographic, one kana or hangul phonetic."""
    if text.isascii():
        return Script.ALPHABETIC
    if _IDEOGRAPHIC.search(text):
        return Script.IDEOGRAPHIC
    return Script.PHONETIC if _PHONETIC.search(text) else Script.ALPHABETIC


def fold(text: str, *, cut: bool = False) -> Folded:
    """The foldings of a written name; empty ones when no letter is in it."""
    return _cut(text) if cut else _complete(text)


# Two memories instead of one for both arguments: a text by itself is the cheapest key.
@lru_cache(maxsize=65_536)
def _complete(text: str) -> Folded:
    return _folded(text, cut=False)


@lru_cache(maxsize=65_536)
def _cut(text: str) -> Folded:
    return _folded(text, cut=True)


def _folded(text: str, *, cut: bool) -> Folded:
    normal = unicodedata.normalize("NFKC", text)
    script = script_of(normal)
    if script is not Script.ALPHABETIC:
        words = tuple(_ANY_WORD.findall(normal.translate(_TO_HIRAGANA).casefold()))
        return Folded(text, script, words, words, words, cut)
    plain, spelled = _plain_and_spelled(normal.lower())
    bare = tuple([_UMLAUT_PAIR.sub("", word) for word in plain])
    return Folded(text, script, plain, spelled, bare, cut)


def _plain_and_spelled(lower: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if lower.isascii():
        # Most names, and three times as fast.
        words = _words(lower.replace("'", "").replace("`", ""))
        return words, words
    heard = lower.replace("\ufffd", LOST).translate(_SILENT)
    return _words(heard.translate(_PLAIN)), _words(heard.translate(_SPELLED))


def _words(text: str) -> tuple[str, ...]:
    latin = text if text.isascii() else anyascii(text).lower()
    return (latin,) if latin.isalnum() else tuple(_LATIN_WORD.findall(latin))


@lru_cache(maxsize=16_384)
def repaired(text: str) -> str:
    """The text with a wrongly decoded character set undone (``MÃ¼ller`` is ``Müller``), else as it was."""
    return text if text.isascii() else str(ftfy.fix_encoding(text))
