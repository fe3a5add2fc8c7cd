"""PS3.4's matching against a plain reading of it: the same answers for any keys."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porion.clinic.permissions import asking_device
from porion.dicom.encode import element, elements
from porion.services.find import find
from porion.services.find_keys import Rules, read_query
from tests.builders import a_panoramic, uid
from tests.world import World, a_porion, bring

NAMES = ("Müller^Anna", "MULLER^Änne", "Muller", "Mül^ler", "Beispiel^A", "O'Neill^Zoë", "de la Cruz^Ana^B")
IDS = ("P-1", "p-1", "P_1", "P%1", "Q*", "10")
DAYS = ("20251231", "20260101", "20260115", "20260201")
TIMES = ("000000", "101500", "101559.5", "235959")
MODALITIES = ("PX", "DX", "IO")


@dataclass(frozen=True)
class Study:
    """What a header said."""

    number: int
    name: str
    patient_id: str
    day: str
    time: str
    modality: str

    @property
    def uid(self) -> str:
        return uid(f"study {self.number}")


STUDIES = [
    Study(n, NAMES[n % 7], IDS[n % 6], DAYS[n % 4], TIMES[n // 2 % 4], MODALITIES[n % 3]) for n in range(42)
]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> World:
    """All of them, pending."""
    folder: Path = tmp_path_factory.mktemp("data")
    world = a_porion(folder)
    made = [
        a_panoramic(
            one.number,
            study=f"study {one.number}",
            PatientName=one.name,
            PatientID=one.patient_id,
            StudyDate=one.day,
            StudyTime=one.time,
            Modality=one.modality,
        )
        for one in STUDIES
    ]
    bring(world, *made)
    return world


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def fits(pattern: str, value: str) -> bool:
    """Wildcards of section C.2.2.2.4; without one, the value itself."""
    as_regex = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(as_regex, value, re.DOTALL) is not None


def named(pattern: str, name: str) -> bool:
    return fits(plain(pattern).rstrip("^="), plain(name).rstrip("^"))


def identified(pattern: str, patient_id: str) -> bool:
    if set("*?") & set(pattern):
        return fits(pattern.lower(), patient_id.lower())
    return pattern == patient_id


def dated(text: str, day: str) -> bool:
    low, dash, high = text.partition("-")
    return (not low or day >= low) and (not high or day <= high) if dash else day == text


def seconds(text: str, *, end: bool) -> float:
    """A time as seconds of the day; what is not said is all of it."""
    whole, _, fraction = text.partition(".")
    filled = whole.ljust(6, "?")
    parts = [filled[at : at + 2] for at in (0, 2, 4)]
    last = (23, 59, 59)
    numbers = [int(part) if part != "??" else last[n] * end for n, part in enumerate(parts)]
    tail = float(f"0.{fraction}") if fraction else 0.999999 * end
    return numbers[0] * 3600 + numbers[1] * 60 + numbers[2] + tail


def timed(text: str, time: str) -> bool:
    low, dash, high = text.partition("-")
    at = seconds(time, end=False)
    begins = not low or at >= seconds(low, end=False)
    upper = high if dash else low
    return begins and (not upper or at <= seconds(upper, end=True))


PARTS = st.sampled_from(
    ["m", "M", "ü", "u", "ller", "*", "?", "^", "A", "nn", "a", "'", "Mül", "de ", "Muller"]
)
LETTERS = st.sampled_from(["P", "p", "-", "_", "%", "1", "*", "?", "Q"])
NAME_KEYS = st.lists(PARTS, min_size=1, max_size=4).map("".join)
ID_KEYS = st.lists(LETTERS, min_size=1, max_size=4).map("".join)
ENDS = st.sampled_from(["", *DAYS, "20260110"])
DATE_KEYS = st.one_of(st.sampled_from(DAYS), st.tuples(ENDS, ENDS).filter(any).map("-".join))
MOMENTS = st.sampled_from(["", "00", "10", "1015", "101500", "101559", "23", "235959", "101559.5"])
TIME_KEYS = st.one_of(MOMENTS.filter(bool), st.tuples(MOMENTS, MOMENTS).filter(any).map("-".join))
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "PatientName": NAME_KEYS,
        "PatientID": ID_KEYS,
        "StudyDate": DATE_KEYS,
        "StudyTime": TIME_KEYS,
        "ModalitiesInStudy": st.lists(st.sampled_from(MODALITIES), min_size=1, max_size=2),
        "StudyInstanceUID": st.lists(st.sampled_from([one.uid for one in STUDIES]), min_size=1, max_size=9),
    },
)


def expected(keys: dict[str, str | list[str]]) -> set[str]:
    tests = {
        "PatientName": lambda one, key: not key.strip("*") or named(key, one.name),
        "PatientID": lambda one, key: not key.strip("*") or identified(key, one.patient_id),
        "StudyDate": lambda one, key: dated(key, one.day),
        "StudyTime": lambda one, key: timed(key, one.time),
        "ModalitiesInStudy": lambda one, key: one.modality in key,
        "StudyInstanceUID": lambda one, key: one.uid in key,
    }
    return {one.uid for one in STUDIES if all(tests[word](one, key) for word, key in keys.items())}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
@given(KEYS)
def test_the_database_finds_what_the_standard_says(held: World, keys: dict[str, str | list[str]]) -> None:
    asked = [element(word, *([key] if isinstance(key, str) else key)) for word, key in keys.items()]
    whole = elements([element("QueryRetrieveLevel", "STUDY"), element("StudyInstanceUID"), *asked])
    query = read_query(whole, Rules(), verified=False)
    answers = find(held.porion, asking_device("X", held.clinic_id), query, "PORION")
    assert {answer.text("StudyInstanceUID") for answer in answers} == expected(keys)
