from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model import Model
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
from porion.clinic.register import MemoryRegister
from porion.clinic.search import search
from porion.dicom.person import PersonName
from tests.clinic.people import a_patient, claim_of

ANNA = a_patient()


@dataclass
class CountingRegister:
    """A register that notes what it is asked."""

    inner: MemoryRegister
    asked: list[str] = field(default_factory=list)

    def size(self) -> int:
        return self.inner.size()

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        self.asked.append("find")
        return self.inner.find(keys)

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        self.asked.append("frequency")
        return self.inner.frequency(terms)


def test_a_likely_candidate_ends_the_search_after_one_lookup() -> None:
    register = CountingRegister(MemoryRegister([ANNA]))

    search(claim_profile(claim_of(ANNA)), register, DEFAULT_MODEL, 5)

    assert register.asked == ["find", "frequency"]


def test_without_a_likely_candidate_the_name_alone_is_looked_up() -> None:
    register = CountingRegister(MemoryRegister([ANNA]))
    claim = claim_of(ANNA, name=PersonName("Muller", "Xaver"), birth_date=None, identifiers=())

    _, scored = search(claim_profile(claim), register, DEFAULT_MODEL, 5)

    assert register.asked == ["find", "find", "frequency"]
    assert [each.id for each in scored] == ["p1"]


def test_the_register_is_not_asked_about_those_who_cannot_be_likely() -> None:
    berta = a_patient("Weber", "Berta", n=2)
    register = CountingRegister(MemoryRegister([ANNA, berta]))
    claim = claim_of(ANNA, name=PersonName("Mahler", "Xaver"), identifiers=())

    _, scored = search(claim_profile(claim), register, DEFAULT_MODEL, 5)

    assert register.asked == ["find", "find", "frequency"]
    assert scored[0].bits < DEFAULT_MODEL.probable_bits


def test_an_empty_register_answers_nobody() -> None:
    context, scored = search(claim_profile(claim_of(ANNA)), MemoryRegister([]), DEFAULT_MODEL, 5)

    assert (context.size, scored) == (0, ())


def test_the_wanted_number_comes_even_when_far_behind_and_no_more_than_the_shortlist() -> None:
    siblings = [
        a_patient(given=name, n=n, birth_date=date(2012, 4, 3))
        for n, name in enumerate(("Anna", "Alf", "Axel", "Arno"))
    ]
    claim = claim_profile(claim_of(siblings[0]))

    def found(wanted: int, model: Model = DEFAULT_MODEL) -> int:
        return len(search(claim, MemoryRegister(siblings), model, wanted)[1])

    assert (found(1), found(3), found(9)) == (1, 3, 4)
    assert found(9, replace(DEFAULT_MODEL, shortlist=2)) == 2
