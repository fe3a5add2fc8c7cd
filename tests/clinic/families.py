"""A synthetic clinic: families from name lists, and what devices make of their identities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, product
from random import Random

from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName

GIRLS = [
    "Anna",
    "Emma",
    "Mia",
    "Lena",
    "Sophie",
    "Marie",
    "Katharina",
    "Johanna",
    "Elif",
    "Zeynep",
    "Jürgine",
    "Hanna",
    "Freja",
    "Astrid",
    "Åse",
    "Ida",
    "Olivia",
    "Emily",
    "Katherine",
    "Elizabeth",
    "Margaret",
    "Chloé",
    "Camille",
    "Inès",
    "Giulia",
    "Chiara",
    "Lucía",
    "Ximena",
    "Noa",
    "Aylin",
    "Julia",
    "Jana",
    "Christina",
    "Daniela",
    "Amelie",
    "Clara",
    "Greta",
    "Frieda",
    "Paula",
    "Mathilda",
]
BOYS = [
    "Ben",
    "Paul",
    "Jonas",
    "Leon",
    "Finn",
    "Noah",
    "Elias",
    "Jürgen",
    "Søren",
    "Jørgen",
    "Bjørn",
    "Lukas",
    "Max",
    "Felix",
    "Mehmet",
    "Emre",
    "Yusuf",
    "Michael",
    "Daniel",
    "Christian",
    "Jan",
    "Julian",
    "Alexander",
    "William",
    "James",
    "Robert",
    "Thomas",
    "Luca",
    "Matteo",
    "Diego",
    "José",
    "André",
    "François",
    "Håkon",
    "Emil",
    "Oskar",
    "Anton",
    "Karl",
    "Moritz",
    "Samuel",
]
COMMON = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Y\u0131lmaz",
    "Kaya",
    "Demir",
    "Nguyen",
    "Smith",
    "Jones",
    "García",
    "López",
    "Rossi",
    "Hansen",
    "Sørensen",
    "Jørgensen",
    "Nielsen",
    "Kowalski",
    "Nowak",
    "Ivanov",
    "Petrov",
    "Weiß",
    "Groß",
    "Köhler",
]
STEMS = [
    "Stein",
    "Berg",
    "Wald",
    "Feld",
    "Bach",
    "Brunn",
    "Linden",
    "Eichen",
    "Rosen",
    "Silber",
    "Gold",
    "Sommer",
    "Winter",
    "Oster",
    "Wester",
    "Hohen",
    "Nieder",
    "Ober",
    "Unter",
    "Kirch",
    "Mühl",
    "Schön",
    "Lang",
    "Breit",
    "Krumm",
    "Fried",
    "Ehren",
    "Löwen",
    "Adler",
    "Falken",
]
ENDS = [
    "er",
    "mann",
    "meier",
    "hof",
    "bach",
    "berg",
    "feld",
    "stein",
    "hauser",
    "müller",
    "brunner",
    "ling",
    "wald",
    "au",
    "kamp",
]
FAMILIES = [*COMMON, *("".join(pair) for pair in product(STEMS, ENDS))]
WEIGHTS = [1 / (rank + 10) for rank in range(len(FAMILIES))]


@dataclass(frozen=True)
class Incoming:
    """A claim with the truth: the id of its patient, or None when the register lacks the person."""

    claim: ClaimedIdentity
    truth: str | None


def a_clinic(size: int, seed: int = 1) -> list[Patient]:
    """So many patients: siblings under one surname, one family in thirty with twins."""
    random, numbers = Random(seed), count(1)
    people: list[Patient] = []
    while len(people) < size:
        family = random.choices(FAMILIES, WEIGHTS)[0]
        born = date(2006, 1, 1) + timedelta(days=random.randrange(4400))
        used: set[str] = set()
        for _ in range(random.choice((1, 1, 2, 2, 3))):
            sex = random.choice("FM")
            given = random.choice([name for name in (GIRLS if sex == "F" else BOYS) if name not in used])
            used.add(given)
            n = next(numbers)
            number = Identifier(f"{n:06}", "CLINIC")
            people.append(Patient(f"p{n:06}", PersonName(family, given), born, sex, (number,)))
            born += timedelta(days=0 if random.random() < 0.03 else random.randrange(400, 1500))
    return people[:size]


def split_in_half(people: list[Patient], seed: int = 2) -> tuple[list[Patient], list[Patient]]:
    """Registered and unregistered people; relatives are torn apart at random."""
    shuffled = Random(seed).sample(people, len(people))
    return shuffled[: len(people) // 2], shuffled[len(people) // 2 :]


def incoming(people: list[Patient], registered: list[Patient], seed: int = 3) -> list[Incoming]:
    """One noisy claim for each person."""
    random, known = Random(seed), {each.id for each in registered}
    by_family: dict[str, list[Patient]] = {}
    for each in registered:
        by_family.setdefault(each.name.family, []).append(each)
    return [
        Incoming(
            noisy(each, by_family.get(each.name.family, []), random), each.id if each.id in known else None
        )
        for each in people
    ]


def noisy(person: Patient, namesakes: list[Patient], random: Random) -> ClaimedIdentity:
    """The person as a device might state it: spelled, swapped, mistyped, without ID, with a sibling's ID."""
    identifiers = person.identifiers if random.random() < 0.7 else ()
    if identifiers and random.random() < 0.1:
        identifiers = (random.choice(ID_NOISE)(identifiers[0]),)
    if namesakes and random.random() < 0.03:
        identifiers = random.choice(namesakes).identifiers
    name = person.name
    if random.random() < 0.25:
        name = random.choice(NAME_NOISE)(name, random)
    born = person.birth_date
    if born and random.random() < 0.08:
        born = random.choice(DATE_NOISE)(born, random)
    return ClaimedIdentity(
        name, identifiers=identifiers, birth_date=born, sex=person.sex if random.random() < 0.6 else ""
    )


def typo(text: str, random: Random) -> str:
    """One letter left out, doubled or exchanged with the next."""
    if len(text) < 3:
        return text
    at = random.randrange(1, len(text) - 1)
    return random.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def _swapped_day(born: date, _: Random) -> date:
    return born.replace(month=born.day, day=born.month) if born.day <= 12 else born


SPELLED = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ø": "oe", "å": "aa", "Å": "Aa", "ß": "ss"})
PLAIN = str.maketrans(
    {"ü": "u", "ö": "o", "ä": "a", "ø": "o", "å": "a", "Å": "A", "ß": "ss", "é": "e", "í": "i"}
)

ID_NOISE = (
    lambda number: Identifier(number.value.lstrip("0"), number.issuer),
    lambda number: Identifier(f"MUC-{number.value}", number.issuer),
    lambda number: Identifier(number.value, ""),
    lambda number: Identifier(number.value, "OTHER"),
)
NAME_NOISE = (
    lambda name, _: PersonName(name.family.translate(SPELLED), name.given.translate(SPELLED)),
    lambda name, _: PersonName(name.family.translate(PLAIN), name.given.translate(PLAIN)),
    lambda name, _: PersonName(name.family.upper(), name.given.upper()),
    lambda name, _: PersonName(name.given, name.family),
    lambda name, _: PersonName(f"{name.given} {name.family}"),
    lambda name, _: PersonName(f"{name.family}, {name.given}"),
    lambda name, random: replace(name, family=typo(name.family, random)),
    lambda name, random: replace(name, given=typo(name.given, random)),
    lambda name, _: replace(name, given=name.given[:1]),
    lambda name, random: replace(name, given=f"{name.given} {random.choice(GIRLS)}"),
    lambda name, _: PersonName(name.family.encode().decode("cp1252", "replace"), name.given),
)
DATE_NOISE = (
    _swapped_day,
    lambda _born, _random: None,
    lambda born, random: born.replace(day=random.randrange(1, 29)),
    lambda born, random: born.replace(year=born.year + random.choice((-1, 1)), day=min(born.day, 28)),
)
