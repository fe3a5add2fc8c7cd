import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.folding import fold
from porion.clinic.levels import Level
from porion.clinic.name_levels import family_level, given_level


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Anna", "ANNA", Level.SAME),
        ("Jürgen", "Juergen", Level.SAME),
        ("Bjoern", "Bjorn", Level.UMLAUT),
        ("Anna Maria", "Anna", Level.SHORTER),
        ("Anna Maria", "Anna M", Level.SHORTER),
        ("Jean-Pierre", "Jean", Level.SHORTER),
        ("Maria Clara", "Maria Eduarda", Level.FIRST_ONLY),
        ("Anna Maria", "Anna Marie", Level.CLOSE),
        ("Katherine", "Kate", Level.NICKNAME),
        ("Kate", "Katherine Anne", Level.NICKNAME),
        ("Jan", "Jana", Level.CLOSE),
        ("Maria Anna", "Anna Maria", Level.CLOSE),
        ("Maria", "Anna Maria", Level.ONE_OF),
        ("A", "Anna", Level.INITIAL),
        ("Sean", "Shaun", Level.SIMILAR),
        ("Anna", "Ben", Level.OTHER),
        ("", "Anna", Level.MISSING),
        ("太郎", "太郎", Level.SAME),
        ("太郎", "花子", Level.OTHER),
    ],
)
def test_given_names_agree_in_known_degrees(one: str, other: str, expected: Level) -> None:
    assert given_level(fold(one), fold(other)) is expected
    assert given_level(fold(other), fold(one)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Müller", "Mueller", Level.SAME),
        ("Müller", "Muller", Level.SAME),
        ("Mueller", "Muller", Level.UMLAUT),
        ("Jørgensen", "Joergensen", Level.SAME),
        ("García-López", "Garcia Lopez", Level.SAME),
        ("Hoffmann", "Hofmann", Level.CLOSE),
        ("N?ñez", "Núñez", Level.CLOSE),
        ("García-López", "López", Level.SHARED_PART),
        ("Anders", "Andresen", Level.SIMILAR),
        ("van der Berg", "van der Meer", Level.OTHER),
        ("Müller", "Weber", Level.OTHER),
        ("Müller", "", Level.MISSING),
    ],
)
def test_family_names_agree_in_known_degrees(one: str, other: str, expected: Level) -> None:
    assert family_level(fold(one), fold(other)) is expected
    assert family_level(fold(other), fold(one)) is expected


def test_particles_alone_are_no_shared_part() -> None:
    assert family_level(fold("von Ahlen"), fold("von Zech")) is not Level.SHARED_PART


def test_a_name_that_may_be_cut_off_agrees_with_what_it_begins() -> None:
    assert family_level(fold("Leut", cut=True), fold("Leutheusser-Schnarrenberger")) is Level.CLOSE
    assert family_level(fold("Leut"), fold("Leutheusser-Schnarrenberger")) is not Level.CLOSE


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_order_of_two_names_does_not_matter(one: str, other: str) -> None:
    assert given_level(fold(one), fold(other)) is given_level(fold(other), fold(one))
    assert family_level(fold(one), fold(other)) is family_level(fold(other), fold(one))
