"""A clinic's patients who do not exist, drawn from a seed: siblings, twins, and names from many places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from porion.dicom.person import ClaimedIdentity, Identifier, PersonName

ISSUER = "DEMO"
"""Who issued the patients' IDs."""

HOW_MANY = 300
_FIRST_NUMBER = 20_001
_TWINS, _SIBLINGS, _GROWN_UP = 0.03, 0.22, 0.14


@dataclass(frozen=True, slots=True)
class Person:
    """One patient. ``goes_by`` is a nickname, ``old_number`` an ID from the clinic's former software."""

    number: str
    name: PersonName
    born: date
    sex: str
    goes_by: str
    old_number: str
    seed: int

    @property
    def registered(self) -> ClaimedIdentity:
        """The person as the clinic's register has them."""
        identifiers = (Identifier(self.number, ISSUER),)
        return ClaimedIdentity(self.name, identifiers=identifiers, birth_date=self.born, sex=self.sex)

    def age(self, day: date) -> float:
        """In years."""
        return (day - self.born).days / 365.25


@dataclass(frozen=True, slots=True)
class Names:
    """Names that go together, separated by commas; ``middle`` is what girls and boys carry between theirs."""

    families: str
    girls: str
    boys: str
    share: int
    middle: tuple[str, str] = ("", "")


_NAMES = (
    Names(
        "Müller, Schröder, Größler, Weiß, Köhler, Jäger, Vögele, Brandt-Schäfer, Lindenmaier, Kühn, Strauß,"
        " Öztopal-Krüger, von der Heide, Böttcher, Haßler, Zöllner",
        "Anna, Lena, Käthe, Mia, Emilia, Johanna, Zoë, Anna-Lena, Marlene, Frieda, Katharina, Charlotte",
        "Jonas, Lukas, Björn, Maximilian, Jörg, Felix, Karl-Heinz, Emil, Götz, Alexander, Benjamin, Anton",
        10,
    ),
    Names(
        "Jørgensen, Ångström, Sørbø, Bäckström, Håkansson, Lindqvist, Mäkelä, Þorvaldsson, Østergård",
        "Åsa, Solveig, Maja, Freja, Aino, Sigrún, Linnea, Bjørg",
        "Emil, Søren, Håkon, Väinö, Åke, Magnus, Jón, Oskar",
        4,
    ),
    Names(
        "Şahin, Yıldız, Öztürk, Çelik, Güneş, Kılıç, Doğan, Aydın",
        "Ayşe, Elif, Zeynep, Gülşen, İpek, Defne",
        "Deniz, Çağlar, Emre, Ömer, Yiğit, İlker",
        4,
    ),
    Names(
        "García López, Muñoz, Ibáñez Peña, Núñez, Cortés Vidal, Güell, Ordóñez Ruiz",
        "Sofía, Lucía, María José, Inés, Begoña, Ángela",
        "Iñigo, Álvaro, Joaquín, José Luis, Martín, Raúl",
        3,
    ),
    Names(
        "Nguyễn, Trần, Phạm, Đặng, Lê, Võ",
        "Mai, Hương, Lan Anh, Thảo, Ngọc",
        "Minh, Đức, Tuấn, Hoàng, Phúc",
        2,
        ("Thị", "Văn"),
    ),
    Names(
        "Okafor, Whitfield, O'Rourke, Fairbanks-Doyle, Kaminski, Nowak, Wójcik, Szabó, Dvořák, Haddad, Rossi",
        "Isabella, Margaret, Chidinma, Elizabeth, Magda, Zofia, Layla, Victoria, Abigail",
        "Daniel, Samuel, Nicholas, Paweł, Tomáš, Karim, Matthew, Theodore, Joshua",
        5,
    ),
)
"""Common names, combined by chance: whoever bears one of the combinations is not meant."""

_GOES_BY = {
    "Alexander": "Alex",
    "Benjamin": "Ben",
    "Maximilian": "Max",
    "Katharina": "Kathi",
    "Charlotte": "Lotte",
    "Isabella": "Bella",
    "Margaret": "Maggie",
    "Elizabeth": "Lizzie",
    "Victoria": "Vicky",
    "Abigail": "Abby",
    "Daniel": "Dan",
    "Samuel": "Sam",
    "Nicholas": "Nick",
    "Matthew": "Matt",
    "Theodore": "Ted",
    "Joshua": "Josh",
}


def people(seed: int, year: int, count: int = HOW_MANY) -> tuple[Person, ...]:
    """So many people as they are in that year, mostly 7 to 17 years old: the same seed, the same people."""
    chance = np.random.default_rng(seed)
    made: list[Person] = []
    while len(made) < count:
        before = made[-1] if made else None
        lot = chance.random()
        if before is None or lot >= _TWINS + _SIBLINGS:
            made.append(_stranger(chance, year, len(made)))
        else:
            made.append(_relative(chance, before, len(made), twin=lot < _TWINS))
    return tuple(made)


def _stranger(chance: np.random.Generator, year: int, index: int) -> Person:
    shares = np.array([row.share for row in _NAMES])
    names = _NAMES[chance.choice(len(_NAMES), p=shares / shares.sum())]
    grown_up = chance.random() < _GROWN_UP
    age = chance.uniform(19, 62) if grown_up else chance.triangular(7, 12.5, 17.9)
    born = date(year, 7, 1) - timedelta(days=round(age * 365.25))
    return _person(chance, names, _one_of(chance, _words(names.families)), born, index)


def _relative(chance: np.random.Generator, before: Person, index: int, *, twin: bool) -> Person:
    """A brother or sister: the same family name, and for a twin the same birthday."""
    names = next(row for row in _NAMES if before.name.family in _words(row.families))
    years = 0.0 if twin else chance.choice((-1, 1)) * chance.uniform(1.2, 4.5)
    born = before.born + timedelta(days=round(years * 365.25))
    return _person(chance, names, before.name.family, born, index, not_called=before.name.given)


def _person(
    chance: np.random.Generator, names: Names, family: str, born: date, index: int, not_called: str = ""
) -> Person:
    girl = bool(chance.random() < 0.5)
    given = _one_of(chance, [one for one in _words(names.girls if girl else names.boys) if one != not_called])
    stated = "F" if girl else "M"
    return Person(
        number=str(_FIRST_NUMBER + index),
        name=PersonName(family, given, names.middle[0 if girl else 1]),
        born=born,
        sex=stated if chance.random() > 0.01 else "O",
        goes_by=_GOES_BY.get(given, ""),
        old_number=f"K-{chance.integers(1_000, 9_999)}",
        seed=int(chance.integers(1 << 30)),
    )


def _one_of(chance: np.random.Generator, words: list[str]) -> str:
    return words[chance.integers(len(words))]


def _words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",")]
