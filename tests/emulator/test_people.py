"""The synthetic clinic: the same every time, mostly children, with relatives who are easily mistaken."""

from __future__ import annotations

from collections import Counter
from datetime import date

from porion.clinic.readings import readings
from porion.emulator.people import HOW_MANY, ISSUER, people

CROWD = people(1, 2026)
MIDSUMMER = date(2026, 7, 1)


def test_the_same_seed_gives_the_same_people() -> None:
    assert people(1, 2026) == CROWD
    assert people(2, 2026) != CROWD


def test_fewer_people_are_the_first_of_them() -> None:
    assert people(1, 2026, 20) == CROWD[:20]


def test_everybody_has_a_number_of_the_clinic_and_a_name_to_compare() -> None:
    assert len({person.number for person in CROWD}) == HOW_MANY == 300
    assert {one.issuer for person in CROWD for one in person.registered.identifiers} == {ISSUER}
    assert all(readings(person.name) and person.name.given for person in CROWD)


def test_most_are_of_the_age_for_braces() -> None:
    ages = [person.age(MIDSUMMER) for person in CROWD]
    assert sum(7 <= age < 18 for age in ages) > 0.75 * HOW_MANY
    assert 10 < sum(age > 18.5 for age in ages) < 90


def test_there_are_siblings_and_twins_and_nobody_twice() -> None:
    families = Counter(person.name.family for person in CROWD)
    births = Counter((person.name.family, person.born) for person in CROWD)
    assert max(families.values()) > 3
    assert sum(count == 2 for count in births.values()) >= 3
    assert len({(person.name, person.born) for person in CROWD}) == HOW_MANY


def test_names_have_umlauts_two_words_hyphens_and_nicknames() -> None:
    written = [f"{person.name.family}^{person.name.given}" for person in CROWD]
    for sign in "üøşñễ- ":
        assert any(sign in name for name in written), sign
    assert sum(bool(person.goes_by) for person in CROWD) > 20
